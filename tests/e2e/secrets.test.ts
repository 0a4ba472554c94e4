/**
 * Where the PIN goes: from the keys into one locked page, from there to the card, and nowhere else.
 *
 * Core images of host and window, everything that they, the test bed and the browser say, and the browser's folders are
 * searched for it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { pass, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { coreImage, hostProcesses, OverheardHost } from "./harness/host_processes.ts";
import { EXTENSION, Request, Stage } from "./harness/stage.ts";

/** Digits that stand nowhere by chance. */
const PIN = "58203917";
const WRONG = "71640285";

const STARTERS = [
  ["chromium", () => startChromium(join(EXTENSION, "chromium"), { switches: ["--enable-logging", "--v=1"] })],
  ["firefox", () => startFirefox(join(EXTENSION, "firefox"))],
] as const;

for (const [name, start] of STARTERS) {
  describe(`${name}: the PIN`, () => {
    let stage: Stage;
    const host = new OverheardHost();
    /** How often a person sent a PIN. */
    let entries = 0;

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
      const all = hostProcesses(stage.bed.socket);
      const [main, ...others] = all.filter(({ window }) => !window);
      assert.ok(main !== undefined && others.length === 0, `one host, not ${others.length + 1}`);
      return { host: main.pid, window: all.find(({ window, parent }) => window && parent === main.pid)?.pid };
    }

    /** Types into the window, and leaves Enter for later. */
    async function type(pin: string): Promise<void> {
      await stage.desktop.window();
      await pass(700);
      await stage.desktop.type(pin);
      // until the last dot is drawn
      await pass(500);
    }

    async function send(): Promise<void> {
      entries += 1;
      await stage.desktop.press("Return");
    }

    test("stands in one locked page of the window while it is typed, and nowhere after it was sent", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");

      await type(WRONG);
      const typing = processes();
      assert.ok(typing.window !== undefined);
      // the search finds what is there: once, in plain digits, where the person typed it
      assert.deepEqual(occurrences(await coreImage(typing.window), WRONG), { digits: 1 });
      assert.deepEqual(occurrences(await coreImage(typing.host), WRONG), {});

      await send();
      await request.stage("waiting-for-person", 2);
      const asked = processes();
      assert.ok(asked.window !== undefined);
      for (const pid of [asked.host, asked.window]) assert.deepEqual(occurrences(await coreImage(pid), WRONG), {});

      await type(PIN);
      assert.deepEqual(occurrences(await coreImage(asked.window), PIN), { digits: 1 });
      assert.deepEqual(occurrences(await coreImage(asked.host), PIN), {});

      await send();
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

    test("is gone when the person cancels with all digits typed", async () => {
      const tab = await stage.open();
      const request = await Request.start(tab, "signIn");
      await request.stage("waiting-for-person");
      await type(PIN);
      await stage.desktop.press("Escape");
      assert.equal((await request.end()).code, "user-cancelled");
      await stage.desktop.noWindow();
      const { host, window } = processes();
      assert.equal(window, undefined);
      assert.deepEqual(occurrences(await coreImage(host), PIN), {});
    });

    test("was presented once for each time that a person sent it", async () => {
      const again = await stage.signIn(PIN);
      entries += 1;
      assert.ok(again.value, `${again.code}`);
      assert.equal(await stage.bed.verifyCount(), entries);
      assert.equal(entries, 3);
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
      const files = stage.browser.folders.flatMap(filesIn);
      assert.ok(files.length > 20, "a profile");
      for (const path of files) {
        const bytes = readFileSync(path);
        for (const pin of [PIN, WRONG]) assert.deepEqual(occurrences(bytes, pin), {}, path);
      }
    });
  });
}

/** Where a PIN stands in some bytes, and how often: in digits of each script and each encoding, forwards and backwards. */
function occurrences(bytes: Buffer, pin: string): Record<string, number> {
  const found: Record<string, number> = {};
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
        let count = 0;
        for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count += 1;
        if (count > 0) found[`${script}${way}${form}`] = count;
      }
    }
  }
  return found;
}

/** Every file below a folder; what cannot be read (sockets, locks) is no file. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("the search finds what it looks for", async () => {
  assert.deepEqual(occurrences(Buffer.from(`x${PIN}x${PIN}`), PIN), { digits: 2 });
  const arabic = [...PIN].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join("");
  assert.deepEqual(occurrences(Buffer.from(arabic), PIN), { "Arabic-Indic digits": 1 });
  assert.deepEqual(occurrences(Buffer.from(PIN, "utf16le"), PIN), { "digits in UTF-16": 1 });
  assert.deepEqual(occurrences(Buffer.from([...PIN].toReversed().join("")), PIN), { "digits backwards": 1 });
  const wide = Buffer.from(new Uint32Array([...PIN].map((digit) => digit.charCodeAt(0))).buffer);
  assert.deepEqual(occurrences(wide, PIN), { "digits in UTF-32": 1 });
  await until(() => true, "nothing");
});
