/**
 * Signatures that can be seen, made in real browsers: what a person sees in the window before they sign is what poppler finds in the
 * file, in Latin, Arabic and Tifinagh letters, and nothing is drawn outside of the place.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { chooseFiles, type Tab, until } from "./harness/browser.ts";
import { pdfsig } from "./harness/judges.ts";
import { line, pdf } from "./harness/pdf_file.ts";
import { type SigningPage, signedFile } from "./harness/signing_page.ts";
import { type Signings, withCard } from "./harness/signings.ts";
import { Stage } from "./harness/stage.ts";
import { STARTERS } from "./harness/starters.ts";

const PIN = "12345";
/** One that signs any number after one entry. */
const CARD = { personality: "pkcs15", key: "p256", signsMany: true } as const;

/** The second page lies on its side, and of it a part is seen. */
const CONTRACT = pdf([{ content: line("Contract") }, { content: line("Second page", { x: 80, y: 400 }), entries: "/Rotate 90/CropBox[50 100 350 500]" }]);

const REASON = "أوافق على العقد";

/** Left, bottom, right and top, in points. */
type Rectangle = readonly [number, number, number, number];

for (const [name, start] of STARTERS) {
  describe(`${name}: signatures that can be seen`, () => {
    let stage: Stage;
    let signings: Signings;

    withCard(start, CARD, (made) => ({ stage, signings } = made));

    /** The request of a site for a signature in the contract. */
    const wanted = (more: object): object => ({ documents: [{ name: "a.pdf", type: "application/pdf", base64: CONTRACT.toString("base64") }], format: "pades", ...more });

    async function ownFile(language: string): Promise<SigningPage> {
      const page = await signings.own();
      await page.tab.evaluate(`window.asked = []; const real = Worker.prototype.postMessage; Worker.prototype.postMessage = function (call) { window.asked.push(call.name); return real.call(this, call); }`);
      await speak(page, language);
      await chooseFiles(page.tab, "#files", signings.file("contract.pdf", CONTRACT));
      await until(() => page.tab.evaluate<boolean>('document.querySelectorAll("#view canvas").length > 0'), "the page of the PDF");
      return page;
    }

    const speak = (page: SigningPage, language: string): Promise<unknown> =>
      page.tab.evaluate(`(() => { const list = document.querySelector("#language"); list.value = "${language}"; list.dispatchEvent(new Event("change")); })()`);

    const rows = async (page: SigningPage): Promise<string[]> =>
      (await page.tab.evaluate<string[]>('[...document.querySelectorAll(".signature-face p")].map((row) => row.textContent)')).map(bare);

    /** Waits until the place on the page shows this. */
    const shows = (page: SigningPage, what: string): Promise<unknown> => until(async () => (await rows(page)).join(" ").includes(what), `"${what}" in the place`);

    /** Whether what is seen in the place keeps inside of it, as the browser lays it out. */
    const isInside = (page: SigningPage): Promise<boolean> =>
      page.tab.evaluate<boolean>(`(() => {
        const box = document.querySelector(".signature-box").getBoundingClientRect();
        return [...document.querySelectorAll(".signature-face p, .signature-face img")].every((one) => {
          const range = document.createRange();
          range.selectNodeContents(one);
          const { left, right, top, bottom } = one.tagName === "IMG" ? one.getBoundingClientRect() : range.getBoundingClientRect();
          return left >= box.left - 1 && right <= box.right + 1 && top >= box.top - 1 && bottom <= box.bottom + 1;
        });
      })()`);

    test("a site's reason in Arabic and image are shown to the person first, and stand in the file upright on a page that lies on its side", async () => {
      const image = picture("png", "120x60", "xc:red");
      const place = { page: 2, x: 100, y: 150, width: 60, height: 200 };
      const { request, site, window } = await signings.siteAsks(wanted({ language: "en", appearance: { ...place, reason: REASON, image: image.toString("base64") } }));
      await window.says(REASON);
      await window.says("an image from the site");
      await shows(window, REASON);
      assert.match((await rows(window)).join(" "), /^Signed by: \(the name in your certificate\) Date: .* \(UTC.*\) Reason: /);
      await until(() => isInside(window), "the rows in their place");
      await window.agree();
      // before the PIN is typed
      await shows(window, "Signed by: AMINA EXEMPLE");
      await window.tab.evaluate(`document.querySelector(".signature-box").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }))`);
      await stage.enter(PIN);
      const { value, code, detail } = await request.end(60_000);
      assert.ok(value, `${code} ${detail}`);
      const signed = await signedFile(site);
      const path = signings.file("site.pdf", signed);
      assert.match(pdfsig(path), /Signature is Valid/);
      const text = textOf(path, 2);
      for (const part of ["Signed by: AMINA EXEMPLE", "Date: ", "(UTC", REASON]) assert.ok(text.includes(part), `${part} in ${text}`);
      assert.match(String(execFileSync("pdffonts", [path])), /[A-Z]{6}\+SignatureFont +CID TrueType +Identity-H +yes +yes +yes/);
      assert.ok(signed.length - CONTRACT.length < 60_000, `${signed.length - CONTRACT.length} bytes were added`);
      const seen = seenOnItsSide(place.x, place.y, place.x + place.width, place.y + place.height);
      // a key that came after the card was asked moved nothing
      assert.deepEqual(placeOf(path), seen);
      const { inside, outside } = ink(signings.file("contract.pdf", CONTRACT), path, 2, seen);
      assert.ok(inside > 500 && outside === 0, `${inside} inside, ${outside} outside`);
      assert.deepEqual(colour(path, 2, [seen[0] + 20, (seen[1] + seen[3]) / 2]), [255, 0, 0], "the image is at the left");
    });

    test("a person writes a reason in Arabic and chooses an image, with the keyboard, and sees what is signed", async () => {
      const page = await ownFile("ar");
      assert.deepEqual((await page.tab.evaluate<string[]>("window.asked")).filter((call) => call === "letter"), [], "nothing sets text before");
      await page.tab.bringToFront();
      await page.tab.evaluate('document.querySelector("#visible").focus()');
      const { keyboard } = page.tab as Tab & { keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> } };
      await keyboard.press(" ");
      await shows(page, "الاسم الذي في شهادتك");
      await keyboard.press("Tab");
      await keyboard.type(REASON);
      await keyboard.press("Enter");
      await shows(page, REASON);
      await chooseFiles(page.tab, "#shown-image", signings.file("photo.jpg", picture("jpeg", "2400x1600", "xc:blue")));
      await until(() => page.tab.evaluate<boolean>('document.querySelector(".signature-face img")?.complete === true'), "the image");
      await until(() => isInside(page), "the rows in their place");
      const [box, photo] = await page.tab.evaluate<[number, number]>('[".signature-box", ".signature-face img"].map((one) => document.querySelector(one).getBoundingClientRect().right)');
      assert.ok(Math.abs((box ?? 0) - (photo ?? 0)) < 12, "the image is where Arabic begins");
      await page.sign(PIN, "عن شهادتك");
      const path = signings.file("own.pdf", [...(await page.saved()).values()][0] ?? Buffer.alloc(0));
      assert.match(pdfsig(path), /Signature is Valid/);
      const text = textOf(path, 2);
      for (const part of ["AMINA EXEMPLE", "بتوقيع", REASON]) assert.ok(text.normalize("NFKC").includes(part), `${part} in ${text}`);
      assert.match(text, /\d\d\/\d\d\/\d{4}\s\d\d:\d\d\s\(UTC/, "the date runs from the left");
      assert.ok(!String(readFileSync(path, "latin1")).includes("Exif"));
      const { inside, outside } = ink(signings.file("contract.pdf", CONTRACT), path, 2, placeOf(path));
      assert.ok(inside > 500 && outside === 0, `${inside} inside, ${outside} outside`);
    });

    test("labels are in the language of the window, and a text that is too long for its place is cut and stays in it", async () => {
      const page = await ownFile("zgh");
      await page.tab.click("#visible");
      await page.tab.evaluate(`(() => { const field = document.querySelector("#shown-reason"); field.value = ${JSON.stringify("ⴰⵙⵔⴰⴳ 漢字 ".repeat(30).slice(0, 255))}; field.dispatchEvent(new Event("input")); })()`);
      await shows(page, "ⴰⵙⵔⴰⴳ ??");
      for (let times = 0; times < 12; times += 1) await page.tab.click('.placing button[aria-label="ⵙⵎⵥⵉ ⴰⵙⴳⵎⴹ"]');
      await shows(page, "…");
      await until(() => isInside(page), "the rows in their place");
      await page.sign(PIN, "ⵅⴼ ⵜⵙⴷⵉⴷⵜ");
      const path = signings.file("cut.pdf", [...(await page.saved()).values()][0] ?? Buffer.alloc(0));
      assert.match(pdfsig(path), /Signature is Valid/);
      const text = textOf(path, 2);
      for (const part of ["ⴰⵎⵙⴳⵎⴹ: AMINA", "ⴰⵙⴰⴽⵓⴷ: ", "ⴰⵙⵔⴰⴳ ??", "…"]) assert.ok(text.includes(part), `${part} in ${text}`);
      const { inside, outside } = ink(signings.file("contract.pdf", CONTRACT), path, 2, placeOf(path));
      assert.ok(inside > 100 && outside === 0, `${inside} inside, ${outside} outside`);
    });

    test("who signs without a visible signature loads nothing that sets text, and what no site may give is refused", async () => {
      const page = await ownFile("en");
      await page.sign(PIN);
      const path = signings.file("plain.pdf", [...(await page.saved()).values()][0] ?? Buffer.alloc(0));
      assert.match(pdfsig(path), /Signature is Valid/);
      const calls = await page.tab.evaluate<string[]>("window.asked");
      assert.ok(calls.includes("finish") && !calls.includes("letter"), calls.join());
      const place = { page: 1, x: 40, y: 40, width: 180, height: 50 };
      // a picture of the right kind whose pixels are too many, and one that is none
      const bomb = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAJxAAACcQCAYAAAA=", "base64");
      for (const [appearance, expected] of [
        [{ ...place, name: "Somebody Else" }, "request-invalid"],
        [{ ...place, image: Buffer.from("GIF89a").toString("base64") }, "request-invalid"],
        [{ ...place, image: bomb.toString("base64") }, "request-invalid"],
        [{ ...place, image: Buffer.concat([bomb, Buffer.alloc(256 * 1024)]).toString("base64") }, "request-too-large"],
      ] as const) {
        const { request } = await signings.onlyAsks(wanted({ appearance }));
        const { code, detail } = await request.end();
        assert.equal(code, expected, detail);
      }
    });
  });
}

/** The second page of the contract as it is seen, from its lower left corner: 400 by 300, turned by a quarter. */
function seenOnItsSide(left: number, bottom: number, right: number, top: number): Rectangle {
  return [bottom - 100, 350 - right, top - 100, 350 - left];
}

/** Where the signature stands on that page, by the file. */
function placeOf(path: string): Rectangle {
  const [, ...numbers] = /\/Rect ?\[([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)\]/.exec(readFileSync(path, "latin1")) ?? [];
  const [left = 0, bottom = 0, right = 0, top = 0] = numbers.map(Number);
  return seenOnItsSide(left, bottom, right, top);
}

/** A text without what only orders it. */
function bare(text: string): string {
  return text.replace(/[\u2066-\u2069\u202a-\u202e\u200e\u200f]/g, "").replace(/\u00a0/g, " ");
}

function textOf(path: string, page: number): string {
  return bare(execFileSync("pdftotext", ["-layout", "-f", String(page), "-l", String(page), path, "-"], { encoding: "utf8" }));
}

function picture(kind: "png" | "jpeg", size: string, what: string): Buffer {
  return execFileSync("convert", ["-size", size, what, `${kind}:-`]);
}

/** Pixels for a point. */
const SCALE = 2;

/** A page as poppler draws it, in grey or colour. */
function drawn(path: string, page: number, channels: 1 | 3): { width: number; height: number; pixels: Buffer } {
  const kind = channels === 1 ? ["-gray"] : [];
  const image = execFileSync("pdftoppm", ["-cropbox", "-r", String(72 * SCALE), ...kind, "-f", String(page), "-l", String(page), path], { maxBuffer: 1 << 26 });
  const [head = "", width, height] = /^P[56]\s(\d+)\s(\d+)\s255\s/.exec(image.subarray(0, 40).toString("latin1")) ?? [];
  return { width: Number(width), height: Number(height), pixels: image.subarray(head.length) };
}

/** How many pixels of a page became others, in a place of it as it is seen, and outside of it. */
function ink(before: string, after: string, page: number, [left, bottom, right, top]: Rectangle): { inside: number; outside: number } {
  const [was, is] = [drawn(before, page, 1), drawn(after, page, 1)];
  let [inside, outside] = [0, 0];
  for (const [at, value] of is.pixels.entries()) {
    if (Math.abs(value - (was.pixels[at] ?? 0)) < 8) continue;
    const [x, y] = [(at % is.width) / SCALE, (is.height - 1 - Math.floor(at / is.width)) / SCALE];
    if (x >= left - 0.5 && x <= right && y >= bottom - 0.5 && y <= top) inside += 1;
    else outside += 1;
  }
  return { inside, outside };
}

function colour(path: string, page: number, [x, y]: readonly [number, number]): number[] {
  const { width, height, pixels } = drawn(path, page, 3);
  const at = 3 * (Math.round(height - y * SCALE) * width + Math.round(x * SCALE));
  return [...pixels.subarray(at, at + 3)];
}
