import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createHttp, type RequestListener, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { buildSdk } from "../../../sdk/web/build.mjs";
import type { Result } from "./browser.ts";

/** The modules that a page loads. */
const SDK = ["/bitaqa-web.js", "/bitaqa-web-documents.js"];

const FIXTURES = new URL("../fixtures/", import.meta.url);

/** A name that both browsers take for this machine, and that is not `localhost`. */
export const NAME = "portal.example";

/** What else a test's portal serves, by path. */
export type More = Map<string, RequestListener>;

/** The test pages on loopback, by http and https. */
export class Portal {
  readonly more: More;
  readonly #servers: readonly Server[];
  readonly #reports: ReadonlyMap<string, Result>;

  private constructor(servers: readonly Server[], reports: ReadonlyMap<string, Result>, more: More) {
    this.more = more;
    this.#servers = servers;
    this.#reports = reports;
  }

  /** Builds the SDK and serves it with the pages. `folder` is for files that it needs. */
  static async start(folder: string): Promise<Portal> {
    await buildSdk(join(folder, "sdk"));
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME},DNS:localhost`],
      ...["-keyout", join(folder, "tls.key"), "-out", join(folder, "tls.crt")],
    ], { stdio: "pipe" });
    const reports = new Map<string, Result>();
    const more: More = new Map();
    const listener = pages(join(folder, "sdk"), reports, more);
    const tls = { key: readFileSync(join(folder, "tls.key")), cert: readFileSync(join(folder, "tls.crt")) };
    const servers = [createHttp(listener), createHttps(tls, listener)];
    await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done))));
    return new Portal(servers, reports, more);
  }

  /** Address of a page: `http` on 127.0.0.1 unless said otherwise. */
  url(path = "/", { scheme = "http", host = "127.0.0.1" }: { scheme?: "http" | "https"; host?: string } = {}): string {
    const server = this.#servers[scheme === "http" ? 0 : 1];
    return `${scheme}://${host}:${(server?.address() as AddressInfo).port}${path}`;
  }

  /** What a page reported of the job that it was opened with, under the name that it was given for it. */
  reported(name: string): Result | undefined {
    return this.#reports.get(name);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => {
        server.closeAllConnections();
        return new Promise((done) => server.close(done));
      }),
    );
  }
}

function pages(sdk: string, reports: Map<string, Result>, more: More): RequestListener {
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://portal");
    const own = more.get(pathname);
    if (own !== undefined) return own(request, response);
    const script = pathname.endsWith(".js");
    response.setHeader("content-type", script ? "text/javascript" : "text/html; charset=utf-8");
    if (SDK.includes(pathname)) response.end(readFileSync(join(sdk, pathname)));
    else if (pathname === "/report") {
      reports.set(searchParams.get("name") ?? "", JSON.parse(await text(request)) as Result);
      response.end();
    } else if (pathname === "/page.js") response.end(readFileSync(new URL("page.js", FIXTURES)));
    else if (pathname === "/framed") response.end(`<!doctype html><iframe src="${searchParams.get("src")}"></iframe>`);
    else if (pathname === "/back") response.end("<!doctype html><script>setTimeout(() => history.back(), 6000)</script>");
    else response.end(readFileSync(new URL("page.html", FIXTURES)));
  };
}
