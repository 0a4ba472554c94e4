/**
 * The page "Check my set-up" in real browsers: what it finds, and in Firefox the repair of site access that was taken
 * away.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { test } from "./harness/bounded_test.ts";
import { type Browser, openPage, run, type Tab, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { type Firefox, startFirefox } from "./harness/firefox.ts";
import { Portal } from "./harness/portal.ts";
import { ScriptedHost } from "./harness/scripted_host.ts";

const EXTENSION = process.env["BITAQA_EXTENSION"] ?? fileURLToPath(new URL("../../extension/dist", import.meta.url));

/** What the page says. */
interface Said {
  state: string;
  what: string;
  parts: Record<string, string>;
  language: string;
  direction: string;
}

async function said(tab: Tab): Promise<Said> {
  return tab.evaluate<Said>(`({
    state: document.querySelector("#verdict").dataset.state,
    what: document.querySelector("#what").textContent,
    parts: Object.fromEntries(["extension", "host", "sites"].map((id) => [id, document.getElementById(id).dataset.state])),
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
  })`);
}

/** Opens the page and waits until it has found out. */
async function check(browser: Browser): Promise<{ tab: Tab; found: Said }> {
  const tab = await browser.openExtensionPage("set_up.html");
  return { tab, found: await settled(tab) };
}

async function settled(tab: Tab): Promise<Said> {
  return until(async () => {
    const found = await said(tab);
    return found.state !== "checking" && found.parts["host"] !== "checking" ? found : undefined;
  }, "the findings") as Promise<Said>;
}

for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
  describe(name, () => {
    let folder: string;
    let portal: Portal;
    let host: ScriptedHost;
    let browser: Browser;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "bitaqa-e2e-"));
      portal = await Portal.start(folder);
      host = new ScriptedHost(join(folder, "host"));
      browser = await start(join(EXTENSION, name));
    });
    after(async () => {
      await browser?.quit();
      await portal?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("a missing host is found, and after it was installed one click finds that too", async () => {
      const { tab, found } = await check(browser);
      assert.deepEqual([found.state, found.parts], ["problem", { extension: "ready", host: "problem", sites: "ready" }]);
      browser.installHost(host.program);
      await tab.click("#again");
      const again = await until(async () => {
        const found = await said(tab);
        return found.state === "ready" ? found : undefined;
      }, "the host");
      assert.deepEqual(again?.parts, { extension: "ready", host: "ready", sites: "ready" });
      await tab.close();
    });

    test("opening the page asks the host for its version and for nothing else", async () => {
      browser.installHost(host.program);
      for (const pid of host.running) process.kill(pid);
      host.play({});
      const { tab, found } = await check(browser);
      assert.equal(found.state, "ready");
      assert.deepEqual(host.frames, ["hello"]);
      await tab.close();
    });

    test("a host that is too old is told apart from one that is missing", async () => {
      browser.installHost(host.program);
      for (const pid of host.running) process.kill(pid);
      host.play({ versions: [0] });
      const { tab, found } = await check(browser);
      assert.equal(found.state, "problem");
      assert.equal(await tab.evaluate("document.querySelector('#host .value').textContent"), "too old");
      host.play({});
      await tab.close();
    });

    test("the language that the person chooses stays, is spoken to pages too, and Arabic runs from right to left", async () => {
      browser.installHost(undefined);
      for (const pid of host.running) process.kill(pid);
      const { tab, found } = await check(browser);
      assert.deepEqual([found.language, found.direction], ["en", "ltr"]);
      await tab.evaluate(`{
        const select = document.querySelector("#language");
        select.value = "ar";
        select.dispatchEvent(new Event("change"));
      }`);
      await until(async () => (await said(tab)).direction === "rtl", "Arabic");
      await tab.close();
      const next = await check(browser);
      assert.deepEqual([next.found.language, next.found.direction], ["ar", "rtl"]);
      await next.tab.close();

      const page = await openPage(browser, portal.url());
      const { value } = await run(page, "status");
      const { state, message } = value as { state: string; message: string };
      assert.equal(state, "host-missing");
      assert.match(message, /\p{Script=Arabic}/u);
      await page.close();
    });
  });
}

describe("site access in firefox", () => {
  let folder: string;
  let portal: Portal;
  let host: ScriptedHost;
  let firefox: Firefox;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bitaqa-e2e-"));
    portal = await Portal.start(folder);
    host = new ScriptedHost(join(folder, "host"));
    firefox = await startFirefox(join(EXTENSION, "firefox"));
    firefox.installHost(host.program);
  });
  after(async () => {
    await firefox?.quit();
    await portal?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the toolbar button opens the page as a popup of its full width", async () => {
    const { width } = await firefox.openPopup();
    assert.equal(width, 400);
  });

  test("withdrawn access is noticed at once: an open page gets permission-missing, the button and the page say so", async () => {
    const open = await openPage(firefox, portal.url());
    assert.ok((await run(open, "signIn")).value);
    await firefox.withdrawSiteAccess();
    assert.equal((await run(open, "signIn")).code, "permission-missing");

    const fresh = await openPage(firefox, portal.url());
    assert.equal((await run(fresh, "signIn")).code, "extension-not-reachable");

    const { tab, found } = await check(firefox);
    assert.deepEqual([found.state, found.parts["sites"]], ["warning", "warning"]);
    assert.equal(await tab.evaluate("chrome.action.getBadgeText({})"), "!");
    assert.equal(await tab.evaluate("document.querySelector('#allow').hidden"), false);
    for (const page of [open, fresh, tab]) await page.close();
  });

  test("a person who declines is told how to do it later; one click repairs it", async () => {
    const { tab } = await check(firefox);
    const before = await tab.evaluate<string>("document.querySelector('#next').textContent");
    await tab.click("#allow");
    await firefox.answerQuestion("secondary");
    await until(async () => (await tab.evaluate<string>("document.querySelector('#next').textContent")) !== before, "the advice");

    await tab.click("#allow");
    await firefox.answerQuestion("primary");
    const found = await until(async () => {
      const found = await said(tab);
      return found.state === "ready" ? found : undefined;
    }, "the repair");
    assert.equal(found?.parts["sites"], "ready");
    assert.equal(await tab.evaluate("chrome.action.getBadgeText({})"), "");
    assert.equal(await tab.evaluate("document.querySelector('#allow').hidden"), true);
    assert.equal(await tab.evaluate("document.activeElement.id"), "again", "the keyboard keeps its place");
    await tab.close();

    const page = await openPage(firefox, portal.url());
    assert.ok((await run(page, "signIn")).value);
    await page.close();
  });
});
