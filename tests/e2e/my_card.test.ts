/**
 * The page "My card" in real browsers: the real host asks in its real window, a software card is read through a real pcscd, and what is
 * on it is shown, exported and forgotten.
 *
 * Searched for the holder's name once it is cleared: the document in both browsers, the heap of the page in Chromium (V8's snapshot),
 * and all files that the browser writes. Firefox has no snapshot with the contents of texts, and freed memory of either browser's
 * processes is not overwritten at once by anything that a page can do: neither is claimed.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { openPage, type Tab, until } from "./harness/browser.ts";
import { Stage } from "./harness/stage.ts";
import { STARTERS } from "./harness/starters.ts";

/** The number printed on the card. */
const NUMBER = "471108";

/** The card: a travel document, and keys beside it, of a person whose name stands nowhere by chance. */
const CARD = { personality: "cnie-2", hypothesis: "pkcs15-gm", seed: 31, person: "youssef", document: { can: NUMBER } };
const NAMES = ["YOUSSEF", "يوسف", "CD234567"];

/** A card of Bahrain from before 2025, whose data nobody signed and that nothing has to open. */
const UNSIGNED_CARD = { personality: "bahrain-2016", person: { surname: "SAHRAWI", givenName: "HESSA", country: "BH", serialNumber: "901234567" } };

/** Everything that a person reads on the page. */
const TEXT = 'document.querySelector("main").innerText';

/** What the page gives to the browser to be saved is kept here, and nothing else of the page is changed. */
const OVERHEAR = `(() => {
  const real = (window.real ??= URL.createObjectURL);
  window.overheard = [];
  URL.createObjectURL = (blob) => {
    window.overheard.push(blob);
    return real.call(URL, blob);
  };
})()`;

for (const [name, start] of STARTERS) {
  describe(`${name}: my card`, () => {
    let stage: Stage;
    const tabs: Tab[] = [];

    before(async () => {
      stage = await Stage.start(start);
      await stage.bed.ask({ command: "insert", reader: 0, card: CARD });
    });
    afterEach(async () => {
      for (const tab of tabs.splice(0)) await tab.close().catch(() => undefined);
      await stage.clear();
    });
    after(() => stage?.stop());

    async function open(): Promise<Tab> {
      const tab = await stage.browser.openExtensionPage("my_card.html");
      tabs.push(tab);
      await until(() => tab.evaluate<boolean>('document.querySelector("#read").textContent !== ""'), "the page's words");
      await tab.bringToFront();
      return tab;
    }

    const state = (tab: Tab): Promise<string> => tab.evaluate<string>("document.documentElement.dataset.state");
    const says = (tab: Tab, what: string): Promise<unknown> =>
      until(async () => (await tab.evaluate<string>('document.querySelector("#what").textContent')).includes(what), `"${what}"`);

    /** Agrees to everything in the host's window, with the card's number. */
    const agree = (tab: Tab): Promise<void> =>
      agreeWith(tab, async () => {
        await stage.desktop.press("Tab", "Tab", "Tab", "Tab");
        await stage.desktop.type(NUMBER);
        await stage.desktop.press("Return");
      });

    async function agreeWith(tab: Tab, keys: () => Promise<void>): Promise<void> {
      await says(tab, "A window of Bitaqa");
      const asking = async (): Promise<boolean> =>
        (await tab.evaluate<string>('document.querySelector("#what").textContent')).includes("A window of Bitaqa");
      await stage.desktop.enter(keys, async () => !(await asking()));
    }

    /** A page that shows the card, with its pictures. */
    async function shown(): Promise<Tab> {
      const tab = await open();
      await tab.click("#read");
      await agree(tab);
      await until(async () => (await state(tab)) === "ready", "the card");
      await until(() => tab.evaluate<boolean>('document.querySelectorAll("#pictures canvas").length === 2'), "the pictures");
      return tab;
    }

    /** What the page gave to the browser to be saved, once it did. */
    async function saved(tab: Tab, button: string): Promise<Buffer> {
      await tab.evaluate(OVERHEAR);
      await tab.click(button);
      await until(() => tab.evaluate<boolean>("window.overheard.length === 1"), "a file");
      const base64 = await tab.evaluate<string>(`new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1]);
        reader.readAsDataURL(window.overheard.pop());
      })`);
      return Buffer.from(base64, "base64");
    }

    test("shows everything in both scripts, and says that nobody vouches for it where no authority is installed", async () => {
      const tab = await shown();
      const text = await tab.evaluate<string>(TEXT);
      for (const value of [...NAMES, "Not checked", "The chip is the original", "For signing in", "the card does not say"]) {
        assert.ok(text.includes(value), `${value} in ${text}`);
      }
      const drawn = await tab.evaluate<boolean>(`[...document.querySelectorAll("canvas")].every((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return canvas.width > 1 && data.some((value, index) => index % 4 === 0 && value !== data[0]);
      })`);
      assert.ok(drawn, "both pictures have something in them");
      assert.equal(await stage.bed.verifyCount(), 0, "no try is spent");
    });

    test("exports what was chosen as JSON and as a PDF that other programs read, and nothing that was not", async () => {
      const tab = await shown();
      await tab.click("input[name=certificates]");
      const json = JSON.parse((await saved(tab, "#save-json")).toString()) as { format: string; document: { kind: string; contents: { values: { value: string }[] } }; certificates: object[]; pins?: object[] };
      assert.equal(json.format, "bitaqa-my-card:1");
      assert.equal(json.document.kind, "icao");
      assert.ok(json.document.contents.values.some(({ value }) => value === "YOUSSEF"));
      assert.equal(json.certificates.length, 2);
      assert.equal(json.pins, undefined);
      const folder = mkdtempSync(join(tmpdir(), "bitaqa-pdf-"));
      try {
        const file = join(folder, "card.pdf");
        writeFileSync(file, await saved(tab, "#save-pdf"));
        assert.match(execFileSync("qpdf", ["--check", file], { encoding: "utf8" }), /No syntax or stream encoding errors/);
        const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
        for (const value of NAMES) assert.ok(text.includes(value), `${value} in ${text}`);
        assert.ok(!text.includes("PIN tries"), text);
        assert.match(execFileSync("pdfimages", ["-list", file], { encoding: "utf8" }), /image/);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    test("a card that nobody signed is shown and exported as one that cannot be checked", async () => {
      await stage.bed.ask({ command: "insert", reader: 0, card: UNSIGNED_CARD });
      try {
        const tab = await open();
        await tab.click("#read");
        // over the switches and past the button that ends it
        await agreeWith(tab, () => stage.desktop.press("Tab", "Tab", "Tab", "Tab", "Tab", "Return"));
        await until(async () => (await state(tab)) === "ready", "the card");
        await until(() => tab.evaluate<boolean>('document.querySelectorAll("#pictures canvas").length === 2'), "the pictures");
        const text = await tab.evaluate<string>(TEXT);
        const mark = "These data cannot be checked";
        for (const value of [mark, "SAHRAWI", "HESSA", "مريم", "01/01/1990", "The card gives none."]) assert.ok(text.includes(value), `${value} in ${text}`);
        assert.ok(!text.includes("The chip is"), "no word about a chip that could prove anything");
        const warned = await tab.evaluate<string>(`[...document.querySelectorAll("#findings li")].map((line) => line.dataset.state).join()`);
        assert.equal(warned, "warning");
        const json = JSON.parse((await saved(tab, "#save-json")).toString()) as { document: object };
        assert.deepEqual([(json.document as { kind: string }).kind, Object.keys(json.document)], ["unauthenticated", ["kind", "contents"]]);
        const folder = mkdtempSync(join(tmpdir(), "bitaqa-pdf-"));
        try {
          const file = join(folder, "card.pdf");
          writeFileSync(file, await saved(tab, "#save-pdf"));
          const paper = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
          // at its head and beside the data
          assert.equal(paper.split(mark).length - 1, 2, paper);
          assert.ok(paper.includes("SAHRAWI"), paper);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
        await tab.click("#clear");
        await says(tab, "Cleared");
        await forgotten(tab, name, ["SAHRAWI", "HESSA"]);
      } finally {
        await stage.bed.ask({ command: "insert", reader: 0, card: CARD });
      }
    });

    test("forgets it when it is told to, and keeps it nowhere", async () => {
      const tab = await shown();
      await tab.click("#clear");
      await says(tab, "Cleared");
      assert.equal(await tab.evaluate<boolean>('document.querySelector("#card").hidden'), true);
      await forgotten(tab, name);
      // it can be read anew
      await tab.click("#read");
      await agree(tab);
      await until(async () => (await state(tab)) === "ready", "the card");
      // the driver of Firefox does not hear when a page of an extension is there again
      await tab.evaluate("void setTimeout(() => location.reload())");
      await until(() => state(tab).then((now) => now === "none", () => false), "the page, loaded anew");
      await forgotten(tab, name);
      await tab.close();
      searchFolders(stage.browser.folders);
    });

    test("asks in the host's window before anything is read, and gives up when the person does", async () => {
      const tab = await open();
      await tab.click("#read");
      await says(tab, "A window of Bitaqa");
      await stage.cancel();
      await until(async () => (await state(tab)) === "problem", "the failure");
      assert.ok(!(await tab.evaluate<string>(TEXT)).includes("YOUSSEF"));
      // and when the page does, the window closes
      await tab.click("#read");
      await says(tab, "A window of Bitaqa");
      await stage.desktop.window();
      await tab.click("#stop");
      await stage.desktop.noWindow();
      await tab.click("#read");
      await stage.desktop.window();
      await tab.close();
      await stage.desktop.noWindow();
    });

    test("no web page reaches it: the page cannot be framed, and no request asks for a card", async () => {
      const own = await stage.browser.openExtensionPage("my_card.html");
      const address = await own.evaluate<string>("location.href");
      await own.close();
      const tab = await openPage(stage.browser, stage.portal.url());
      const framed = await tab.evaluate<string>(`new Promise((resolve) => {
        const frame = document.createElement("iframe");
        const answer = () => {
          try { resolve(String(frame.contentDocument?.querySelector("#read"))); } catch { resolve("out of reach"); }
        };
        frame.onload = answer;
        frame.onerror = answer;
        frame.src = ${JSON.stringify(address)};
        document.body.append(frame);
        setTimeout(answer, 3000);
      })`);
      assert.ok(["null", "undefined", "out of reach"].includes(framed), framed);
      const reached = await tab.evaluate<string>(`Promise.resolve(typeof globalThis.chrome?.runtime?.connectNative)`);
      assert.equal(reached, "undefined");
      // a hostile page speaks the content script's protocol by hand
      await tab.click("body");
      const answer = await tab.evaluate<{ type: string; error?: { code: string } }>(`new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => {
          if (data.type === "ready") port1.postMessage({ type: "request", request: JSON.stringify({ type: "read-my-card", language: "en" }) });
          else if (data.type !== "progress") resolve(data);
        };
        window.postMessage({ bitaqa: 1, id: crypto.randomUUID() }, location.origin, [port2]);
      })`);
      assert.deepEqual([answer.type, answer.error?.code], ["failure", "request-invalid"]);
      assert.equal((await stage.desktop.windows()).length, 0);
    });
  });
}

/** The document says nothing of the holder any more, nor does the heap of the page, where that can be seen. */
async function forgotten(tab: Tab, name: string, names: readonly string[] = NAMES): Promise<void> {
  const page = await tab.evaluate<string>("document.documentElement.outerHTML");
  for (const value of names) assert.ok(!page.includes(value), value);
  if (name !== "chromium") return;
  // the port and the core are let go at the end of the turn in which the card came
  const held = async (): Promise<string[]> => {
    const heap = await heapSnapshot(tab);
    return names.filter((value) => heap.includes(value) || heap.includes(JSON.stringify(value).slice(1, -1)));
  };
  await until(async () => (await held()).length === 0, "the heap without the name");
}

/** V8's snapshot of the page's heap, after garbage was collected: every text in it. */
async function heapSnapshot(tab: Tab): Promise<string> {
  interface Session {
    on(event: string, heard: (data: { chunk: string }) => void): void;
    send(method: string, parameters?: object): Promise<unknown>;
    detach(): Promise<void>;
  }
  const page = tab as unknown as { context(): { newCDPSession(page: unknown): Promise<Session> } };
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  const heap = chunks.join("");
  assert.ok(heap.includes("my_card.js"), "a snapshot of this page");
  return heap;
}

/** No file that the browser writes has the name, in any encoding of a text. */
function searchFolders(folders: readonly string[]): void {
  let searched = 0;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      // what the person saved is there because they saved it
      if (!entry.isFile() || entry.name.startsWith("bitaqa-my-card")) continue;
      const path = join(entry.parentPath, entry.name);
      let content: Buffer;
      try {
        content = readFileSync(path);
      } catch {
        // the browser removed it in the meantime
        continue;
      }
      searched += 1;
      for (const value of NAMES) {
        for (const encoding of ["utf8", "utf16le"] as const) assert.ok(!content.includes(Buffer.from(value, encoding)), `${value} in ${path}`);
      }
    }
  }
  assert.ok(searched > 20, "a profile");
}
