import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page, type Response } from "playwright-core";
import { STARTED_WITHIN } from "./browser.ts";

/** Chromium as it comes, without the extension: its windows can have any size, colours and language, or no JavaScript. */
export async function startPlainChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    timeout: STARTED_WITHIN,
    // Chromium's sandbox refuses to be started by root
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu", "--disable-background-networking"],
  });
}

/** What every answer of the platform carries (crates/pages, security_headers). */
const HEADERS: Record<string, RegExp> = {
  "content-security-policy":
    /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'( http: https:)?$/,
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^same-origin$/,
  "cross-origin-opener-policy": /^same-origin$/,
  "cross-origin-resource-policy": /^same-origin$/,
  "cache-control": /^no-(store|cache)$/,
};

/** A person's windows, and what went against the platform's policies in them. */
export class Visitor {
  readonly context: BrowserContext;
  readonly #origins: readonly string[];
  readonly #faults: string[] = [];

  private constructor(context: BrowserContext, origins: readonly string[]) {
    this.context = context;
    this.#origins = origins;
    context.on("response", (response) => this.#look(response));
  }

  /** Watches what comes from these origins. */
  static async arrive(browser: Browser, origins: readonly string[], options: BrowserContextOptions): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 1024 },
      // a colour that is on its way to another one is neither
      reducedMotion: "reduce",
      ...options,
    });
    const visitor = new Visitor(context, origins);
    await context.exposeFunction("violated", (what: string) => visitor.#faults.push(`policy violated: ${what}`));
    await context.addInitScript(
      'addEventListener("securitypolicyviolation", (event) => violated(`${event.violatedDirective} ${event.blockedURI} ${location.pathname}`))',
    );
    return visitor;
  }

  page(): Promise<Page> {
    return this.context.newPage();
  }

  /** What there was since this was last asked. */
  faults(): string[] {
    return this.#faults.splice(0);
  }

  #look(response: Response): void {
    if (!this.#origins.includes(new URL(response.url()).origin)) return;
    const headers = response.headers();
    for (const [name, value] of Object.entries(HEADERS)) {
      if (!value.test(headers[name] ?? "")) this.#faults.push(`${new URL(response.url()).pathname}: ${name}: ${headers[name]}`);
    }
  }
}
