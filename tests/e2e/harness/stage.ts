import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type Result, openPage, pass, results, type Tab, until } from "./browser.ts";
import { Desktop } from "./desktop.ts";
import { Portal } from "./portal.ts";
import { program } from "./programs.ts";
import { type ReaderOptions, TestBed } from "./test_bed.ts";

/** Folder with the built `chromium/` and `firefox/`. */
export const EXTENSION =
  process.env["BITAQA_EXTENSION"] ?? fileURLToPath(new URL("../../../extension/dist", import.meta.url));

/** A person needs longer than this to read the window; it takes no Enter in its first half second. */
const TOO_EARLY = 700;

/** Everything a sign-in needs but the card: screen, smart card service, portal, browser with extension and host. */
export class Stage {
  readonly folder: string;
  readonly desktop: Desktop;
  readonly bed: TestBed;
  readonly portal: Portal;
  readonly browser: Browser;
  #tabs: Tab[] = [];

  private constructor(folder: string, desktop: Desktop, bed: TestBed, portal: Portal, browser: Browser) {
    this.folder = folder;
    this.desktop = desktop;
    this.bed = bed;
    this.portal = portal;
    this.browser = browser;
  }

  static async start(startBrowser: () => Promise<Browser>, readers?: ReaderOptions[]): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-stage-"));
    const desktop = await Desktop.start();
    const bed = await TestBed.start(readers);
    // a browser gives its environment to the host it starts
    Object.assign(process.env, desktop.environment, bed.environment);
    const portal = await Portal.start(folder);
    const browser = await startBrowser();
    browser.installHost(program("bitaqa-host"));
    return new Stage(folder, desktop, bed, portal, browser);
  }

  async stop(): Promise<void> {
    await this.browser?.quit();
    await this.portal?.stop();
    await this.bed?.stop();
    await this.desktop?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async open(): Promise<Tab> {
    const tab = await openPage(this.browser, this.portal.url());
    this.#tabs.push(tab);
    return tab;
  }

  /** Closes the tabs that a test left behind, and with them its requests. */
  async clear(): Promise<void> {
    for (const tab of this.#tabs.splice(0)) await tab.close().catch(() => undefined);
    await this.desktop.closeWindows();
  }

  /** Types a PIN into the window that asks for it, and Enter. */
  async enter(pin: string): Promise<void> {
    await this.desktop.window();
    await pass(TOO_EARLY);
    await this.desktop.type(pin);
    await this.desktop.press("Return");
  }

  /** Presses Escape in the window. */
  async cancel(): Promise<void> {
    await this.desktop.window();
    await pass(TOO_EARLY);
    await this.desktop.press("Escape");
  }

  /** A whole sign-in from a fresh tab, with this PIN: proof that whatever was before did no lasting harm. */
  async signIn(pin = "1234"): Promise<Result> {
    const tab = await this.open();
    const request = await Request.start(tab, "signIn");
    await request.stage("waiting-for-person");
    await this.enter(pin);
    return request.end();
  }
}

/** A job of the test page that is under way. */
export class Request {
  readonly #tab: Tab;
  readonly #before: number;

  private constructor(tab: Tab, before: number) {
    this.#tab = tab;
    this.#before = before;
  }

  static async start(tab: Tab, job: string): Promise<Request> {
    const before = (await results(tab)).length;
    await tab.click(`#${job}`);
    return new Request(tab, before);
  }

  /** Stages heard so far. */
  async stages(): Promise<string[]> {
    return (await this.#heard()).flatMap(({ stage }) => stage ?? []);
  }

  /** Waits until a stage is heard, for the `times`-th time. */
  async stage(wanted: string, times = 1, milliseconds?: number): Promise<void> {
    const heard = async (): Promise<boolean> => (await this.stages()).filter((stage) => stage === wanted).length >= times;
    await until(heard, `stage ${wanted}`, milliseconds);
  }

  /** Waits for what came of it. */
  async end(milliseconds?: number): Promise<Result> {
    const ended = async (): Promise<Result | undefined> => (await this.#heard()).find(({ stage }) => stage === undefined);
    return (await until(ended, "the end of the request", milliseconds)) as Result;
  }

  async #heard(): Promise<Result[]> {
    return (await results(this.#tab)).slice(this.#before);
  }
}
