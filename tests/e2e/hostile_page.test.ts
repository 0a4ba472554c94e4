/**
 * A page that means no good, against the real extension, host and card: whatever it does ends in its own code or in
 * silence, soon; no window appears, no command reaches the card, and an honest sign-in works afterwards.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { openFrame, openPage, pass, type Result, run, runWithoutGesture } from "./harness/browser.ts";
import { builtVersion, startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { NAME } from "./harness/portal.ts";
import { EXTENSION, Stage } from "./harness/stage.ts";

/** Longest time that anything takes here, on a computer that is very busy; most of it is the SDK's second of silence. */
const BOUND = 15_000;

/** A window that was ordered would be on the screen within this time. */
const UNTIL_A_WINDOW_APPEARS = 1500;

for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
  describe(`${name} with a hostile page`, () => {
    let stage: Stage;

    before(async () => {
      stage = await Stage.start(() => start(join(EXTENSION, name)));
      await stage.bed.insert({ personality: "esteid" });
    });
    afterEach(() => stage.clear());
    after(() => stage?.stop());

    /** Does something hostile, and asserts that nothing came of it. */
    async function harmless(act: () => Promise<Result>, expected: { value?: unknown; code?: string }): Promise<void> {
      await stage.desktop.noWindow();
      const { entries: commands } = await stage.bed.log();
      let result: Result = {};
      const windows = await stage.desktop.windowsDuring(async () => {
        result = await act();
        await pass(UNTIL_A_WINDOW_APPEARS);
      });
      const { value, code, milliseconds = Infinity } = result;
      assert.deepEqual({ value, code }, { value: undefined, code: undefined, ...expected }, JSON.stringify(result));
      assert.ok(milliseconds < BOUND, `${milliseconds} ms`);
      assert.deepEqual([...windows], [], "no window");
      assert.deepEqual((await stage.bed.log()).entries.slice(commands.length), [], "no command to the card");
      await stage.works();
    }

    /** The same with a job of the test page that a click starts. */
    function clicked(job: string, expected: { value?: unknown; code?: string }): Promise<void> {
      return harmless(async () => run(await stage.open(), job), expected);
    }

    const version = (): string => builtVersion(join(EXTENSION, name));

    for (const [job, expected] of [
      ["status", { value: { state: "unknown" } }],
      ["signIn", { code: "gesture-missing" }],
      // past the module there is silence: the page learns nothing, not even that the extension exists
      ["rawSignIn", { value: [] }],
      ["flood", { value: 0 }],
    ] as const) {
      test(`without a gesture: ${job}`, () => harmless(() => runWithoutGesture(stage.browser, stage.portal, job), expected));
    }

    for (const [what, host] of [["same", "127.0.0.1"], ["another", "localhost"]] as const) {
      for (const [job, expected] of [
        ["signIn", { code: "extension-not-reachable" }],
        ["rawSignIn", { value: [] }],
      ] as const) {
        test(`in a frame of ${what} origin: ${job}`, () =>
          harmless(async () => {
            const { tab, frame } = await openFrame(stage.browser, stage.portal, host);
            const result = await run(frame, job);
            await tab.close();
            return result;
          }, expected));
      }
    }

    for (const [job, expected] of [
      ["signIn", { code: "extension-not-reachable" }],
      ["rawSignIn", { value: [] }],
    ] as const) {
      test(`by plain http: ${job}`, () =>
        harmless(async () => {
          const tab = await openPage(stage.browser, stage.portal.url("/", { host: NAME }));
          const result = await run(tab, job);
          await tab.close();
          return result;
        }, expected));
    }

    test("forged envelopes are ignored", () =>
      clicked("forged", { value: { silent: true, state: "ready", extension: version(), host: version() } }));

    test("forged requests are refused", () =>
      clicked("forgedRequests", { value: Array(5).fill(["ready", "request-invalid"]) }));

    test("a request id is used once", () => clicked("reused", { value: [["ready", "status"], ["request-id-reused"]] }));

    test("two megabytes are too much, past the module", () =>
      clicked("huge", { value: ["ready", "request-too-large"] }));

    test("two megabytes are too much, through the module", () =>
      clicked("hugeChallenge", { code: "request-too-large" }));

    test("a flood is dropped", () =>
      harmless(async () => {
        const { value, milliseconds = Infinity } = await run(await stage.open(), "flood");
        // a document may open 20 exchanges at once and then five a second
        const bounded = (value as number) >= 1 && (value as number) <= 20 + milliseconds / 200;
        return { value: bounded || value, milliseconds };
      }, { value: true }));
  });
}
