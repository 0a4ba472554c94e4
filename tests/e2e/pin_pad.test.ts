/**
 * Signing in at a reader with keys of its own: the PIN never comes near the computer.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Result, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { EXTENSION, Request, Stage } from "./harness/stage.ts";

for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
  describe(`${name} with a key pad on the reader`, () => {
    let stage: Stage;

    before(async () => {
      stage = await Stage.start(() => start(join(EXTENSION, name)), [{ pinPad: "verify" }]);
      await stage.bed.insert({ personality: "esteid" });
    });
    afterEach(() => stage.clear());
    after(() => stage?.stop());

    /** Starts a sign-in, lets the person do something at the key pad, and gives what came of it. */
    async function atTheKeyPad(act: () => Promise<unknown>): Promise<Result> {
      const request = await Request.start(await stage.open(), "signIn");
      await request.stage("waiting-for-person");
      await stage.keyPad();
      await act();
      return request.end();
    }

    async function works(): Promise<void> {
      const { value, code, detail } = await atTheKeyPad(() => stage.enterOnKeyPad("1234"));
      assert.ok(value, `the next sign-in: ${code} ${detail}`);
    }

    test("the PIN is typed on the reader", works);

    test("cancelled on the reader", async () => {
      assert.equal((await atTheKeyPad(() => stage.bed.pinPad("cancel"))).code, "user-cancelled");
      await works();
    });

    test("nobody types on the reader", async () => {
      assert.equal((await atTheKeyPad(() => stage.bed.pinPad("time-out"))).code, "user-timeout");
      await works();
    });

    test("a wrong PIN on the reader, then the right one", async () => {
      const request = await Request.start(await stage.open(), "signIn");
      await stage.keyPad();
      await stage.enterOnKeyPad("9999");
      await stage.keyPad();
      await stage.countEntries();
      await stage.enterOnKeyPad("1234");
      assert.ok((await request.end()).value);
    });

    test("cancelled in the window while the reader waits: what is typed later signs nothing", async () => {
      const request = await Request.start(await stage.open(), "signIn");
      await stage.keyPad();
      await stage.cancel();
      assert.equal((await request.end()).code, "user-cancelled");
      const { resets } = await stage.bed.log(0, true).then(() => stage.bed.log());
      await stage.enterOnKeyPad("1234");
      // the transaction ends with a reset
      await until(async () => (await stage.bed.log()).resets > resets, "the end of the transaction");
      const { entries } = await stage.bed.log();
      assert.deepEqual(entries.filter(({ header }) => header.startsWith("0088")), []);
      await works();
    });
  });
}
