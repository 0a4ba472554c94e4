import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { Catalogue } from "../src/catalogue.ts";
import { grouped, sha256 } from "../src/document_view/digest.ts";
import { layOut } from "../src/document_view/json.ts";
import { recognise } from "../src/document_view/kind.ts";
import { pageText, type TextPiece } from "../src/document_view/page_text.ts";
import { pictureHeader } from "../src/document_view/picture_header.ts";
import { type Box, boxAtEnd, keyMeaning, type PageShape, quarter, shownSize, toBox, toPlacement, within } from "../src/document_view/placement.ts";
import { decode, hexLines, plain, runs } from "../src/document_view/text.ts";
import { DOCUMENT_VIEW_WORDS } from "../src/document_view/words.ts";
import { LANGUAGES } from "../src/language.ts";

const SOURCES = new URL("../src/document_view/", import.meta.url);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const laidOut = (json: string): string | undefined => layOut(json)?.pieces.map(({ text }) => text).join("");

// --- kinds

test("the media type decides how a document is shown, and the name only where the type says nothing", () => {
  for (const [type, name, kind, markup] of [
    ["application/pdf", "contract", "pdf", false],
    ["Application/JSON; charset=utf-8", "data", "json", false],
    ["application/vnd.example+json", "data", "json", false],
    ["text/xml", "invoice", "xml", false],
    ["image/svg+xml", "drawing.png", "xml", true],
    ["text/html", "page.txt", "text", true],
    ["text/plain", "page.pdf", "text", false],
    ["image/png", "picture", "image", false],
    ["image/tiff", "picture.png", "other", false],
    ["application/zip", "contract.pdf", "other", false],
    ["", "Contract.PDF", "pdf", false],
    ["application/octet-stream", "drawing.svg", "xml", true],
    ["", "contract", "other", false],
    ["", "constructor.toString", "other", false],
  ] as const) {
    assert.deepEqual(recognise(type, name), { kind, markup }, `${type} ${name}`);
  }
});

// --- texts

test("UTF-8 is read with and without its mark, UTF-16 with its mark, and nothing else", () => {
  assert.equal(decode(bytes("أمينة"), false), "أمينة");
  assert.equal(decode(bytes("\ufeffa"), false), "a");
  assert.equal(decode(Uint8Array.of(0xff, 0xfe, 0x27, 0x06), false), "ا");
  assert.equal(decode(Uint8Array.of(0xfe, 0xff, 0x06, 0x27), false), "ا");
  assert.equal(decode(Uint8Array.of(0xc7, 0xe1), false), undefined, "windows-1256");
  assert.equal(decode(Uint8Array.of(0x61, 0xed, 0xa0, 0x80), false), undefined, "half of a surrogate pair");
});

test("a text that was cut inside of a character is a text, and one that ends there is none", () => {
  const cut = bytes("abé").slice(0, 3);
  assert.equal(decode(cut, true), "ab");
  assert.equal(decode(cut, false), undefined);
});

test("what is not seen or reorders a text is shown by its number; joiners and line ends are not touched", () => {
  assert.deepEqual(runs("pay \u202e001\u202c\r\n\tnow"), [
    { text: "pay ", hidden: false },
    { text: "U+202E", hidden: true },
    { text: "001", hidden: false },
    { text: "U+202C", hidden: true },
    { text: "\n\tnow", hidden: false },
  ]);
  for (const character of ["\0", "\r", "\x1b", "\x7f", "\x85", "\u061c", "\u200b", "\u200f", "\u2028", "\u2067", "\ufeff", "\u{e0041}"]) {
    assert.equal(runs(character)[0]?.hidden, true, character.codePointAt(0)?.toString(16));
  }
  assert.deepEqual(runs("می\u200cخواهم"), [{ text: "می\u200cخواهم", hidden: false }]);
  assert.deepEqual(runs(""), []);
});

test("a name stays on one line and cannot hide its ending", () => {
  assert.equal(plain("contract\u202efdp.exe\n"), "contract⟨U+202E⟩fdp.exe ");
});

test("bytes that are no text are shown with their offsets", () => {
  assert.equal(hexLines(Uint8Array.from({ length: 17 }, (_, index) => index)), "000000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n000010  10");
});

// --- JSON

test("JSON is laid out without changing a token", () => {
  assert.equal(
    laidOut('{"a":12345678901234567890.10,"b":[],"c":{ },"d":[1,{"e":"\\u0041, {}:"}]}'),
    '{\n  "a": 12345678901234567890.10,\n  "b": [],\n  "c": {},\n  "d": [\n    1,\n    {\n      "e": "\\u0041, {}:"\n    }\n  ]\n}',
  );
  for (const alone of ["1e400", '"text"', "null", "[]"]) assert.equal(laidOut(alone), alone);
});

test("a name that an object has twice is found however it is written, and one in another object is not", () => {
  assert.deepEqual(layOut('{"a":1,"\\u0061":2}')?.duplicates, ["a"]);
  assert.deepEqual(layOut('[{"a":1},{"a":2,"b":{"a":3}}]')?.duplicates, []);
  assert.deepEqual(layOut('{"x":["y","y"],"y":"y"}')?.duplicates, []);
  assert.deepEqual(layOut('{"b":{"c":1,"c":1},"b":2}')?.duplicates, ["c", "b"]);
});

test("a string from right to left is a piece of its own", () => {
  assert.deepEqual(layOut('{"a":"أمينة"}')?.pieces, [
    { text: '{\n  "a": ', isolated: false },
    { text: '"أمينة"', isolated: true },
    { text: "\n}", isolated: false },
  ]);
});

test("what is no JSON, or nested without end, is not laid out", () => {
  for (const json of ["", "{a:1}", "[1,]", '{"a":1}x', `${"[".repeat(100_000)}${"]".repeat(100_000)}`]) assert.equal(layOut(json), undefined);
  const wide = `${"[".repeat(190)}${"1,".repeat(200_000)}1${"]".repeat(190)}`;
  assert.equal(layOut(wide), undefined, "its layout would be many times as long");
  assert.ok(layOut(JSON.stringify("a".repeat(900_000))), "a long string");
});

// --- texts of pages

test("a page is read in the order of its language, whichever way a program wrote its pieces", () => {
  const piece = (str: string, x: number, dir = "rtl", hasEOL = false): TextPiece => ({ str, dir, transform: [1, 0, 0, 1, x, 0], hasEOL });
  // as it is seen, from left to right; then as it is read
  const seen = [piece("ع", 0), piece("ي", 10), piece("ب", 20), piece(" ", 30, "ltr"), piece("د", 40), piece("ق", 50), piece("ع", 60)];
  assert.equal(pageText(seen), "عقد بيع");
  assert.equal(pageText([...seen].reverse()), "عقد بيع");
  const numbers = [piece("درهم", 0), piece(" ", 20, "ltr"), piece("812", 30, "ltr"), piece(" ", 40, "ltr"), piece("MAD", 50, "ltr"), piece("الثمن ", 60)];
  assert.equal(pageText(numbers), "الثمن 812 MAD درهم");
  const latin = [piece("Signed by ", 0, "ltr"), piece("ثال", 50), piece("أمينة الم", 70), piece(" in Rabat", 120, "ltr", true), piece("alone", 0, "ltr")];
  assert.equal(pageText(latin), "Signed by أمينة المثال in Rabat\nalone");
  assert.equal(pageText(Array.from({ length: 9000 }, () => piece("long", 0, "ltr", true))).length, 20_000);
});

// --- pictures

test("a picture says its size and whether it moves before it is decoded", () => {
  const png = (chunks: string): Uint8Array => Buffer.from(`89504e470d0a1a0a0000000d49484452000003e8000000c80806000000aaaaaaaa${chunks}`, "hex");
  assert.deepEqual(pictureHeader(png("0000000049444154")), { type: "image/png", width: 1000, height: 200, animated: false });
  assert.equal(pictureHeader(png("000000086163544c0000000200000000bbbbbbbb0000000049444154"))?.animated, true);
  const picture = "2c000000000a000a000002024401 00".replaceAll(" ", "");
  const gif = (blocks: string): Uint8Array => Buffer.from(`4749463839610a0014000000 00${blocks}`.replaceAll(" ", ""), "hex");
  assert.deepEqual(pictureHeader(gif(`${picture}3b`)), { type: "image/gif", width: 10, height: 20, animated: false });
  assert.equal(pictureHeader(gif(`21f9040000000000${picture}${picture}3b`))?.animated, true);
  assert.equal(pictureHeader(gif(picture))?.animated, true, "it may go on");
  const webp = Buffer.from(`524946460000000057454250565038580a00000002000000e70300c70000`, "hex");
  assert.deepEqual(pictureHeader(webp), { type: "image/webp", width: 1000, height: 200, animated: true });
  const jpeg = Buffer.from("ffd8ffe000044a46ffc000110800c803e803", "hex");
  assert.deepEqual(pictureHeader(jpeg), { type: "image/jpeg", width: 1000, height: 200, animated: false });
});

test("what is no picture, or ends too early, has no header", () => {
  for (const hex of ["", "89504e47", "ffd8ffe0", "ffd8ffda0002", "3c737667", "474946383961", `5249464600000000${"00".repeat(40)}`]) {
    assert.equal(pictureHeader(Buffer.from(hex, "hex")), undefined, hex);
  }
});

test("the digest is SHA-256 in groups of four", async () => {
  assert.match((await sha256(new Blob(["abc"]))) ?? "", /^BA78 16BF 8F01 CFEA .* 15AD$/);
  assert.equal(grouped("01020a"), "0102 0A");
});

// --- where the signature goes

const ROTATIONS = [0, 90, 180, 270] as const;
/** A page of 400 by 600 whose visible part does not begin at the origin. */
const shape = (rotation: PageShape["rotation"]): PageShape => ({ view: [10, 20, 410, 620], rotation, userUnit: 1 });

test("a box at the upper left of what is seen is at that corner of the page before it was turned", () => {
  const box: Box = { left: 0, top: 0, width: 100, height: 40 };
  const placements = ROTATIONS.map((rotation) => toPlacement(box, shape(rotation), 2));
  assert.deepEqual(placements, [
    { page: 2, x: 10, y: 580, width: 100, height: 40 },
    { page: 2, x: 10, y: 20, width: 40, height: 100 },
    { page: 2, x: 310, y: 20, width: 100, height: 40 },
    { page: 2, x: 370, y: 520, width: 40, height: 100 },
  ]);
});

test("a placement is seen where it was placed, however the page is turned", () => {
  const box: Box = { left: 33, top: 44, width: 120, height: 50 };
  for (const rotation of ROTATIONS) assert.deepEqual(toBox(toPlacement(box, shape(rotation), 1), shape(rotation)), box, String(rotation));
});

test("the rectangle of a placement is inside of what is seen", () => {
  for (const rotation of ROTATIONS) {
    const turned = shape(rotation);
    const [left, bottom, right, top] = turned.view;
    for (const far of [-9999, 9999, Number.NaN, Infinity]) {
      const { x, y, width, height } = toPlacement(within({ left: far, top: far, width: 100, height: 40 }, shownSize(turned)), turned, 1);
      assert.ok(x >= left && y >= bottom && x + width <= right && y + height <= top, `${rotation} ${far}`);
    }
  }
});

test("a box has at least the size of a name, and at most that of its page", () => {
  const page = { width: 400, height: 600 };
  assert.deepEqual(within({ left: 390, top: 0, width: 1, height: 1 }, page), { left: 340, top: 0, width: 60, height: 24 });
  assert.deepEqual(within({ left: 5, top: 5, width: 999, height: 999 }, page), { left: 0, top: 0, ...page });
  const small = { width: 20, height: 10 };
  assert.deepEqual(within({ left: 5, top: 5, width: 100, height: 100 }, small), { left: 0, top: 0, ...small });
});

test("a box at the end of a page is at the lower corner where lines end", () => {
  const [size, page] = [{ width: 100, height: 40 }, { width: 400, height: 600 }];
  assert.deepEqual(boxAtEnd(size, page, false), { left: 264, top: 524, ...size });
  assert.deepEqual(boxAtEnd(size, page, true), { left: 36, top: 524, ...size });
});

test("pages are turned by quarters", () => {
  assert.deepEqual([0, 90, -90, 450, 360, 180].map(quarter), [0, 90, 270, 90, 0, 180]);
});

test("keys move the box, change its size and carry it to other pages, and others are left alone", () => {
  const key = (name: string, held: Partial<Pick<KeyboardEvent, "shiftKey" | "ctrlKey" | "altKey" | "metaKey">> = {}) =>
    keyMeaning({ key: name, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held });
  assert.deepEqual(key("ArrowLeft"), { move: [-3, 0] });
  assert.deepEqual(key("ArrowDown", { shiftKey: true }), { move: [0, 36] });
  assert.deepEqual(key("ArrowRight", { ctrlKey: true }), { grow: [3, 0] });
  assert.deepEqual(key("ArrowUp", { altKey: true, shiftKey: true }), { grow: [0, -36] });
  assert.deepEqual(key("PageDown"), { pages: 1 });
  for (const other of [key("Tab"), key("Enter"), key("Escape"), key("PageUp", { ctrlKey: true }), key("ArrowUp", { metaKey: true })]) {
    assert.equal(other, undefined);
  }
});

// --- words

function ids(language: string): string[] {
  const text = readFileSync(new URL(`../../locales/${language}/document_view.ftl`, import.meta.url), "utf8");
  return new FluentResource(text).body.map(({ id }) => id).sort();
}

test("every language says the same things, every word that is asked for exists, and none is left over", () => {
  for (const language of LANGUAGES) assert.deepEqual(ids(language), ids("en"), language);
  const sources = readdirSync(SOURCES).map((name) => readFileSync(new URL(name, SOURCES), "utf8")).join("\n");
  const known = ids("en");
  assert.deepEqual([...sources.matchAll(/words\.text\("([^"]+)"/g)].map(([, id]) => id).filter((id) => !known.includes(id ?? "")), []);
  // sizes are asked for by their unit
  assert.deepEqual(known.filter((id) => !sources.includes(`"${id.replace(/^size-/, "")}"`)), []);
});

test("names of files stand in isolation marks", () => {
  for (const language of LANGUAGES) {
    assert.ok(new Catalogue(language, DOCUMENT_VIEW_WORDS).text("document", { name: "a.pdf" }).includes("\u2068a.pdf\u2069"), language);
  }
});

test("the view makes no markup of a text, keeps nothing, and talks to nobody", () => {
  for (const name of readdirSync(SOURCES).filter((name) => name.endsWith(".ts"))) {
    const source = readFileSync(new URL(name, SOURCES), "utf8");
    for (const way of ["innerHTML", "insertAdjacentHTML", "outerHTML", "DOMParser", "XMLHttpRequest", "localStorage", "indexedDB", "chrome.", "window.open", "postMessage("]) {
      assert.ok(!source.includes(way), `${name}: ${way}`);
    }
  }
});
