import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser as Puppeteer, launch } from "puppeteer-core";
import { type Browser, STARTED_WITHIN, type Tab, until } from "./browser.ts";
import { hostManifest } from "./host_manifest.ts";
import { NAME } from "./portal.ts";

const EXECUTABLE = "/usr/bin/firefox-esr";

/** Firefox, with what only it can do in a test: its own windows and settings are within reach. */
export interface Firefox extends Browser {
  /** Evaluates a script in the browser's own window, with the browser's own rights. */
  privileged<Result>(script: string): Promise<Result>;
  /** Presses the toolbar button; gives the size of the popup that opens, in CSS pixels. */
  openPopup(): Promise<{ width: number; height: number }>;
  /** Takes site access away, as the switches on the extension's card in the add-ons manager do. */
  withdrawSiteAccess(): Promise<void>;
  /** Presses a button of the question that Firefox asks in its own window. */
  answerQuestion(button: "primary" | "secondary"): Promise<void>;
}

/** Starts Firefox with the extension in a throw-away profile and home folder. */
export async function startFirefox(extension: string, preferences: Record<string, unknown> = {}): Promise<Firefox> {
  // Firefox looks for host manifests below the home folder
  const home = mkdtempSync(join(tmpdir(), "bitaqa-firefox-"));
  const manifest = hostManifest("firefox");
  const [id = ""] = manifest.allowed_extensions ?? [];
  // the address of an extension's pages is random for each profile, unless it is there beforehand
  const uuid = randomUUID();
  const browser = await launch({
    browser: "firefox",
    executablePath: EXECUTABLE,
    headless: true,
    timeout: STARTED_WITHIN,
    acceptInsecureCerts: true,
    env: { ...process.env, HOME: home },
    args: ["-remote-allow-system-access"],
    extraPrefsFirefox: {
      "extensions.webextensions.uuids": JSON.stringify({ [id]: uuid }),
      "network.dns.localDomains": NAME,
      "intl.accept_languages": "en-US",
      ...preferences,
    },
  });
  const said: string[] = [];
  const started = browser.process();
  for (const output of [started?.stdout, started?.stderr]) output?.on("data", (data: Buffer) => said.push(data.toString()));
  const profile = started?.spawnargs[started.spawnargs.indexOf("--profile") + 1] ?? "";
  await browser.installExtension(extension);
  const hosts = join(home, ".mozilla/native-messaging-hosts");
  mkdirSync(hosts, { recursive: true });
  const privileged = await browserWindow(browser);
  return {
    name: "firefox",
    folders: [home, profile],
    said: () => said.join(""),
    privileged,
    processId: () => started?.pid ?? 0,
    // its snapshots hold no strings: there is its memory
    heapSnapshots: async () => [],
    async open(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return page as unknown as Tab;
    },
    async openExtensionPage(page) {
      const url = `moz-extension://${uuid}/${page}`;
      // Puppeteer hears of the tab, but not what is loaded in it: its page has to be asked. On a busy computer it has its address before
      // it has what extensions are given
      const ready = `location.href === ${JSON.stringify(url)} && document.readyState === "complete" && typeof chrome === "object"`;
      // and now and then it keeps asking the blank page that was there first: such a tab never answers, another one does
      for (let attempt = 1; ; attempt += 1) {
        const known = new Set(await browser.pages());
        await privileged(`
          gBrowser.selectedTab = gBrowser.addTab(${JSON.stringify(url)}, {
            triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
          });
        `);
        const opened = async (): Promise<Tab | undefined> => {
          for (const page of await browser.pages()) {
            if (!known.has(page) && (await page.evaluate(ready).catch(() => false)) === true) return page as unknown as Tab;
          }
          return undefined;
        };
        try {
          return (await until(opened, `the tab ${url}`, 15_000)) as Tab;
        } catch (error) {
          if (attempt === 3) throw error;
          await privileged("gBrowser.removeCurrentTab()");
        }
      }
    },
    openedExtensionPage(page) {
      const start = JSON.stringify(`moz-extension://${uuid}/${page}`);
      const ready = `location.href.startsWith(${start}) && document.readyState === "complete" && typeof chrome === "object"`;
      const opened = async (): Promise<Tab | undefined> => {
        for (const known of await browser.pages()) {
          if ((await known.evaluate(ready).catch(() => false)) === true) return known as unknown as Tab;
        }
        return undefined;
      };
      return until(opened, `the page ${page}`) as Promise<Tab>;
    },
    installHost(program, allowed = id) {
      const path = join(hosts, `${manifest.name}.json`);
      if (program === undefined) rmSync(path, { force: true });
      else writeFileSync(path, JSON.stringify({ ...manifest, path: program, allowed_extensions: [allowed] }));
    },
    async openPopup() {
      const widget = `${id.replace(/[^a-z0-9_-]/gi, "_")}`;
      await privileged(`CustomizableUI.addWidgetToArea("${widget}-browser-action", "nav-bar")`);
      await privileged(`document.getElementById("${widget}-BAP").click()`);
      const size = async (): Promise<{ width: number; height: number } | undefined> => {
        const [width = 0, height = 0] = await privileged<string>(`(() => {
          const popup = document.querySelector(".webextension-popup-browser");
          const { width, height } = popup?.getBoundingClientRect() ?? {};
          return [width, height].join();
        })()`).then((text) => text.split(",").map(Number));
        return width > 0 && height > 100 ? { width, height } : undefined;
      };
      return (await until(size, "the popup")) as { width: number; height: number };
    },
    async withdrawSiteAccess() {
      await privileged(`(async () => {
        const { ExtensionPermissions } = ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
        const { extension } = WebExtensionPolicy.getByID(${JSON.stringify(id)});
        const { origins } = await ExtensionPermissions.get(extension.id);
        // one switch for each pattern; the list is the browser's own and shrinks meanwhile
        for (const origin of [...origins]) {
          await ExtensionPermissions.remove(extension.id, { origins: [origin], permissions: [], data_collection: [] }, extension);
        }
      })()`);
    },
    async answerQuestion(button) {
      const press = `(() => {
        const button = document.querySelector("#notification-popup .popup-notification-${button}-button");
        if (PopupNotifications.panel.state !== "open" || button === null) return false;
        button.click();
        return true;
      })()`;
      await until(() => privileged<boolean>(press), "the question of the browser");
    },
    async removeExtension() {
      await privileged(`(async () => {
        const { AddonManager } = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
        await (await AddonManager.getAddonByID(${JSON.stringify(id)})).uninstall();
      })()`);
    },
    async quit() {
      await browser.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The half of WebDriver BiDi that Puppeteer does not offer. */
interface Bidi {
  send(method: string, parameters: object): Promise<{ result: BidiResult }>;
}
interface BidiResult {
  contexts?: { context: string }[];
  type?: string;
  result?: { value?: unknown };
  exceptionDetails?: { text: string };
}

/** A function that evaluates scripts in the window of the browser itself. */
async function browserWindow(browser: Puppeteer): Promise<<Result>(script: string) => Promise<Result>> {
  const { connection } = browser as unknown as { connection: Bidi };
  const tree = await connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const context = tree.result.contexts?.[0]?.context;
  return async <Result>(expression: string): Promise<Result> => {
    const { result } = await connection.send("script.evaluate", { expression, target: { context }, awaitPromise: true });
    if (result.type !== "success") throw new Error(result.exceptionDetails?.text ?? "the script failed");
    return result.result?.value as Result;
  };
}
