/**
 * Where the PIN goes: from the keys into one locked page, from there to the card, and nowhere else.
 *
 * Core images of host and window, everything that they, the test bed and the browser say, and the browser's folders are
 * searched for it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { until } from "./harness/browser.ts";
import { filesIn, unlessGone } from "./harness/clear_text.ts";
import { addressOf, coreImage, lockedMappings } from "./harness/core_image.ts";
import { hostProcesses, OverheardHost } from "./harness/host_processes.ts";
import { Request, Stage } from "./harness/stage.ts";
import { TALKATIVE } from "./harness/starters.ts";

/** Longer than it takes to look into a process whose card is slow, on a computer that is very busy. */
const SLOW_CARD = 20_000;

/** Bytes of a page of memory. */
const PAGE = 4096;

/** Digits that stand nowhere by chance. */
const PIN = "58203917";
const WRONG = "71640285";

for (const [name, start] of TALKATIVE) {
  describe(`${name}: the PIN`, () => {
    let stage: Stage;
    const host = new OverheardHost();

    before(async () => {
      stage = await Stage.start(start);
      stage.browser.installHost(host.program());
      await stage.bed.insert({ personality: "esteid", pin: PIN });
    });
    afterEach(() => stage.clear());
    after(async () => {
      await stage?.stop();
      host.remove();
    });

    /** The host, and the child that is its window. */
    function processes(): { host: number; window: number | undefined } {
      const all = hostProcesses();
      const [main, ...others] = all.filter(({ window }) => !window);
      assert.ok(main !== undefined && others.length === 0, `one host, not ${others.length + 1}`);
      return { host: main.pid, window: all.find(({ window, parent }) => window && parent === main.pid)?.pid };
    }

    /** Types into the window, leaves Enter for later, and gives a core image of the window that has the PIN. */
    async function type(pin: string): Promise<Buffer> {
      await stage.desktop.window();
      const { window } = processes();
      assert.ok(window !== undefined);
      let image: Buffer = Buffer.alloc(0);
      const keys = (): Promise<void> => stage.desktop.type(pin);
      const taken = async (): Promise<boolean> => {
        image = await coreImage(window);
        return image.includes(pin);
      };
      await stage.desktop.enter(keys, taken);
      return image;
    }

    test("stands in one locked page of the window while it is typed, and nowhere after it was sent", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");

      const typing = await type(WRONG);
      // the search finds what is there: once, in plain digits, where the person typed it
      assert.deepEqual(occurrences(typing, WRONG), { digits: 1 });
      assert.deepEqual(occurrences(await coreImage(processes().host), WRONG), {});

      await stage.send();
      await request.stage("waiting-for-person", 2);
      const asked = processes();
      assert.ok(asked.window !== undefined);
      for (const pid of [asked.host, asked.window]) assert.deepEqual(occurrences(await coreImage(pid), WRONG), {});

      assert.deepEqual(occurrences(await type(PIN), PIN), { digits: 1 });
      assert.deepEqual(occurrences(await coreImage(asked.host), PIN), {});

      await stage.send();
      assert.equal(((await request.end()).value as { format: string }).format, "web-eid:1.0");
      // the window may still say that it worked
      const { host, window } = processes();
      const ends = window === undefined ? [] : [coreImage(window).catch(() => Buffer.alloc(0))];
      for (const image of await Promise.all([coreImage(host), ...ends])) {
        assert.deepEqual(occurrences(image, PIN), {});
        assert.deepEqual(occurrences(image, WRONG), {});
      }
      await stage.desktop.noWindow();
      assert.deepEqual(occurrences(await coreImage(host), PIN), {});
    });

    test("stands in locked memory of the host while the card verifies it, and nowhere after that", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await stage.bed.misbehave([{ fault: { kind: "delay", milliseconds: SLOW_CARD }, instruction: 0x20 }]);
      const before = await stage.bed.presented();
      await type(PIN);
      await stage.send();
      await until(async () => (await stage.bed.presented()) > before, "the card to have the PIN");
      const asking = processes();
      assert.ok(asking.window !== undefined);
      const [image, locked] = [await coreImage(asking.host), await lockedMappings(asking.host)];
      assert.deepEqual(occurrences(await coreImage(asking.window), PIN), {}, "the window has given it away");
      assert.deepEqual(await request.stages(), ["reading", "waiting-for-person", "signing"]);
      // the PIN, and the command that carries it, in the one page that never leaves memory
      assert.deepEqual(occurrences(image, PIN), { digits: 2 });
      const pages = places(image, Buffer.from(PIN)).map((place) => {
        const address = addressOf(image, place);
        assert.ok(locked.some(([first, last]) => first <= address && address <= last), "in a locked mapping");
        return address / BigInt(PAGE);
      });
      assert.equal(new Set(pages).size, 1, "in one page");
      assert.ok((await request.end(SLOW_CARD * 2)).value);
      assert.deepEqual(occurrences(await coreImage(asking.host), PIN), {});
    });

    test("is gone when the person cancels with all digits typed", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await type(PIN);
      await stage.cancel();
      assert.equal((await request.end()).code, "user-cancelled");
      await stage.desktop.noWindow();
      const { host, window } = processes();
      assert.equal(window, undefined);
      assert.deepEqual(occurrences(await coreImage(host), PIN), {});
    });

    test("is in nothing that was said or written", async () => {
      const heard = host.heard();
      // the ears were open
      assert.match(heard.stdin.toString(), /"authenticate"/);
      assert.match(heard.stdout.toString(), /"auth-token"/);
      assert.match(stage.bed.said(), /"ready"/);
      assert.ok(stage.browser.said().length > 0, "the browser says something");
      const said = { ...heard, bed: Buffer.from(stage.bed.said()), browser: Buffer.from(stage.browser.said()) };
      for (const [where, bytes] of Object.entries(said)) {
        for (const pin of [PIN, WRONG]) assert.deepEqual(occurrences(bytes, pin), {}, where);
      }
      let searched = 0;
      for (const path of stage.browser.folders.flatMap(filesIn)) {
        const bytes = unlessGone(() => readFileSync(path));
        if (bytes === undefined) continue;
        searched += 1;
        for (const pin of [PIN, WRONG]) assert.deepEqual(occurrences(bytes, pin), {}, path);
      }
      assert.ok(searched > 20, "a profile");
    });
  });
}

/** Where a PIN stands in some bytes, and how often: in digits of each script and each encoding, forwards and backwards. */
function occurrences(bytes: Buffer, pin: string): Record<string, number> {
  const found: Record<string, number> = {};
  const looked = withoutEmptyPages(bytes);
  for (const [script, zero] of [["digits", 0x30], ["Arabic-Indic digits", 0x660], ["Persian digits", 0x6f0]] as const) {
    const text = [...pin].map((digit) => String.fromCodePoint(zero + Number(digit)));
    for (const [way, characters] of [["", text], [" backwards", text.toReversed()]] as const) {
      const forms: [string, Buffer][] = [
        ["", Buffer.from(characters.join(""))],
        [" in UTF-16", Buffer.from(characters.join(""), "utf16le")],
        [" in UTF-16, big endian", Buffer.from(characters.join(""), "utf16le").swap16()],
        [" in UTF-32", Buffer.from(new Uint32Array(characters.map((character) => character.codePointAt(0) ?? 0)).buffer)],
      ];
      for (const [form, wanted] of forms) {
        const count = places(looked, wanted).length;
        if (count > 0) found[`${script}${way}${form}`] = count;
      }
    }
  }
  return found;
}

/** Most of a core image was never touched: without that, and with what is beside each other left there. */
function withoutEmptyPages(bytes: Buffer): Buffer {
  const empty = Buffer.alloc(PAGE);
  const kept: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += PAGE) {
    const page = bytes.subarray(start, start + PAGE);
    // an empty byte in the place of an empty page keeps what was apart apart
    kept.push(page.equals(empty) ? empty.subarray(0, 1) : page);
  }
  return Buffer.concat(kept);
}

/** Where some bytes stand in others. */
function places(bytes: Buffer, wanted: Buffer): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) found.push(at);
  return found;
}

test("the search finds what it looks for", async () => {
  assert.deepEqual(occurrences(Buffer.from(`x${PIN}x${PIN}`), PIN), { digits: 2 });
  const arabic = [...PIN].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join("");
  assert.deepEqual(occurrences(Buffer.from(arabic), PIN), { "Arabic-Indic digits": 1 });
  assert.deepEqual(occurrences(Buffer.from(PIN, "utf16le"), PIN), { "digits in UTF-16": 1 });
  assert.deepEqual(occurrences(Buffer.from([...PIN].toReversed().join("")), PIN), { "digits backwards": 1 });
  const wide = Buffer.from(new Uint32Array([...PIN].map((digit) => digit.charCodeAt(0))).buffer);
  assert.deepEqual(occurrences(wide, PIN), { "digits in UTF-32": 1 });
});
