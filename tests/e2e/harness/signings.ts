import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";
import { type Browser, openPage, type Tab } from "./browser.ts";
import { SigningPage } from "./signing_page.ts";
import { Request, Stage } from "./stage.ts";
import type { CardSpec } from "./test_bed.ts";

/** A stage with this card for the tests of the suite that calls it; `ready` is given both before the first of them. */
export function withCard(start: () => Promise<Browser>, card: CardSpec, ready: (made: { stage: Stage; signings: Signings }) => void): void {
  let stage: Stage | undefined;
  let signings: Signings | undefined;
  before(async () => {
    stage = await Stage.start(start);
    signings = new Signings(stage);
    await stage.bed.insert(card);
    ready({ stage, signings });
  });
  afterEach(() => signings?.clear());
  after(async () => {
    await stage?.stop();
    signings?.remove();
  });
}

/** What people and sites of one suite have signed: the pages that they open, which are closed after each test, and a folder for files. */
export class Signings {
  readonly #stage: Stage;
  readonly #folder = mkdtempSync(join(tmpdir(), "bitaqa-sign-"));
  readonly #tabs: Tab[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** A file with this content, which has the place of an earlier one that was called so. */
  file(called: string, content: Buffer | string): string {
    const path = join(this.#folder, called);
    writeFileSync(path, content);
    return path;
  }

  /** The authorities of the cards, for openssl. */
  async authorities(): Promise<string> {
    const { directory } = await this.#stage.bed.pki();
    return this.file("roots.pem", ["root", "issuing"].map((one) => readFileSync(join(directory, `${one}.pem`), "utf8")).join(""));
  }

  /** "Sign a file", for a person's own. */
  async own(): Promise<SigningPage> {
    const page = await SigningPage.open(this.#stage);
    this.#tabs.push(page.tab);
    return page;
  }

  /** A page of a site. */
  async site(url = this.#stage.portal.url()): Promise<Tab> {
    const site = await openPage(this.#stage.browser, url);
    this.#tabs.push(site);
    return site;
  }

  /** A site asks for signatures, whatever becomes of the window. */
  async onlyAsks(asked: object, url?: string): Promise<{ request: Request; site: Tab }> {
    const site = await this.site(url);
    await site.evaluate(`window.toSign = ${JSON.stringify(asked)}`);
    return { request: await Request.start(site, "sign"), site };
  }

  /** A site asks for signatures, and the window is there. */
  async siteAsks(asked: object, url?: string): Promise<{ request: Request; site: Tab; window: SigningPage }> {
    const { request, site } = await this.onlyAsks(asked, url);
    const window = new SigningPage(this.#stage, await this.#stage.browser.openedExtensionPage("sign.html"));
    this.#tabs.push(window.tab);
    return { request, site, window };
  }

  /** Closes every page, and what is left on the stage. */
  async clear(): Promise<void> {
    for (const tab of this.#tabs.splice(0)) await tab.close().catch(() => undefined);
    await this.#stage.clear();
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
