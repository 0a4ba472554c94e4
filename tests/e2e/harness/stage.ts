import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type Result, openPage, results, type Tab, until } from "./browser.ts";
import { Desktop } from "./desktop.ts";
import { Portal } from "./portal.ts";
import { program } from "./programs.ts";
import { type ReaderOptions, TestBed } from "./test_bed.ts";

/** Folder with the built `chromium/` and `firefox/`. */
export const EXTENSION =
  process.env["BITAQA_EXTENSION"] ?? fileURLToPath(new URL("../../../extension/dist", import.meta.url));

/** Everything a sign-in needs but the card: screen, smart card service, portal, browser with extension and host. */
export class Stage {
  readonly desktop: Desktop;
  readonly bed: TestBed;
  readonly portal: Portal;
  readonly browser: Browser;
  readonly #ends: readonly (() => unknown)[];
  #tabs: Tab[] = [];
  /** How often a person sent a PIN, in a window or on a key pad, and how often a card was asked to verify one. */
  #entries = 0;
  #presented = 0;

  private constructor(ends: readonly (() => unknown)[], desktop: Desktop, bed: TestBed, portal: Portal, browser: Browser) {
    this.#ends = ends;
    this.desktop = desktop;
    this.bed = bed;
    this.portal = portal;
    this.browser = browser;
  }

  static async start(startBrowser: () => Promise<Browser>, readers?: ReaderOptions[]): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-stage-"));
    const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    try {
      const desktop = await Desktop.start();
      ends.unshift(() => desktop.stop());
      const bed = await TestBed.start(readers);
      ends.unshift(() => bed.stop());
      // a browser gives its environment to the host it starts
      Object.assign(process.env, desktop.environment, bed.environment);
      const portal = await Portal.start(folder);
      ends.unshift(() => portal.stop());
      const browser = await startBrowser();
      ends.unshift(() => browser.quit());
      browser.installHost(program("bitaqa-host"));
      return new Stage(ends, desktop, bed, portal, browser);
    } catch (error) {
      for (const end of ends) await end();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const end of this.#ends) await end();
  }

  async open(): Promise<Tab> {
    const tab = await openPage(this.browser, this.portal.url());
    this.alsoClose(tab);
    return tab;
  }

  /** Closes a tab after the test. */
  alsoClose(tab: Tab): void {
    this.#tabs.push(tab);
  }

  /**
   * After each test: closes the tabs that it left behind, and with them its requests, and asserts that every VERIFY command
   * of any card was a person's doing.
   */
  async clear(): Promise<void> {
    for (const tab of this.#tabs.splice(0)) await tab.close().catch(() => undefined);
    await this.desktop.closeWindows();
    await this.countEntries();
  }

  /** Asserts that since this was last asked each PIN that a person sent was presented once, and nothing else was. */
  async countEntries(): Promise<void> {
    const presented = await this.bed.presented();
    const counted = { entries: this.#entries, verify: presented - this.#presented };
    this.#entries = 0;
    this.#presented = presented;
    assert.equal(counted.verify, counted.entries, "VERIFY commands and human entries");
  }

  /** Types a PIN into the window that asks for it, and Enter, until it is presented to a card. */
  async enter(pin: string): Promise<void> {
    const before = await this.bed.presented();
    const keys = async (): Promise<void> => {
      await this.desktop.type(pin);
      await this.desktop.press("Return");
    };
    await this.desktop.enter(keys, async () => (await this.bed.presented()) > before);
    this.#entries += 1;
  }

  /** Presses Enter in a window that holds a whole PIN already. */
  async send(): Promise<void> {
    await this.desktop.press("Return");
    this.#entries += 1;
  }

  /** Presses Escape in the window. */
  async cancel(): Promise<void> {
    await this.desktop.escape();
  }

  /** Waits until the reader waits for a person at its key pad. */
  async keyPad(): Promise<void> {
    const asked = async (): Promise<boolean> => (await this.bed.pinPad("state")).waiting === "verify";
    await until(asked, "the reader to ask for a PIN");
  }

  /** Types a PIN on the key pad that waits for one. */
  async enterOnKeyPad(pin: string): Promise<void> {
    const { entries } = await this.bed.pinPad("state");
    await this.bed.pinPad("press", { keys: pin });
    await until(async () => (await this.bed.pinPad("state")).entries > entries, "the reader to take the PIN");
    this.#entries += 1;
  }

  /** A whole sign-in from a fresh tab, with this PIN. */
  async signIn(pin = "1234"): Promise<Result> {
    const tab = await this.open();
    const request = await Request.start(tab, "signIn");
    await request.stage("waiting-for-person");
    await this.enter(pin);
    return request.end();
  }

  /** Asserts that a sign-in works: whatever was before did no lasting harm. */
  async works(): Promise<void> {
    const { value, code, detail } = await this.signIn();
    assert.ok(value, `the next sign-in: ${code} ${detail}`);
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
    await tab.bringToFront();
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
