import type { Catalogue } from "../catalogue.ts";
import { layOut, type Piece } from "./json.ts";
import { decode, hexLines, MAX_HEX, MAX_TEXT, plain, runs } from "./text.ts";

/** Most hidden characters that are elements of their own; more are shown, but within the text. */
const MAX_MARKS = 5000;

/** Most names of members that a notice tells. */
const MAX_NAMES = 5;

/** What isolates a text within a line (UAX #9, 2.4); of documents, these two are shown by their numbers. */
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ["\u2068", "\u2069"];

/** What is shown of a text: what has to be said about it, what a person can press, and the text. */
export interface TextView {
  notices: string[];
  tools: HTMLElement[];
  content: HTMLElement;
}

/** Shows a text; of one that is none its first bytes. Rejects when the document cannot be read. */
export async function textView(blob: Blob, kind: "text" | "json" | "xml", words: Catalogue, size: (bytes: number) => string): Promise<TextView> {
  const cut = blob.size > MAX_TEXT;
  const bytes = new Uint8Array(await blob.slice(0, MAX_TEXT).arrayBuffer());
  const text = decode(bytes, cut);
  const content = document.createElement("pre");
  content.className = kind === "text" && text !== undefined ? "text" : "text mono";
  if (text === undefined) {
    content.dir = "ltr";
    content.textContent = hexLines(bytes.subarray(0, MAX_HEX));
    return { notices: [words.text("not-text", { shown: size(Math.min(MAX_HEX, blob.size)) })], tools: [], content };
  }
  content.dir = "auto";
  const notices: string[] = [];
  const tools: HTMLElement[] = [];
  if (cut) notices.push(words.text("text-cut", { shown: size(MAX_TEXT), size: size(blob.size) }));
  const hidden = fill(content, [{ text, isolated: false }]);
  if (hidden > 0) notices.push(words.text("text-hidden", { count: hidden }));
  if (text === "") notices.push(words.text("text-empty"));
  if (kind === "json" && !cut) {
    const layout = layOut(text);
    if (layout === undefined) {
      notices.push(words.text("json-invalid"));
    } else {
      if (layout.duplicates.length > 0) {
        const names = layout.duplicates.slice(0, MAX_NAMES).map(plain).join(", ");
        notices.push(words.text("json-duplicates", { names, count: layout.duplicates.length }));
      }
      show(content, layout.pieces, "ltr");
      tools.push(toggle(content, text, layout.pieces, words));
    }
  }
  return { notices, tools, content };
}

/** A button that shows a text as it is written, and laid out again. */
function toggle(content: HTMLElement, written: string, laidOut: Piece[], words: Catalogue): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.ariaPressed = "false";
  button.textContent = words.text("as-it-is");
  button.addEventListener("click", () => {
    const pressed = button.ariaPressed !== "true";
    button.ariaPressed = String(pressed);
    if (pressed) show(content, [{ text: written, isolated: false }], "auto");
    else show(content, laidOut, "ltr");
  });
  return button;
}

function show(content: HTMLElement, pieces: Piece[], direction: "ltr" | "auto"): void {
  content.dir = direction;
  fill(content, pieces);
}

/** Puts a text into an element; gives the number of characters that would not have been seen. */
function fill(content: HTMLElement, pieces: Piece[]): number {
  let hidden = 0;
  content.replaceChildren();
  for (const { text, isolated } of pieces) {
    if (isolated) content.append(FIRST_STRONG_ISOLATE);
    for (const run of runs(text)) {
      if (!run.hidden) content.append(run.text);
      else content.append(++hidden > MAX_MARKS ? `⟨${run.text}⟩` : mark(run.text));
    }
    if (isolated) content.append(POP_ISOLATE);
  }
  return hidden;
}

function mark(name: string): HTMLElement {
  const place = document.createElement("bdi");
  place.className = "mark";
  place.dir = "ltr";
  place.textContent = name;
  return place;
}
