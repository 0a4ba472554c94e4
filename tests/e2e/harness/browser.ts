import { randomUUID } from "node:crypto";
import type { Portal } from "./portal.ts";

/**
 * What the two browsers have in common, as far as the tests need it. Playwright drives Chromium and Puppeteer (WebDriver
 * BiDi) drives Firefox; their pages happen to agree on these methods.
 */
export interface Tab {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  click(selector: string): Promise<void>;
  evaluate<Result>(work: string): Promise<Result>;
  /** Makes it the tab that the person sees; what is in the background raises no window. */
  bringToFront(): Promise<void>;
  close(): Promise<void>;
  frames(): Frame[];
}

/** A frame of a page. */
export interface Frame {
  url(): string;
  click(selector: string): Promise<void>;
  evaluate<Result>(work: string): Promise<Result>;
}

/** A browser with the extension, and a folder in which it looks for host manifests. */
export interface Browser {
  readonly name: "chromium" | "firefox";
  /** Folders that it writes to: profile and home. */
  readonly folders: readonly string[];
  /** What it said on its outputs, as far as its driver hears it. */
  said(): string;
  /** Number of its first process. */
  processId(): number;
  /** The heaps of pages and background, where the browser gives them away: what they are of, and their strings in JSON. */
  heapSnapshots(): Promise<[target: string, snapshot: string][]>;
  /** A new tab. */
  open(url: string): Promise<Tab>;
  /** A new tab with a page of the extension. */
  openExtensionPage(page: string): Promise<Tab>;
  /** The page of the extension that it opened itself, once it is there. */
  openedExtensionPage(page: string): Promise<Tab>;
  /** Installs the host's manifest, for this program; `undefined` removes it. */
  installHost(program: string | undefined, allowed?: string): void;
  /** Takes the extension out of the running browser. */
  removeExtension(): Promise<void>;
  /** Ends the browser and removes its profile. */
  quit(): Promise<void>;
}

/** Longest start of a browser, in milliseconds, on a computer that is very busy. */
export const STARTED_WITHIN = 120_000;

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

/** Waits for a condition: long enough for a computer that is very busy. */
export async function until<Value>(look: () => Value | Promise<Value>, what: string, milliseconds = 30_000): Promise<Value> {
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

/** Chooses files in an input, as the browser's own dialogue does. The drivers have different names for it. */
export async function chooseFiles(tab: Tab, input: string, ...paths: string[]): Promise<void> {
  const page = tab as unknown as {
    setInputFiles?(selector: string, paths: string[]): Promise<void>;
    $(selector: string): Promise<{ uploadFile(...paths: string[]): Promise<void> } | null>;
  };
  if (page.setInputFiles !== undefined) return page.setInputFiles(input, paths);
  const field = await page.$(input);
  if (field === null) throw new Error(`the page has no ${input}`);
  await field.uploadFile(...paths);
}

/** Gives a page another size, in CSS pixels. The drivers have different names for it. */
export async function resize(tab: Tab, width: number, height: number): Promise<void> {
  const page = tab as unknown as {
    setViewportSize?(size: { width: number; height: number }): Promise<void>;
    setViewport(size: { width: number; height: number }): Promise<void>;
  };
  if (page.setViewportSize !== undefined) return page.setViewportSize({ width, height });
  await page.setViewport({ width, height });
}

/** Opens the test page with a job that runs from a timer, and leaves it alone: the page itself reports what came of it. */
export async function runWithoutGesture(browser: Browser, portal: Portal, job: string): Promise<Result> {
  const report = randomUUID();
  const tab = await browser.open(portal.url(`/?auto=${job}&report=${report}`));
  const result = (await until(() => portal.reported(report), `what came of ${job} without a gesture`)) as Result;
  await tab.close();
  return result;
}

/** Opens the test page and waits for its script. */
export async function openPage(browser: Browser, url: string): Promise<Tab> {
  const tab = await browser.open(url);
  await loaded(tab);
  return tab;
}

/** Opens the test page of this host name in a frame of another page. */
export async function openFrame(browser: Browser, portal: Portal, host: string): Promise<{ tab: Tab; frame: Frame }> {
  const inner = portal.url("/", { host });
  const tab = await browser.open(portal.url(`/framed?src=${encodeURIComponent(inner)}`));
  const frame = (await until(() => tab.frames().find((frame) => frame.url() === inner), "the frame")) as Frame;
  await loaded(frame);
  return { tab, frame };
}

/** Waits for the script of the test page. */
export async function loaded(tab: Pick<Tab, "evaluate">): Promise<void> {
  await until(() => tab.evaluate<boolean>('document.documentElement.dataset.loaded === "yes"'), "the page's script");
}

/** Everything that jobs of this page ended with, or reported, so far. */
export function results(tab: Pick<Tab, "evaluate">): Promise<Result[]> {
  return tab.evaluate<Result[]>("window.results");
}

/** Clicks a job's button, leaves the page alone for a while, and waits for what comes of it. */
export async function run(tab: Pick<Tab, "click" | "evaluate">, job: string, alone = 0): Promise<Result> {
  const before = (await results(tab)).length;
  await tab.click(`#${job}`);
  await pass(alone);
  const ended = async (): Promise<Result | undefined> =>
    (await results(tab)).slice(before).find(({ stage }) => stage === undefined);
  return (await until(ended, `the end of ${job}`)) as Result;
}
