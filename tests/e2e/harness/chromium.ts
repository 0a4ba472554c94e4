import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { type Browser, STARTED_WITHIN, type Tab, until } from "./browser.ts";
import { heapSnapshots } from "./heap_snapshot.ts";
import { hostManifest } from "./host_manifest.ts";
import { NAME } from "./portal.ts";
import { descendants } from "./processes.ts";

const EXECUTABLE = "/usr/bin/chromium";

/** How Chromium is to look. */
export interface Appearance {
  /** Windows that a person can see. */
  visible?: boolean;
  /** Language of the browser. */
  locale?: string;
  /** More switches for the command line. */
  switches?: readonly string[];
}

/** Starts Chromium with the extension in a throw-away profile. */
export async function startChromium(extension: string, appearance: Appearance = {}): Promise<Browser> {
  const { visible = false, locale = "en-US", switches = [] } = appearance;
  const profile = mkdtempSync(join(tmpdir(), "bitaqa-chromium-"));
  const heard = mkdtempSync(join(tmpdir(), "bitaqa-heard-"));
  const said = (): string => readFileSync(join(heard, "said"), { encoding: "utf8", flag: "a+" });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: overheard(heard),
    headless: false,
    timeout: STARTED_WITHIN,
    locale,
    ...(visible ? { viewport: null } : {}),
    args: [
      ...(visible ? [] : ["--headless=new"]),
      // Chromium's sandbox refuses to be started by root
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // the test pages are served with a certificate of their own, under a name of their own
      ...(visible ? [] : ["--ignore-certificate-errors", `--host-resolver-rules=MAP ${NAME} 127.0.0.1`]),
      `--load-extension=${extension}`,
      `--disable-extensions-except=${extension}`,
      "--disable-features=DisableLoadExtensionCommandLineSwitch",
      ...switches,
    ],
    ignoreDefaultArgs: ["--disable-extensions", "--disable-back-forward-cache"],
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\nChromium said: ${said()}`);
  });
  const hosts = join(profile, "NativeMessagingHosts");
  mkdirSync(hosts, { recursive: true });
  const manifest = hostManifest("chromium");
  const [origin = ""] = manifest.allowed_origins ?? [];
  const open = async (url: string): Promise<Tab> => {
    const page = await context.newPage();
    await page.goto(url);
    return page as unknown as Tab;
  };
  return {
    name: "chromium",
    folders: [profile],
    said,
    processId() {
      const first = descendants(process.pid).find(
        ({ words }) => words.includes(`--user-data-dir=${profile}`) && !words.some((word) => word.startsWith("--type=")),
      );
      if (first === undefined) throw new Error("Chromium does not run");
      return first.pid;
    },
    async heapSnapshots() {
      const browser = context.browser();
      return browser === null ? [] : heapSnapshots(browser);
    },
    open,
    openExtensionPage: (page) => open(`${origin}${page}`),
    openedExtensionPage: (page) =>
      until(() => context.pages().find((opened) => opened.url().startsWith(`${origin}${page}`)), `the page ${page}`) as unknown as Promise<Tab>,
    installHost(program, allowed = origin) {
      const path = join(hosts, `${manifest.name}.json`);
      if (program === undefined) rmSync(path, { force: true });
      else writeFileSync(path, JSON.stringify({ ...manifest, path: program, allowed_origins: [allowed] }));
    },
    async removeExtension() {
      const page = await open("chrome://extensions");
      const id = new URL(origin).hostname;
      await page.evaluate(`chrome.management.setEnabled("${id}", false)`);
      await page.close();
    },
    async quit() {
      await context.close();
      for (const folder of [profile, heard]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Chromium with its outputs written to the file `said` of a folder; Playwright keeps them to itself. */
function overheard(folder: string): string {
  const path = join(folder, "chromium");
  writeFileSync(path, `#!/bin/sh\nexec '${EXECUTABLE}' "$@" >>'${join(folder, "said")}' 2>&1\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Version of a built extension. */
export function builtVersion(extension: string): string {
  return (JSON.parse(readFileSync(join(extension, "manifest.json"), "utf8")) as { version: string }).version;
}
