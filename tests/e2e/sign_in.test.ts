/**
 * Signing in, with everything real: browser, extension, native host, pcscd, reader driver, card, window, key strokes.
 *
 * Each way in which it can go wrong ends in its own code, and the next sign-in works.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Browser, loaded, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { ended } from "./harness/desktop.ts";
import { startFirefox } from "./harness/firefox.ts";
import { hostProcesses } from "./harness/host_processes.ts";
import { program } from "./harness/programs.ts";
import { EXTENSION, Request, Stage } from "./harness/stage.ts";

for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
  describe(name, () => {
    let stage: Stage;

    before(async () => {
      stage = await Stage.start(() => start(join(EXTENSION, name)), [{}, {}]);
      await stage.bed.insert({ personality: "esteid" });
    });
    afterEach(() => stage.clear());
    after(() => stage?.stop());

    test("a person signs in", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.enter("1234");
      const { value } = await request.end();
      assert.equal((value as { format: string }).format, "web-eid:1.0");
      assert.deepEqual(await request.stages(), ["reading", "waiting-for-person", "signing"]);
      await verifiesElsewhere(value as object, new URL(stage.portal.url()).origin);
      await stage.desktop.noWindow();
    });

    test("a wrong PIN, then the right one: the tries are counted, and each entry is one VERIFY", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.enter("9999");
      await request.stage("waiting-for-person", 2);
      await stage.countEntries();
      await stage.enter("1234");
      assert.ok((await request.end()).value);
    });

    test("cancelled in the window", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.cancel();
      assert.equal((await request.end()).code, "user-cancelled");
      await stage.desktop.noWindow();
      await stage.works();
    });

    test("a PIN that gets blocked, and a PIN that is blocked", async () => {
      await stage.bed.swap({ personality: "esteid", triesLeft: 1 });
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.enter("9999");
      const blocked = await request.end();
      assert.deepEqual([blocked.code, blocked.triesLeft], ["pin-blocked", 0]);
      const again = await Request.start(tab, "signIn");
      assert.equal((await again.end()).code, "pin-blocked");
      assert.deepEqual(await again.stages(), ["reading"], "nobody is asked");
      await stage.cancel();
      await stage.bed.swap({ personality: "esteid" });
      await stage.works();
    });

    test("a reader without a card, then a card", async () => {
      await stage.bed.remove();
      const tab = await stage.open();
      const waits = await Request.start(tab, "signIn");
      await waits.stage("waiting-for-card");
      await stage.cancel();
      assert.equal((await waits.end()).code, "no-card");
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-card");
      await stage.desktop.window();
      await stage.bed.insert({ personality: "esteid" });
      await request.stage("waiting-for-person");
      await stage.enter("1234");
      assert.ok((await request.end()).value);
    });

    test("a card that is not known, then one that is", async () => {
      await stage.bed.swap({ personality: "esteid" });
      // nothing of what is selected to recognise it is there, however often it is looked at
      const notFound = { kind: "status", status: 0x6a82 };
      const faults = Array.from({ length: 20 }, (_, index) => ({ fault: notFound, instruction: 0xa4, at: index + 1 }));
      await stage.bed.misbehave(faults);
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-card");
      await stage.cancel();
      assert.equal((await request.end()).code, "card-unknown");
      await stage.bed.misbehave([]);
      await stage.works();
    });

    test("the card is pulled while the question is open, and comes back", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.desktop.window();
      await stage.bed.remove();
      await request.stage("waiting-for-card");
      await stage.bed.insertAgain();
      await request.stage("waiting-for-person", 2);
      await stage.enter("1234");
      assert.ok((await request.end()).value);
      const gone = await Request.start(tab, "signIn");
      await gone.stage("waiting-for-person");
      await stage.desktop.window();
      await stage.bed.remove();
      await gone.stage("waiting-for-card");
      await stage.cancel();
      assert.equal((await gone.end()).code, "card-removed");
      await stage.bed.insertAgain();
      await stage.works();
    });

    test("the card is pulled while it works", async () => {
      const tab = await stage.open();
      for (const instruction of [0x20, 0x88]) {
        const request = await Request.start(tab, "signIn");
        await request.stage("waiting-for-person");
        await stage.bed.misbehave([{ fault: { kind: "remove-before" }, instruction }]);
        await stage.enter("1234");
        assert.equal((await request.end()).code, "card-removed", `at ${instruction.toString(16)}`);
        await stage.bed.misbehave([]);
        await stage.bed.insertAgain();
      }
      await stage.works();
    });

    test("another card takes its place between the two transactions", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.desktop.window();
      await stage.bed.swap({ personality: "esteid", person: "youssef" });
      assert.equal((await request.end()).code, "card-changed");
      assert.equal(await stage.bed.verifyCount(), 0, "the other card saw no PIN");
      await stage.bed.swap({ personality: "esteid" });
      await stage.works();
    });

    test("two readers, and the card is in the second", async () => {
      await stage.bed.remove(0);
      await stage.bed.insert({ personality: "pkcs15", key: "p256" }, 1);
      const { value } = await stage.signIn();
      assert.equal((value as { algorithm: string }).algorithm, "ES256");
      await stage.bed.remove(1);
      await stage.bed.insert({ personality: "esteid" }, 0);
      await stage.works();
    });

    test("no reader at all", async () => {
      await stage.bed.stopService();
      await stage.bed.startService([]);
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-card");
      await stage.cancel();
      assert.equal((await request.end()).code, "no-reader");
      await stage.bed.stopService();
      await stage.bed.startService([{}, {}]);
      await stage.bed.insert({ personality: "esteid" });
      await stage.works();
    });

    test("the smart card service stops, and starts again while a request waits", async () => {
      await stage.bed.stopService();
      const tab = await stage.open();
      const stopped = await Request.start(tab, "signIn");
      await stopped.stage("waiting-for-card");
      await stage.cancel();
      assert.equal((await stopped.end()).code, "service-stopped");
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-card");
      await stage.desktop.window();
      await stage.bed.startService();
      await stage.bed.insert({ personality: "esteid" });
      await request.stage("waiting-for-person");
      await stage.bed.stopService(true);
      await request.stage("waiting-for-card", 2);
      await stage.bed.startService();
      await stage.bed.insertAgain();
      await request.stage("waiting-for-person", 2);
      await stage.enter("1234");
      assert.ok((await request.end()).value);
    });

    test("another program holds the reader for itself", async () => {
      const holder = await foreign("exclusive", "--seconds", "120");
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-card");
      await stage.cancel();
      assert.equal((await request.end()).code, "reader-busy");
      const waits = await Request.start(tab, "signIn");
      await waits.stage("waiting-for-card");
      await stage.desktop.window();
      await holder.stop();
      await waits.stage("waiting-for-person");
      await stage.enter("1234");
      assert.ok((await waits.end()).value);
    });

    test("another program's transaction lasts 30 seconds", async () => {
      const holder = await foreign("transaction", "--seconds", "30");
      const started = Date.now();
      const tab = await stage.open();
      const gaveUp = await Request.start(tab, "signIn");
      await gaveUp.stage("waiting-for-card");
      await stage.cancel();
      assert.equal((await gaveUp.end()).code, "reader-busy");
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-card");
      await request.stage("waiting-for-person", 1, 60_000);
      assert.ok(Date.now() - started > 25_000, "it was waited for");
      await stage.enter("1234");
      assert.ok((await request.end()).value);
      await holder.stop();
    });

    test("another program resets the card and selects something else in between", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.desktop.window();
      await (await foreign("reset-and-select")).stop();
      await stage.enter("1234");
      assert.ok((await request.end()).value);
    });

    test("two browser profiles at once", async () => {
      const other: Browser = await start(join(EXTENSION, name));
      try {
        other.installHost(program("bitaqa-host"));
        const tab = await stage.open();
        const first = await Request.start(tab, "signIn");
        await first.stage("waiting-for-person");
        await stage.desktop.window();
        const otherTab = await other.open(stage.portal.url());
        await loaded(otherTab);
        const second = await Request.start(otherTab, "signIn");
        await second.stage("waiting-for-person");
        await until(async () => (await stage.desktop.windows()).length === 2, "the second window");
        await stage.enter("1234");
        await until(async () => (await stage.desktop.windows()).length === 1, "the end of one window");
        await stage.enter("1234");
        assert.ok((await first.end()).value);
        assert.ok((await second.end()).value);
      } finally {
        await other.quit();
      }
    });

    test("two tabs at once: one window after the other", async () => {
      const tabs = [await stage.open(), await stage.open()] as const;
      const first = await Request.start(tabs[0], "signIn");
      await first.stage("waiting-for-person");
      const second = await Request.start(tabs[1], "signIn");
      await second.stage("queued");
      await stage.enter("1234");
      assert.ok((await first.end()).value);
      await second.stage("waiting-for-person");
      await stage.enter("1234");
      assert.ok((await second.end()).value);
    });

    for (const [what, leave] of [
      ["closed", (tab) => tab.close()],
      ["reloaded", (tab) => tab.reload()],
      ["left", (tab) => tab.goto("about:blank")],
    ] as const satisfies readonly (readonly [string, (tab: Awaited<ReturnType<Stage["open"]>>) => Promise<unknown>])[]) {
      test(`the page is ${what} with the window open`, async () => {
        const tab = await stage.open();
        const request = await Request.start(tab, "signIn");
        await request.stage("waiting-for-person");
        await stage.desktop.window();
        await leave(tab);
        await stage.desktop.noWindow();
        await stage.works();
      });
    }

    test("the page gives up", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "abort");
      assert.equal((await request.end()).code, "request-aborted");
      await stage.desktop.noWindow();
      await stage.works();
    });

    test("the host is killed in the middle of a request, and its window goes with it", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.desktop.window();
      endHosts("SIGKILL");
      assert.equal((await request.end()).code, "host-crashed");
      await stage.desktop.noWindow();
      await stage.works();
    });

    test("the host is missing, then installed", async () => {
      endHosts("SIGTERM");
      stage.browser.installHost(undefined);
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      assert.equal((await request.end()).code, "host-missing");
      stage.browser.installHost(program("bitaqa-host"));
      await stage.works();
    });

    /** Another PC/SC client; resolves when it holds what it was told to hold. */
    async function foreign(...words: string[]): Promise<{ stop(): Promise<void> }> {
      const child = spawn(program("bitaqa-testbed"), ["foreign", ...words], {
        env: { ...process.env, ...stage.bed.environment },
        stdio: ["ignore", "pipe", "inherit"],
      });
      await new Promise<void>((resolve, reject) => {
        child.stdout.once("data", () => resolve());
        child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`foreign ${words[0]} ended with ${code}`))));
      });
      return { stop: () => ended(child) };
    }
  });
}

/** Ends the hosts of these tests, by their process ids; their windows are left to notice. */
function endHosts(signal: NodeJS.Signals): void {
  const hosts = hostProcesses().filter(({ window }) => !window);
  assert.ok(hosts.length > 0, "a host runs");
  for (const { pid } of hosts) process.kill(pid, signal);
}

/** The token, verified by an implementation that is not ours: Python's `cryptography` over the recomputed value. */
async function verifiesElsewhere(token: object, origin: string): Promise<void> {
  const challenge = Buffer.from("a challenge of thirty-two bytes!").toString("base64");
  const script = new URL("fixtures/verify_token.py", import.meta.url).pathname;
  const verify = (origin: string): string =>
    execFileSync("/usr/bin/python3", [script, origin, challenge], { input: JSON.stringify(token), encoding: "utf8" });
  assert.match(verify(origin), /^valid/);
  assert.match(verify("https://other.example"), /^invalid/);
}
