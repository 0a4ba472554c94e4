import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { JWK } from "jose";
import { until, type Tab } from "./browser.ts";
import { ended, WITH_US } from "./desktop.ts";

const PROGRAM = fileURLToPath(new URL("../fixtures/site.mjs", import.meta.url));

/** What a site's page shows that it knows; all of it comes from the provider. */
export interface Known {
  claims: { sub: string; sid: string; acr: string; amr: string[]; auth_time: number; holderVerification?: string };
  userinfo: { sub: string; name?: string; given_name?: string; family_name?: string; personal_number?: string; verified_claims?: object };
  /** What its API answered, and what that refused before. */
  said?: Record<string, unknown>;
  refused?: Record<string, string>;
  error?: string;
}

/** A web site in a process of its own: `fixtures/site.mjs`. */
export class Site {
  readonly origin: string;
  readonly key: JWK;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, said: { origin: string; key: JWK }) {
    this.#process = child;
    this.#lines = lines;
    this.origin = said.origin;
    this.key = said.key;
  }

  static async start(): Promise<Site> {
    const child = spawn("setpriv", [...WITH_US, process.execPath, PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    return new Site(child, lines, JSON.parse(String(value)) as { origin: string; key: JWK });
  }

  get redirectUri(): string {
    return `${this.origin}/callback`;
  }

  get processId(): number | undefined {
    return this.#process.exitCode === null ? this.#process.pid : undefined;
  }

  /** Tells it its provider, what it is called there, and which `acr` it takes for high. */
  async join(issuer: string, client: string, high: string, keyless = false): Promise<void> {
    this.#process.stdin?.write(`${JSON.stringify({ issuer, client, high, keyless })}\n`);
    await this.#lines.next();
  }

  async stop(): Promise<void> {
    await ended(this.#process);
  }
}

/** Waits until a tab shows this page of a site, and gives what the page knows. */
export async function siteShows(tab: Tab, page: string): Promise<Known> {
  const look = `document.body?.id === ${JSON.stringify(page)} && document.querySelector("#known")?.textContent`;
  // a page that is on its way to another cannot be asked
  const known = await until(() => tab.evaluate<string | false>(look).catch(() => false), `the site's page "${page}"`);
  return JSON.parse(String(known)) as Known;
}

/** What a site's page says to whoever reads it, by the words before it. */
export function read(tab: Tab): Promise<Record<string, string>> {
  return tab.evaluate(`Object.fromEntries([...document.querySelectorAll("dt")].map((term) => [term.innerText, term.nextElementSibling.innerText]))`);
}
