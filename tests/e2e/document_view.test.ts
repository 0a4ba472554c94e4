/**
 * Documents as they are shown before they are signed, in real browsers, under the policy of the extension's pages. The page that shows
 * them is in a copy of the extension that is made here; the package has none.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Browser, type Tab, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { PAGE, withDocumentView } from "./harness/document_view_page.ts";
import { startFirefox } from "./harness/firefox.ts";
import { line, pdf } from "./harness/pdf_file.ts";
import { EXTENSION } from "./harness/stage.ts";

/** Keys and pointer, which both drivers have alike. */
interface Hands {
  keyboard: { press(key: string): Promise<void>; down(key: string): Promise<void>; up(key: string): Promise<void> };
  mouse: { move(x: number, y: number): Promise<void>; down(): Promise<void>; up(): Promise<void>; click(x: number, y: number): Promise<void> };
}

interface Placement {
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

const TWO_PAGES = pdf([
  { content: line("First page") + line("in Times", { font: "T", y: 500 }) },
  { content: "1 0 0 rg 0 0 400 600 re f\n", entries: "/Rotate 90/CropBox[50 100 350 500]" },
]);

const START: Placement = { page: 1, x: 100, y: 100, width: 120, height: 40 };

const STARTERS = [
  ["chromium", startChromium],
  ["firefox", startFirefox],
] as const;

for (const [name, start] of STARTERS) {
  describe(`${name}: documents before they are signed`, () => {
    let folder: string;
    let browser: Browser;
    const tabs: Tab[] = [];

    before(async () => {
      folder = await withDocumentView(join(EXTENSION, name));
      browser = await start(folder);
    });
    afterEach(async () => {
      for (const tab of tabs.splice(0)) await tab.close().catch(() => undefined);
    });
    after(async () => {
      await browser?.quit();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(language = "en"): Promise<Tab & Hands> {
      const tab = await browser.openExtensionPage(`${PAGE}?language=${language}`);
      tabs.push(tab);
      await tab.bringToFront();
      return tab as Tab & Hands;
    }

    function show(tab: Tab, contents: Buffer | string, type: string, file = "document"): Promise<{ kind: string; pages?: number }> {
      const base64 = Buffer.from(contents).toString("base64");
      return tab.evaluate(`view.show(given(${JSON.stringify(file)}, ${JSON.stringify(type)}, "${base64}"))`);
    }

    const text = (tab: Tab): Promise<string> => tab.evaluate<string>('document.querySelector(".document-view").innerText');
    const placement = (tab: Tab): Promise<Placement> => tab.evaluate<Placement>("view.placement");
    const rectangle = (tab: Tab, selector: string): Promise<Rectangle> =>
      tab.evaluate<Rectangle>(`document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect().toJSON()`);
    const refused = async (tab: Tab): Promise<void> => assert.equal(await tab.evaluate<string>('refused.join("\\n")'), "");

    /** Colour in the middle of what is drawn. */
    const middle = (tab: Tab, selector = "canvas"): Promise<number[]> =>
      tab.evaluate<number[]>(`(() => {
        const canvas = document.querySelector(${JSON.stringify(selector)});
        return [...canvas.getContext("2d").getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data];
      })()`);

    /** A tab in which the signature can be placed. */
    async function placing(start: object = START, language = "en"): Promise<Tab & Hands> {
      const tab = await open(language);
      await show(tab, TWO_PAGES, "application/pdf");
      await tab.evaluate(`view.placing(${JSON.stringify(start)}, "Signature")`);
      await until(() => tab.evaluate<boolean>("view.placement !== undefined"), "the box");
      return tab;
    }

    // --- PDF

    test("a PDF is drawn page by page, named and read out, without anything that the policy refuses", async () => {
      const tab = await open();
      assert.deepEqual(await show(tab, TWO_PAGES, "application/pdf"), { kind: "pdf", pages: 2 });
      await until(() => tab.evaluate<boolean>('document.querySelectorAll("canvas").length === 2'), "both pages");
      assert.equal(
        await tab.evaluate<string>('[...document.querySelectorAll("canvas")].map((canvas) => canvas.ariaLabel).join()').then(bare),
        "Page 1 of 2,Page 2 of 2",
      );
      assert.match(await tab.evaluate<string>('document.querySelector("li .unseen").textContent'), /First page\s+in Times/);
      assert.deepEqual(await middle(tab, "li:nth-child(2) canvas"), [255, 0, 0, 255]);
      // 300 by 400 of it are seen, and lie on their side
      const { width, height } = await rectangle(tab, "li:nth-child(2) .sheet");
      assert.ok(Math.abs(width / height - 4 / 3) < 0.01, `${width} by ${height}`);
      await refused(tab);
    });

    test("Arabic that a program printed is drawn and read out", async () => {
      const tab = await open("ar");
      await show(tab, await printed('<html dir="rtl" lang="ar"><h1>عقد بيع</h1>'), "application/pdf");
      await until(() => tab.evaluate<boolean>('document.querySelector("li .unseen") !== null'), "the text");
      const spoken = await tab.evaluate<string>('document.querySelector("li .unseen").textContent');
      assert.match(spoken.normalize("NFKC"), /عقد بيع/);
      await refused(tab);
    });

    test("nothing in a PDF can be clicked or runs, and what pages do not show is said", async () => {
      const tab = await open();
      const link = "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 400 600]/A<</S/URI/URI(https://tracker.example/)>>>>]";
      const attached = "/Names<</EmbeddedFiles<</Names[(a.txt)<</Type/Filespec/F(a.txt)/EF<</F 5 0 R>>>>]>>>>";
      const catalog = `/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>${attached}`;
      await show(tab, pdf([{ content: line("Click"), entries: link }], { catalog }), "application/pdf");
      const said = await text(tab);
      for (const sentence of ["holds scripts", "Other files are attached"]) assert.ok(said.includes(sentence), said);
      assert.equal(await tab.evaluate<number>('document.querySelectorAll("a, iframe, object, embed, input, .sheet :not(canvas)").length'), 0);
      await refused(tab);
    });

    test("images of JPEG 2000 are decoded in the worker, and a page with one that cannot be read says so", async () => {
      const tab = await open();
      const image = (bytes: Buffer) => ({ dictionary: "/Width 64/Height 64/Filter/JPXDecode", bytes });
      const page = { content: "400 0 0 600 0 0 cm /I Do\n" };
      const bytes = execFileSync("convert", ["-size", "64x64", "xc:blue", "jp2:-"]);
      await show(tab, pdf([page], { image: image(bytes) }), "application/pdf");
      const [red = 0, green = 0, blue = 0] = await middle(tab);
      assert.ok(blue > 200 && red < 60 && green < 60, `${red} ${green} ${blue}`);
      assert.ok(!(await text(tab)).includes("missing here"));
      await show(tab, pdf([page], { image: image(Buffer.from("no picture")) }), "application/pdf");
      assert.ok((await text(tab)).includes("missing here"));
      await refused(tab);
    });

    test("of a large PDF only what is shown is read", async () => {
      const tab = await open();
      await tab.evaluate(`(() => {
        window.read = 0;
        const slice = Blob.prototype.slice;
        Blob.prototype.slice = function (from, to, type) {
          window.read += to - from;
          return slice.call(this, from, to, type);
        };
      })()`);
      const size = 24 << 20;
      assert.equal((await show(tab, pdf([{ content: line("Large") }], { ballast: size }), "application/pdf")).pages, 1);
      const read = await tab.evaluate<number>("read");
      assert.ok(read > 0 && read < size / 8, `${read} bytes were read`);
    });

    test("of many pages a few are kept drawn, and those that are seen are", async () => {
      const tab = await open();
      await show(tab, pdf(Array.from({ length: 60 }, (_, index) => ({ content: line(`Page ${index + 1}`) }))), "application/pdf");
      for (const share of [0.3, 0.6, 1]) {
        await tab.evaluate(`(() => { const list = document.querySelector(".scroller"); list.scrollTop = ${share} * list.scrollHeight; })()`);
        await until(
          () =>
            tab.evaluate<boolean>(`(() => {
              const list = document.querySelector(".scroller").getBoundingClientRect();
              const seen = [...document.querySelectorAll(".sheet")].filter((sheet) => {
                const { top, bottom } = sheet.getBoundingClientRect();
                return bottom > list.top && top < list.bottom;
              });
              return seen.every((sheet) => sheet.querySelector("canvas"));
            })()`),
          `the pages at ${share}`,
        );
      }
      assert.ok((await tab.evaluate<number>('document.querySelectorAll("canvas").length')) <= 10);
    });

    test("a PDF that is damaged, locked or none is shown by its name and digest, with the reason", async () => {
      const tab = await open();
      for (const [contents, reason] of [
        [Buffer.from("%PDF-1.7 and no more"), "damaged"],
        [Buffer.alloc(0), "damaged"],
        [locked(TWO_PAGES), "locked with a password"],
      ] as const) {
        assert.deepEqual(await show(tab, contents, "application/pdf", "a\u202efdp.pdf"), { kind: "other" });
        const said = await text(tab);
        assert.ok(said.includes(reason) && said.includes("a⟨U+202E⟩fdp.pdf") && said.includes(digest(contents)), said);
      }
    });

    test("a document that comes later takes the place of one that is still being opened", async () => {
      const tab = await open();
      const base64 = TWO_PAGES.toString("base64");
      await tab.evaluate(`void view.show(given("first", "application/pdf", "${base64}"))`);
      await show(tab, "second", "text/plain");
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(await tab.evaluate<number>('document.querySelectorAll("canvas").length'), 0);
      assert.equal((await text(tab)).trim(), "second");
      await tab.evaluate("view.forget()");
      assert.equal(await tab.evaluate<string>('document.querySelector(".document-view").textContent'), "");
    });

    // --- everything else

    test("texts are shown as they are, with what is hidden in them, and are never markup", async () => {
      const tab = await open();
      assert.deepEqual(await show(tab, "pay \u202e001\u202c now", "text/plain"), { kind: "text" });
      assert.ok((await text(tab)).includes("U+202E"));
      await show(tab, '<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran = true"><image href="https://tracker.example/"/></svg>', "image/svg+xml");
      assert.ok((await text(tab)).includes('onload="window.ran = true"') && (await text(tab)).includes("Its source is shown"));
      assert.equal(await tab.evaluate<boolean>('window.ran === undefined && document.querySelector("svg, image") === null'), true);
      await show(tab, Buffer.from([0xc7, 0xe1, 0x0a]), "text/plain");
      assert.ok((await text(tab)).includes("000000  c7 e1 0a"));
      await show(tab, Buffer.alloc((1 << 20) + 10, "é"), "text/plain");
      assert.ok(bare(await text(tab)).includes("Only the first 1 MB of 1 MB are shown"));
      await refused(tab);
    });

    test("JSON is laid out, says what stands in it twice, and can be shown as it is written", async () => {
      const tab = await open();
      const written = '{"sum":1,"sum":10000000000000000.0}';
      assert.deepEqual(await show(tab, written, "application/json"), { kind: "json" });
      assert.ok((await text(tab)).includes('{\n  "sum": 1,\n  "sum": 10000000000000000.0\n}'));
      assert.ok((await text(tab)).includes("stands twice"));
      await tab.click(".tools button");
      assert.equal(await tab.evaluate<string>('document.querySelector("pre").textContent'), written);
      assert.equal(await tab.evaluate<string>('document.querySelector(".tools button").ariaPressed'), "true");
      await show(tab, "{sum:1}", "application/json");
      assert.ok((await text(tab)).includes("cannot be laid out"));
    });

    test("pictures are drawn, but not those that are too large or none", async () => {
      const tab = await open();
      assert.deepEqual(await show(tab, picture("png", "10x20"), "image/png", "a.png"), { kind: "image" });
      assert.equal(bare(await tab.evaluate<string>('document.querySelector("canvas").ariaLabel')), "Picture a.png, 10 by 20 pixels");
const [red, green = 0, blue] = await middle(tab);
      assert.ok(red === 0 && Math.abs(green - 128) < 3 && blue === 0, `${red} ${green} ${blue}`);
      // the header says another type than the sender: what it is counts
      assert.deepEqual(await show(tab, picture("jpeg", "10x20"), "image/png"), { kind: "image" });
      const bomb = picture("png", "10x20");
      bomb.writeUInt32BE(50_000, 16);
      bomb.writeUInt32BE(50_000, 20);
      assert.deepEqual(await show(tab, bomb, "image/png"), { kind: "other" });
      assert.ok(bare(await text(tab)).includes("too large"));
      assert.deepEqual(await show(tab, "<svg/>", "image/png"), { kind: "other" });
      await refused(tab);
    });

    test("what cannot be shown is told by name, type, size and digest", async () => {
      const tab = await open();
      assert.deepEqual(await show(tab, "PK", "application/zip", "a.zip"), { kind: "other" });
      const said = bare(await text(tab));
      for (const value of ["a.zip", "application/zip", "2 bytes", digest(Buffer.from("PK"))]) assert.ok(said.includes(value), `${value} in ${said}`);
    });

    // --- where the signature goes

    test("keys move the signature within its page, change its size and carry it to another page", async () => {
      const tab = await placing();
      assert.deepEqual(round(await placement(tab)), START);
      await tab.evaluate('document.querySelector(".signature-box").focus()');
      await tab.keyboard.press("ArrowRight");
      await held(tab, "Shift", "ArrowUp");
      await held(tab, "Control", "ArrowRight");
      assert.deepEqual(round(await placement(tab)), { ...START, x: 103, y: 136, width: 123 });
      for (let times = 0; times < 12; times += 1) await held(tab, "Shift", "ArrowLeft");
      assert.equal(round(await placement(tab)).x, 0);
      await until(() => tab.evaluate<boolean>('document.querySelector("[aria-live]").textContent !== ""'), "the place, said");
      assert.match(bare(await tab.evaluate<string>('document.querySelector("[aria-live]").textContent')), /^Page 1 of 2: 0 mm from the left/);
      await tab.keyboard.press("PageDown");
      await until(async () => (await placement(tab)).page === 2, "the other page");
      // the box keeps the keyboard, and lies on its side in the coordinates of a page that is turned
      assert.equal(await tab.evaluate<string>("document.activeElement.className"), "signature-box");
      const { x, y, width, height } = round(await placement(tab));
      assert.deepEqual([width, height], [40, 123]);
      assert.ok(x >= 50 && y >= 100 && x + width <= 350 && y + height <= 500, `${x} ${y}`);
      await tab.keyboard.press("PageDown");
      assert.equal((await placement(tab)).page, 2);
      assert.deepEqual(await tab.evaluate("placements.at(-1)"), await placement(tab));
    });

    test("a pointer drags the signature, and a click or buttons do what dragging does", async () => {
      const tab = await placing();
      const sheet = await rectangle(tab, ".sheet");
      const unit = sheet.width / 400;
      const box = await rectangle(tab, ".signature-box");
      await drag(tab, [box.left + 20, box.top + 10], [box.left + 20 + 50 * unit, box.top + 10 - 30 * unit]);
      near(await placement(tab), { ...START, x: 150, y: 130 });
      const corner = await rectangle(tab, ".handle");
      const [right, down] = [corner.left + corner.width / 2, corner.top + corner.height / 2];
      assert.ok(corner.width >= 44 && corner.height >= 44);
      await drag(tab, [right, down], [right + 30 * unit, down + 20 * unit]);
      near(await placement(tab), { page: 1, x: 150, y: 110, width: 150, height: 60 });
      // far outside: it stays on its page
      const now = await rectangle(tab, ".signature-box");
      await drag(tab, [now.left + 20, now.top + 10], [2, now.top + 10]);
      assert.equal(round(await placement(tab)).x, 0);
      const middle = await rectangle(tab, ".signature-box");
      await tab.mouse.click(sheet.left + 200 * unit, middle.top - 60 * unit);
      await until(async () => Math.abs((await placement(tab)).x - 125) < 1.5, "the place that was clicked");
      await tab.click(".tools .placing button:last-child");
      assert.ok((await placement(tab)).width > 160);
      await tab.evaluate('view.placing(undefined, "")');
      assert.equal(await tab.evaluate<boolean>('view.placement === undefined && document.querySelector(".signature-box, .tools .placing") === null'), true);
    });

    test("from right to left the handle is at the left, and what is beyond the document comes to its end", async () => {
      const tab = await placing({ ...START, page: 99, x: 9999, y: 250 }, "ar");
      assert.deepEqual(round(await placement(tab)), { page: 2, x: 230, y: 250, width: 120, height: 60 });
      const [box, handle] = [await rectangle(tab, ".signature-box"), await rectangle(tab, ".handle")];
      assert.ok(handle.left < box.left, `${handle.left} ${box.left}`);
      const [left, down] = [handle.left + handle.width / 2, handle.top + handle.height / 2];
      const unit = (await rectangle(tab, "li:nth-child(2) .sheet")).width / 400;
      await drag(tab, [left, down], [left - 10 * unit, down + 20 * unit]);
      // wider as it is seen is higher before the page is turned; its right edge does not move
      const { height, width } = await placement(tab);
      const after = await rectangle(tab, ".signature-box");
      assert.ok(Math.abs(after.left + after.width - box.left - box.width) < 1.5, "the right edge");
      assert.ok(Math.abs(height - 70) < 2 && width === 120, `${width} ${height}`);
    });
  });
}

// --- hands

async function held(tab: Hands, modifier: string, key: string): Promise<void> {
  await tab.keyboard.down(modifier);
  await tab.keyboard.press(key);
  await tab.keyboard.up(modifier);
}

async function drag({ mouse }: Hands, from: [number, number], to: [number, number]): Promise<void> {
  await mouse.move(...from);
  await mouse.down();
  await mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  await mouse.move(...to);
  await mouse.up();
}

function round({ page, ...rest }: Placement): Placement {
  const [x, y, width, height] = [rest.x, rest.y, rest.width, rest.height].map((value) => Math.round(value * 100) / 100) as [number, number, number, number];
  return { page, x, y, width, height };
}

/** A pointer is in whole pixels. */
function near(found: Placement, expected: Placement): void {
  for (const key of ["page", "x", "y", "width", "height"] as const) {
    assert.ok(Math.abs(found[key] - expected[key]) < 2, `${key} of ${JSON.stringify(found)}`);
  }
}

function bare(text: string): string {
  return text.replaceAll(/[\u2066-\u2069]/g, "");
}

// --- documents

function digest(contents: Buffer): string {
  return createHash("sha256").update(contents).digest("hex").toUpperCase().replaceAll(/.{4}(?=.)/g, "$& ");
}

function picture(format: string, size: string): Buffer {
  return execFileSync("convert", ["-size", size, "xc:#008000", `${format}:-`]);
}

/** What Chromium prints of a page. */
async function printed(html: string): Promise<Buffer> {
  return inFolder((folder) => {
    const [page, file] = [join(folder, "page.html"), join(folder, "page.pdf")];
    writeFileSync(page, `<!doctype html><meta charset="utf-8">${html}`);
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    execFileSync("chromium", [...sandbox, "--headless=new", "--disable-gpu", `--user-data-dir=${folder}`, `--print-to-pdf=${file}`, `file://${page}`], { stdio: "ignore" });
    return readFileSync(file);
  });
}

function locked(contents: Buffer): Buffer {
  return inFolder((folder) => {
    const [open, closed] = [join(folder, "open.pdf"), join(folder, "closed.pdf")];
    writeFileSync(open, contents);
    execFileSync("qpdf", ["--encrypt", "secret", "secret", "256", "--", open, closed]);
    return readFileSync(closed);
  });
}

function inFolder<Value>(work: (folder: string) => Value): Value {
  const folder = mkdtempSync(join(tmpdir(), "bitaqa-pdf-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
