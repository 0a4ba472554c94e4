/**
 * How long things live: the background and the host between requests, and a page whose extension goes away.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { test } from "./harness/bounded_test.ts";
import { type Browser, openPage, pass, results, run, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { Portal } from "./harness/portal.ts";
import { ScriptedHost } from "./harness/scripted_host.ts";

const EXTENSION = process.env["BITAQA_EXTENSION"] ?? fileURLToPath(new URL("../../extension/dist", import.meta.url));

/** Both browsers put an idle background to sleep after 30 seconds; the port is closed after 60 seconds of rest. */
const LONGER_THAN_IDLE = 40_000;
const UNTIL_CLOSED = 30_000;

describe("lifetime", { concurrency: true }, () => {
  for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
    describe(name, { concurrency: 1 }, () => {
      let folder: string;
      let portal: Portal;
      let host: ScriptedHost;
      let browser: Browser;

      before(async () => {
        folder = mkdtempSync(join(tmpdir(), "bitaqa-e2e-"));
        portal = await Portal.start(folder);
        host = new ScriptedHost(join(folder, "host"));
        // a copy: a test takes the extension away
        cpSync(join(EXTENSION, name), join(folder, "extension"), { recursive: true });
        browser = await start(join(folder, "extension"));
        browser.installHost(host.program);
      });
      after(async () => {
        await browser?.quit();
        await portal?.stop();
        rmSync(folder, { recursive: true, force: true });
      });

      test("the open port keeps the background awake, serves the next request, and is closed after a minute of rest", async () => {
        const tab = await openPage(browser, portal.url());
        assert.ok((await run(tab, "signIn")).value);
        await pass(LONGER_THAN_IDLE);
        assert.equal(host.running.length, 1);
        assert.ok((await run(tab, "signIn")).value);
        assert.equal(host.log.filter(({ event }) => event === "start").length, 1, "one process served both");
        await pass(LONGER_THAN_IDLE);
        assert.equal(host.running.length, 1, "the rest began anew with the second request");
        await until(() => host.running.length === 0, "the end of the host", UNTIL_CLOSED);
        // by now the background sleeps, or soon will; a request wakes it
        assert.ok((await run(tab, "signIn")).value);
        await tab.close();
      });

      test("a page whose extension is removed in the middle of a request is told", async () => {
        for (const pid of host.running) process.kill(pid);
        host.play({ never: true });
        const tab = await openPage(browser, portal.url());
        await tab.click("#signIn");
        await until(() => host.frames.includes("authenticate"), "the request");
        await browser.removeExtension();
        const [result] = (await until(async () => {
          const found = await results(tab);
          return found.length > 0 ? found : undefined;
        }, "the end", 20_000)) as { code?: string }[];
        assert.equal(result?.code, "extension-not-reachable");
        await until(() => host.running.length === 0, "the end of the host");
        await tab.close();
      });
    });
  }
});
