import { X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import * as client from "openid-client";
import type { Page } from "playwright-core";
import { Authority, type Holder } from "../../../sdk/verify/test/openssl.ts";
import { TrustPlatform } from "./trust_platform.ts";

export const LANGUAGES = ["ar", "zgh", "fr", "en"] as const;
export type PageLanguage = (typeof LANGUAGES)[number];

const ISSUER = "Example authority";
/** A service whose name is as long as one may be, with a word that no line holds. */
const LONG = `Une attestation de ${"tres".repeat(18)} longue portee, ${"avec beaucoup de mots ".repeat(3)}et une fin`;
const SERVICES = `
[[service]]
id = "loan"
scope = "loan"
link = "https://bank.example.ma/loans"
minimum_level = "high"
[service.name]
ar = "القروض"
fr = "${LONG}"
en = "Loans"
[[service]]
id = "letter"
scope = "letter"
link = "https://bank.example.ma/letters"
minimum_level = "substantial"
[service.name]
ar = "الرسائل"
zgh = "ⵜⵉⴱⵔⴰⵜⵉⵏ"
fr = "Lettres"
en = "Letters"
`;

/** A site that asks: one that wants the PIN, and one that takes the card alone. */
type SiteName = "bank" | "museum";

/** A platform with a site that has services, another with nothing, and somebody who signs in by a token that the test makes in a card's place. */
export class PlatformWorld {
  readonly platform: TrustPlatform;
  /** Where nobody is registered. */
  readonly empty: TrustPlatform;
  readonly #authority: Authority;
  readonly #holder: Holder;
  readonly #site: Server;
  readonly #clients: Record<SiteName, client.Configuration>;

  private constructor(authority: Authority, platform: TrustPlatform, empty: TrustPlatform, site: Server, clients: Record<SiteName, client.Configuration>) {
    this.platform = platform;
    this.empty = empty;
    this.#authority = authority;
    this.#holder = authority.holder("EXEMPLE AMINA");
    this.#site = site;
    this.#clients = clients;
  }

  static async start(): Promise<PlatformWorld> {
    const authority = new Authority();
    const profiles = join(authority.folder, "issuers.toml");
    writeFileSync(profiles, `schema = 1\n[[issuer]]\nname = "${ISSUER}"\ntest = true\nanchors = ["ca.pem"]\nlevel = "high"\n`);
    const country = { authority: new X509Certificate(authority.certificate).raw.toString("base64") };
    const [platform, empty] = await Promise.all([TrustPlatform.start(profiles, ISSUER, country), TrustPlatform.start(profiles, ISSUER)]);
    const site = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>the site</title>"));
    await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const [redirectUri, key] = [`${originOf(site)}/callback`, await exportJWK(publicKey)];
    const encryptionKey = { ...key, kid: "2026-01" };
    const registration = { claims: ["name", "given_name", "family_name", "personal_number"], tables: SERVICES, encryptionKey };
    platform.approve("bank", redirectUri, key, registration);
    // another revision waits for somebody's approval, and a site that is new
    platform.propose("bank", redirectUri, key, { ...registration, claims: ["name"], minimumLevel: "low" });
    platform.propose("clinic", redirectUri, key, { minimumLevel: "low" });
    platform.approve("library", redirectUri, key, { minimumLevel: "low" });
    platform.operate("client", "suspend", "library", "--reason", "a key that was lost", "--key", "onboarder.key");
    platform.approve("museum", redirectUri, key, { minimumLevel: "low" });
    const known = (id: SiteName): Promise<client.Configuration> =>
      client.discovery(new URL(platform.origin), id, {}, client.PrivateKeyJwt(privateKey), { execute: [client.allowInsecureRequests] });
    const [bank, museum] = await Promise.all([known("bank"), known("museum")]);
    return new PlatformWorld(authority, platform, empty, site, { bank, museum });
  }

  /** The site's origin. */
  get site(): string {
    return originOf(this.#site);
  }

  /** Pushes a request of the site; the address is where a browser has to go. */
  async ask(language: string, more: Record<string, string> = {}, site: SiteName = "bank"): Promise<string> {
    const address = await client.buildAuthorizationUrlWithPAR(this.#clients[site], {
      redirect_uri: `${this.site}/callback`,
      scope: "openid profile",
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: "S256",
      ui_locales: language,
      ...more,
    });
    return address.href;
  }

  /** Signs an operator in, as without JavaScript. */
  async operate(page: Page, operator: "onboarder" | "authoriser"): Promise<void> {
    await page.goto(`${this.platform.administration}/sign-in?lang=en`);
    await paste(page, this.platform.signedIn(operator));
    await page.waitForSelector(".bar");
  }

  /** Signs in on the page of a request, as its script does with a card's answer. */
  async signIn(page: Page): Promise<void> {
    await page.goto(await this.ask("en"));
    const { challenge } = await this.#post<{ challenge: string }>(page, "challenge");
    const token = JSON.stringify(this.#holder.token(this.platform.origin, challenge));
    const { continue: next } = await this.#post<{ continue: string }>(page, "sign-in", token);
    await page.goto(`${this.platform.origin}${next}`);
  }

  async #post<Answer>(page: Page, step: string, body = ""): Promise<Answer> {
    const init = { method: "POST", body, headers: { "content-type": "application/json" } };
    return page.evaluate<Answer>(`fetch(location.pathname + "/${step}", ${JSON.stringify(init)}).then((answer) => answer.json())`);
  }

  async stop(): Promise<void> {
    this.#site.closeAllConnections();
    await new Promise((done) => this.#site.close(done));
    await Promise.all([this.platform.stop(), this.empty.stop()]);
    this.#authority.remove();
  }
}

/** Gives a page of the administration what an operator's key signed elsewhere. */
async function paste(page: Page, signed: string): Promise<void> {
  if (!(await page.isVisible("#signed"))) await page.click("#elsewhere summary");
  await page.fill("#signed", signed);
  await page.click("#elsewhere button");
}

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** A page in a state. Whoever adds a page to the platform adds it here, and every check looks at it. */
export interface PlatformPage {
  name: string;
  /** Who looks at it: nobody in particular, or somebody who is signed in, at the administration an operator. */
  visitor: "anybody" | "amina" | "onboarder" | "authoriser";
  /** What stands on it. */
  shows: string;
  open(page: Page, world: PlatformWorld, language: PageLanguage): Promise<unknown>;
  /** Whether it goes on with what the page before it asked: same page, same title. */
  titled?: string;
}

/** The module that talks to the extension, in the place of one that waits for a person. */
const WAITING = `export class BitaqaError extends Error {}
export const authenticate = ({ onProgress }) => (onProgress("waiting-for-person"), new Promise(() => {}));`;

export const PLATFORM_PAGES: readonly PlatformPage[] = [
  {
    name: "sign-in",
    visitor: "anybody",
    shows: "#start",
    open: async (page, world, language) => page.goto(await world.ask(language)),
  },
  {
    name: "sign-in-services",
    visitor: "anybody",
    shows: ".asks .services",
    titled: "sign-in",
    open: async (page, world, language) => page.goto(await world.ask(language, { scope: "openid profile loan letter", claims: ALL })),
  },
  {
    name: "sign-in-failed",
    visitor: "anybody",
    shows: "#failure .what",
    titled: "sign-in",
    async open(page, world, language) {
      await page.goto(await world.ask(language));
      await page.click("#start");
    },
  },
  {
    name: "sign-in-waiting",
    visitor: "anybody",
    shows: "#stop:focus",
    titled: "sign-in",
    async open(page, world, language) {
      await page.route("**/bitaqa/bitaqa-web.js", async (route) => route.fulfill({ response: await route.fetch(), body: WAITING }));
      await page.goto(await world.ask(language));
      await page.click("#start");
    },
  },
  {
    name: "agree",
    visitor: "amina",
    shows: "form[action*='/agree']",
    open: async (page, world, language) => page.goto(await world.ask(language, { prompt: "consent", scope: "openid profile letter" })),
  },
  {
    name: "show-more",
    visitor: "amina",
    shows: "#start",
    open: async (page, world, language) => page.goto(await world.ask(language, { prompt: "login" })),
  },
  {
    name: "identity",
    visitor: "amina",
    shows: "#request",
    open: async (page, world, language) => page.goto(await world.ask(language, { authorization_details: IDENTITY })),
  },
  {
    name: "sign-in-two-ways",
    visitor: "anybody",
    shows: "#show-card",
    titled: "sign-in",
    open: async (page, world, language) => page.goto(await world.ask(language, {}, "museum")),
  },
  {
    name: "form-post",
    visitor: "amina",
    shows: "#answer button",
    async open(page, world, language) {
      // as it stays without JavaScript
      await page.route("**/form_post.js", (route) => route.abort());
      await page.goto(await world.ask(language, { prompt: "none", response_mode: "form_post" }));
    },
  },
  {
    name: "onward",
    visitor: "amina",
    shows: "meta[http-equiv=refresh]",
    titled: "form-post",
    async open(page, world, language) {
      // a site without an answer leaves the page where it is
      await page.route(`${world.site}/**`, (route) => route.fulfill({ status: 204 }));
      await page.goto(await world.ask(language, { prompt: "consent" }));
      await page.click("#back button");
    },
  },
  { name: "refusal", visitor: "anybody", shows: "main code", open: (page, world) => page.goto(`${world.platform.origin}/authorize?client_id=nobody`) },
  { name: "ended", visitor: "anybody", shows: "main h1", open: (page, world) => page.goto(`${world.platform.origin}/interaction/${"A".repeat(43)}`) },
  { name: "missing", visitor: "anybody", shows: "main h1", open: (page, world) => page.goto(`${world.platform.origin}/nothing`) },
  {
    name: "services",
    visitor: "anybody",
    shows: "main section",
    open: (page, world, language) => page.goto(`${world.platform.origin}/services?lang=${language}`),
  },
  {
    name: "services-none",
    visitor: "anybody",
    shows: "main p.soft",
    titled: "services",
    open: (page, world, language) => page.goto(`${world.empty.origin}/services?lang=${language}`),
  },
  {
    name: "register",
    visitor: "anybody",
    shows: "form.register",
    open: (page, world, language) => page.goto(`${world.platform.origin}/register-portal?lang=${language}`),
  },
  {
    name: "register-faults",
    visitor: "anybody",
    shows: ".faults:focus",
    async open(page, world, language) {
      await page.goto(`${world.platform.origin}/register-portal?lang=${language}`);
      await page.fill("#contact", "nobody");
      await page.fill("#redirect_uris", `http://${"long".repeat(40)}.example/`);
      await page.fill("#keys", "{");
      await page.click("button.go");
    },
  },
  {
    name: "registered",
    visitor: "anybody",
    shows: "main dl",
    async open(page, world, language) {
      await page.goto(`${world.platform.origin}/register-portal?lang=${language}`);
      await page.fill("#name", "Essai");
      await page.fill("#contact", "dev@example.ma");
      await page.fill("#redirect_uris", "http://localhost:3000/callback");
      await page.click("button.go");
    },
  },
  {
    name: "sign-out",
    visitor: "amina",
    shows: "form[action^='/signed-out']",
    open: (page, world, language) => page.goto(`${world.platform.origin}/end-session?ui_locales=${language}`),
  },
  {
    name: "signed-out",
    visitor: "anybody",
    shows: "main h1",
    open: (page, world, language) => page.goto(`${world.platform.origin}/end-session?lang=${language}`),
  },
  ...administration("anybody", {
    "operator-sign-in": ["/sign-in", "#sign"],
  }),
  {
    name: "operator-sign-in-failed",
    visitor: "anybody",
    shows: ".fault[role=alert]",
    titled: "operator-sign-in",
    async open(page, world, language) {
      await page.goto(`${world.platform.administration}/sign-in?lang=${language}`);
      await paste(page, "nothing");
    },
  },
  ...administration("onboarder", {
    overview: ["/", ".bar"],
    portals: ["/portals", ".list"],
    "portals-suspended": ["/portals?state=suspended", ".list", "portals"],
    portal: ["/portals/museum", "#reason"],
    "portal-suspended": ["/portals/library", "input[value=resume]"],
    "portal-unknown": ["/portals/nobody", "main h1", "missing"],
    "administered-services": ["/services", "table"],
    keys: ["/keys", "main h1"],
    audit: ["/audit", "table"],
    "audit-none": ["/audit?portal=nobody", "main .soft", "audit"],
  }),
  ...administration("authoriser", {
    "portal-waiting": ["/portals/clinic", "input[value=approve]"],
    "portal-changing": ["/portals/bank", "input[value=approve]"],
  }),
  {
    name: "entry",
    visitor: "authoriser",
    shows: "form[data-signs=entry]",
    async open(page, world, language) {
      await page.goto(`${world.platform.administration}/portals/museum?lang=${language}`);
      await page.fill("#reason", "it shows another legal name");
      await page.click("button.stops");
    },
  },
  {
    name: "entry-refused",
    visitor: "authoriser",
    shows: ".fault[role=alert]",
    titled: "portal",
    async open(page, world, language) {
      await page.goto(`${world.platform.administration}/portals/museum?lang=${language}`);
      await page.fill("#reason", "it shows another legal name");
      await page.click("button.stops");
      await page.waitForSelector("form[data-signs=entry]");
      await paste(page, "nothing");
    },
  },
];

/** Pages of the administration that an address leads to: where, what stands there, and whose title they share. */
function administration(
  visitor: PlatformPage["visitor"],
  pages: Record<string, readonly [path: string, shows: string, titled?: string]>,
): PlatformPage[] {
  return Object.entries(pages).map(([name, [path, shows, titled]]) => ({
    name,
    visitor,
    shows,
    ...(titled === undefined ? {} : { titled }),
    open: (page, world, language) => page.goto(`${world.platform.administration}${path}${path.includes("?") ? "&" : "?"}lang=${language}`),
  }));
}

/** What a chip can be asked. */
const IDENTITY = JSON.stringify([{
  type: "bitaqa_identity", mode: "assert", purpose: "open-account",
  claims: { required: ["given_name", "family_name", "age_over_18"], optional: ["photo", "address"] },
}]);

/** Everything that can be asked for. */
const ALL = JSON.stringify({
  userinfo: {
    name: null,
    given_name: null,
    family_name: null,
    personal_number: null,
    verified_claims: { verification: { trust_framework: null }, claims: { name: null } },
  },
});
