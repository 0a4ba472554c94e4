import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as client from "openid-client";
import { until } from "./browser.ts";
import type { TrustPlatform } from "./trust_platform.ts";

/** What a site learns of a person. */
export interface Learnt {
  claims: client.IDToken;
  userinfo: client.UserInfoResponse;
}

/** A web site that leaves signing in to the platform, on npm openid-client; its callback sends people on to its pages, at another origin. */
export class RelyingSite {
  readonly #server: Server;
  readonly #pages: Server;
  readonly #config: client.Configuration;
  readonly #redirectUri: string;
  #arrived: Request | undefined;
  #welcomed = 0;
  #checks: client.AuthorizationCodeGrantChecks = {};

  private constructor(server: Server, pages: Server, config: client.Configuration, redirectUri: string) {
    this.#server = server;
    this.#pages = pages;
    this.#config = config;
    this.#redirectUri = redirectUri;
    server.on("request", (request, response) => {
      void text(request).then((body) => {
        const { method = "GET", headers } = request;
        const init = method === "POST" ? { method, body, headers: { "content-type": headers["content-type"] ?? "" } } : {};
        if (request.url?.startsWith("/callback")) this.#arrived = new Request(new URL(request.url, redirectUri), init);
        response.writeHead(303, { location: `${originOf(pages)}/welcome` }).end();
      });
    });
    pages.on("request", (request, response) => {
      if (request.url === "/welcome") this.#welcomed += 1;
      response.end("<!doctype html><title>back</title>");
    });
  }

  /** Registers itself under a name. */
  static async start(platform: TrustPlatform, id: string, minimumLevel?: string): Promise<RelyingSite> {
    const [server, pages] = [createServer(), createServer()];
    for (const each of [server, pages]) await new Promise<void>((done) => each.listen(0, "127.0.0.1", done));
    const redirectUri = `${originOf(server)}/callback`;
    const key = await platform.register(id, redirectUri, minimumLevel);
    const config = await client.discovery(new URL(platform.origin), id, {}, client.PrivateKeyJwt(key), {
      execute: [client.allowInsecureRequests],
    });
    return new RelyingSite(server, pages, config, redirectUri);
  }

  /** Pushes a request; the address is where the browser has to go. */
  async ask(more: Record<string, string> = {}): Promise<string> {
    this.#arrived = undefined;
    this.#welcomed = 0;
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
    this.#checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
    const address = await client.buildAuthorizationUrlWithPAR(this.#config, {
      redirect_uri: this.#redirectUri,
      scope: "openid profile",
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: expectedState,
      nonce: expectedNonce,
      ui_locales: "en",
      ...more,
    });
    return address.href;
  }

  /** Waits for the browser, which has to get to the site's own pages, and redeems what it brings. */
  async learn(): Promise<Learnt> {
    const arrived = (await until(() => this.#arrived, "the browser to come back to the site")) as Request;
    await until(() => this.#welcomed > 0, "the browser to get to the site's pages");
    const tokens = await client.authorizationCodeGrant(this.#config, arrived, this.#checks);
    const claims = tokens.claims()!;
    return { claims, userinfo: await client.fetchUserInfo(this.#config, tokens.access_token, claims.sub) };
  }

  async stop(): Promise<void> {
    for (const server of [this.#server, this.#pages]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }
}

const originOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
