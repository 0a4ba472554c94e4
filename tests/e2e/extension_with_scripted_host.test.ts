/**
 * The extension in real browsers, with a scripted host at the other end of the native port: what lies between page and
 * host, and every way in which a host can be missing or broken.
 *
 * `BITAQA_EXTENSION`: folder with the built `chromium/` and `firefox/`; `extension/dist` if not set.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { test } from "./harness/bounded_test.ts";
import { type Browser, type Result, loaded, openFrame, openPage, pass, results, run, runWithoutGesture, until } from "./harness/browser.ts";
import { builtVersion, startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { NAME, Portal } from "./harness/portal.ts";
import { type Script, ScriptedHost } from "./harness/scripted_host.ts";

const EXTENSION = process.env["BITAQA_EXTENSION"] ?? fileURLToPath(new URL("../../extension/dist", import.meta.url));

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
      browser.installHost(host.program);
    });
    after(async () => {
      await browser?.quit();
      await portal?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Lets the host end, so that the next request starts another with this script. */
    async function play(script: Script): Promise<void> {
      for (const pid of host.running) process.kill(pid);
      host.play(script);
    }

    test("a click signs in: page, extension, host and back", async () => {
      await play({ stages: ["reading", "waiting-for-person", "signing"] });
      const tab = await openPage(browser, portal.url());
      const result = await run(tab, "signIn");
      assert.equal((result.value as { format: string }).format, "web-eid:1.0", JSON.stringify(result));
      const stages = (await results(tab)).flatMap(({ stage }) => stage ?? []);
      assert.deepEqual(stages, ["reading", "waiting-for-person", "signing"]);
      const request = host.log.find(({ frame }) => frame?.type === "authenticate")?.frame;
      assert.equal(request?.["origin"], new URL(portal.url()).origin);
      assert.equal(request?.["language"], "en");
      await tab.close();
    });

    test("the origin is the browser's, by https and by every name of this computer", async () => {
      await play({});
      for (const [scheme, hostname] of [["https", NAME], ["http", "localhost"], ["http", "portal.localhost"]] as const) {
        const tab = await openPage(browser, portal.url("/", { scheme, host: hostname }));
        const { value } = await run(tab, "signIn");
        assert.ok(value, hostname);
        const origins = host.log.flatMap(({ frame }) => (frame?.type === "authenticate" ? [frame["origin"]] : []));
        assert.equal(origins.at(-1), new URL(portal.url("/", { scheme, host: hostname })).origin);
        await tab.close();
      }
    });

    test("status gives both versions", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      const { value } = await run(tab, "status");
      assert.deepEqual(value, { state: "ready", extension: builtVersion(join(EXTENSION, name)), host: "9.8.7" });
      await tab.close();
    });

    test("without a gesture nothing is known and nothing happens", async () => {
      await play({});
      assert.deepEqual((await runWithoutGesture(browser, portal, "status")).value, { state: "unknown" });
      assert.equal((await runWithoutGesture(browser, portal, "signIn")).code, "gesture-missing");
      assert.deepEqual(host.log, []);
    });

    test("envelopes posted past the module, without a gesture, meet silence", async () => {
      assert.equal((await runWithoutGesture(browser, portal, "flood")).value, 0);
    });

    test("a visit outlives its gesture: a second step needs no click", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      const { value, code } = await run(tab, "twoSteps", 9000);
      assert.deepEqual(value, { active: false, same: true }, code);
      await tab.close();
    });

    test("a challenge may take longer than a gesture lasts", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      const { value } = await run(tab, "slowChallenge", 8000);
      assert.ok(value);
      await tab.close();
    });

    test("frames are not served, whatever their origin", async () => {
      await play({});
      for (const host of ["127.0.0.1", "localhost"]) {
        const { tab, frame } = await openFrame(browser, portal, host);
        const { value } = await run(frame, "status");
        assert.equal((value as { state: string }).state, "extension-not-reachable");
        await tab.close();
      }
      assert.deepEqual(host.log, []);
    });

    test("a page sees nothing of the extension: no element, no global, no file", async () => {
      // a frame of the same origin has no content script: its window is what the page's own should look like
      const tab = await browser.open(portal.url(`/framed?src=${encodeURIComponent("/framed?src=about:blank")}`));
      await until(() => tab.evaluate<boolean>("frames[0]?.document.readyState === 'complete'"), "the frame");
      const seen = await tab.evaluate<{ globals: string[]; html: string; files: number }>(`({
        globals: Object.getOwnPropertyNames(window).filter((name) => !Object.getOwnPropertyNames(frames[0]).includes(name)),
        html: document.documentElement.outerHTML,
        files: performance.getEntriesByType("resource").filter(({ name }) => /extension:/.test(name)).length,
      })`);
      assert.deepEqual(seen.globals, []);
      assert.equal(seen.html, '<html><head></head><body><iframe src="/framed?src=about:blank"></iframe></body></html>');
      assert.equal(seen.files, 0);
      await tab.close();
    });

    test("plain http is not served", async () => {
      const tab = await openPage(browser, portal.url("/", { host: NAME }));
      const { value } = await run(tab, "status");
      assert.equal((value as { state: string }).state, "extension-not-reachable");
      await tab.close();
    });

    test("a page that aborts gets its answer at once, and the host hears a cancel", async () => {
      await play({ never: true });
      const tab = await openPage(browser, portal.url());
      const { code, milliseconds = Infinity } = await run(tab, "abort");
      assert.equal(code, "request-aborted");
      assert.ok(milliseconds < 1500, `${milliseconds} ms`);
      await until(() => host.frames.includes("cancel"), "the cancel");
      await tab.close();
    });

    for (const [what, leave] of [
      ["closed", (tab) => tab.close()],
      ["reloaded", (tab) => tab.reload()],
      ["left for another page", (tab) => tab.goto(portal.url("/elsewhere"))],
    ] as [string, (tab: Awaited<ReturnType<typeof openPage>>) => Promise<unknown>][]) {
      test(`when the page is ${what}, the host hears a cancel, and the next sign-in works`, async () => {
        await play({ never: true });
        const tab = await openPage(browser, portal.url());
        await tab.click("#signIn");
        await until(() => host.frames.includes("authenticate"), "the request");
        await leave(tab);
        await until(() => host.frames.includes("cancel"), "the cancel");
        await play({});
        const next = await openPage(browser, portal.url());
        assert.ok((await run(next, "signIn")).value);
        await next.close();
      });
    }

    test("back from the back/forward cache, the visit is over and the page is told so", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      assert.ok((await run(tab, "signIn")).value);
      // that page goes back by itself; the drivers cannot wait for a page that comes out of the cache
      await tab.goto(portal.url("/back"));
      await pass(9000);
      const { value } = (await results(tab)).at(-1) as Result;
      assert.deepEqual(value, { persisted: true, heard: ["gesture-missing"] });
      assert.ok((await run(tab, "signIn")).value);
      await tab.close();
    });

    test("two requests at once: one is served, the other is told to wait its turn", async () => {
      await play({ delay: 300 });
      const tab = await openPage(browser, portal.url());
      const { value } = await run(tab, "both");
      assert.deepEqual([...(value as string[])].sort(), ["done", "request-pending"]);
      await tab.close();
    });

    test("two tabs at once are both served over one port", async () => {
      await play({ delay: 1500 });
      const tabs = [await openPage(browser, portal.url()), await openPage(browser, portal.url("/other"))];
      for (const [index, tab] of tabs.entries()) {
        await tab.bringToFront();
        await tab.click("#signIn");
        const asked = (): number => host.frames.filter((frame) => frame === "authenticate").length;
        await until(() => asked() === index + 1, "the request");
      }
      for (const tab of tabs) {
        const [result] = await until(async () => {
          const found = await results(tab);
          return found.length > 0 ? found : undefined;
        }, "the token") as Result[];
        assert.ok(result?.value, JSON.stringify(result));
        await tab.close();
      }
      assert.deepEqual(host.frames, ["hello", "authenticate", "authenticate"]);
      assert.equal(host.log.filter(({ event }) => event === "start").length, 1);
    });

    test("bad requests end in their own codes", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      assert.equal((await run(tab, "badChallenge")).code, "challenge-invalid");
      assert.equal((await run(tab, "tooLong")).code, "request-too-large");
      assert.deepEqual((await run(tab, "huge")).value, ["ready", "request-too-large"]);
      assert.deepEqual((await run(tab, "reused")).value, [["ready", "status"], ["request-id-reused"]]);
      await tab.close();
    });

    test("forged messages are ignored, and the page is served all the same", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      const { value } = await run(tab, "forged");
      assert.deepEqual(value, { silent: true, state: "ready", extension: builtVersion(join(EXTENSION, name)), host: "9.8.7" });
      await tab.close();
    });

    test("a flood is dropped, and the page is served when it has calmed down", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      const { value, milliseconds = 0 } = await run(tab, "flood");
      // a document may open 20 exchanges at once and then five a second; the first of a flood are answered as any others
      const allowed = 20 + milliseconds / 200;
      assert.ok((value as number) >= 1 && (value as number) <= allowed, `${value as number} answers in ${milliseconds} ms`);
      await tab.reload();
      await loaded(tab);
      assert.ok((await run(tab, "signIn")).value);
      await tab.close();
    });

    test("a host that fails says why, with the sentences of the request's language", async () => {
      await play({ failure: { code: "pin-blocked", triesLeft: 0 } });
      const tab = await openPage(browser, portal.url());
      const { code, message, remedy, triesLeft } = await run(tab, "signIn");
      assert.deepEqual([code, triesLeft], ["pin-blocked", 0]);
      assert.ok(message && remedy && message !== remedy);
      await tab.close();
    });

    // a host that is broken only when it is asked for a signature is well as far as a status can tell
    for (const [what, script, code, state] of [
      ["ends at once", { exitAtStart: 0 }, "host-crashed", "host-crashed"],
      ["ends in the middle of a request", { exitAtRequest: 3 }, "host-crashed", "ready"],
      ["sends text instead of frames", { raw: "Segmentation fault\n" }, "host-crashed", "ready"],
      ["never says hello", { silent: true }, "host-crashed", "host-crashed"],
      ["gives a token over another challenge", { otherChallenge: true }, "token-invalid", "ready"],
      ["speaks only older versions", { versions: [0] }, "host-too-old", "host-too-old"],
      ["speaks only newer versions", { versions: [7, 8] }, "extension-too-old", "extension-too-old"],
    ] as [string, Script, string, string][]) {
      test(`a host that ${what}: ${code}, and the next sign-in works`, async () => {
        await play(script);
        const tab = await openPage(browser, portal.url());
        const found = await run(tab, "status");
        assert.equal((found.value as { state: string }).state, state, JSON.stringify(found));
        await play(script);
        const result = await run(tab, "signIn");
        assert.equal(result.code, code, JSON.stringify(result));
        await play({});
        assert.ok((await run(tab, "signIn")).value);
        await tab.close();
      });
    }

    test("a host that is missing, or does not accept the extension, has its own code; installed, it is found at once", async () => {
      await play({});
      const tab = await openPage(browser, portal.url());
      browser.installHost(undefined);
      assert.equal((await run(tab, "signIn")).code, "host-missing");
      browser.installHost(host.program, name === "chromium" ? `chrome-extension://${"a".repeat(32)}/` : "other@example.org");
      // Firefox does not say that there is a manifest which does not name the extension
      assert.equal((await run(tab, "signIn")).code, name === "chromium" ? "host-forbidden" : "host-missing");
      browser.installHost(join(folder, "no-such-program"));
      assert.equal((await run(tab, "signIn")).code, "host-missing");
      browser.installHost(host.program);
      assert.ok((await run(tab, "signIn")).value);
      await tab.close();
    });
  });
}
