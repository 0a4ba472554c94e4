/**
 * What the two browsers have in common, as far as the tests need it. Playwright drives Chromium and Puppeteer (WebDriver
 * BiDi) drives Firefox; their pages happen to agree on these methods.
 */
export interface Tab {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  click(selector: string): Promise<void>;
  evaluate<Result>(work: string): Promise<Result>;
  screenshot(options: { path: string }): Promise<unknown>;
  close(): Promise<void>;
  frames(): { url(): string; click(selector: string): Promise<void>; evaluate<Result>(work: string): Promise<Result> }[];
}

/** A browser with the extension, and a folder in which it looks for host manifests. */
export interface Browser {
  readonly name: "chromium" | "firefox";
  /** Folders that it writes to: profile and home. */
  readonly folders: readonly string[];
  /** What it said on its outputs, as far as its driver hears it. */
  said(): string;
  /** A new tab. */
  open(url: string): Promise<Tab>;
  /** A new tab with a page of the extension. */
  openExtensionPage(page: string): Promise<Tab>;
  /** Installs the host's manifest, for this program; `undefined` removes it. */
  installHost(program: string | undefined, allowed?: string): void;
  /** Takes the extension out of the running browser. */
  removeExtension(): Promise<void>;
  /** Ends the browser and removes its profile. */
  quit(): Promise<void>;
}

/** What a job on the test page ended with. */
export interface Result {
  value?: unknown;
  code?: string;
  message?: string;
  remedy?: string;
  triesLeft?: number;
  detail?: string;
  stage?: string;
  milliseconds?: number;
}

/** Waits for a condition. */
export async function until<Value>(look: () => Value | Promise<Value>, what: string, milliseconds = 15_000): Promise<Value> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Lets time pass without touching a page: asking a page anything counts as a gesture in both browsers. */
export function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Opens the test page with a job that runs from a timer, and leaves it alone until the job must have ended. */
export async function runWithoutGesture(browser: Browser, url: string, milliseconds: number): Promise<{ tab: Tab; result: Result }> {
  const tab = await browser.open(url);
  await pass(milliseconds);
  const [result] = await results(tab);
  if (result === undefined) throw new Error(`nothing came of ${url}`);
  return { tab, result };
}

/** Opens the test page and waits for its script. */
export async function openPage(browser: Browser, url: string): Promise<Tab> {
  const tab = await browser.open(url);
  await loaded(tab);
  return tab;
}

/** Waits for the script of the test page. */
export async function loaded(tab: Tab): Promise<void> {
  await until(() => tab.evaluate<boolean>('document.documentElement.dataset.loaded === "yes"'), "the page's script");
}

/** Everything that jobs of this page ended with, or reported, so far. */
export function results(tab: Pick<Tab, "evaluate">): Promise<Result[]> {
  return tab.evaluate<Result[]>("window.results");
}

/** Clicks a job's button, leaves the page alone for a while, and waits for what comes of it. */
export async function run(tab: Tab, job: string, alone = 0): Promise<Result> {
  const before = (await results(tab)).length;
  await tab.click(`#${job}`);
  await pass(alone);
  const ended = async (): Promise<Result | undefined> =>
    (await results(tab)).slice(before).find(({ stage }) => stage === undefined);
  return (await until(ended, `the end of ${job}`)) as Result;
}
