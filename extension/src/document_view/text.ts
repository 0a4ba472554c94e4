/** Most bytes of a text that are shown. */
export const MAX_TEXT = 1 << 20;

/** Most bytes that are shown of what should be text and is none. */
export const MAX_HEX = 4096;

/** A piece of a text: as it is, or a character that would not be seen or would reorder others, by its number. */
export interface Run {
  text: string;
  hidden: boolean;
}

/** Characters that are seen as nothing, or move others: what a text says must not depend on them. */
const HIDDEN = new RegExp(
  [
    // control characters, but for tabs and line feeds
    "[\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F",
    // marks, embeddings, overrides and isolates of UAX #9
    "\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069",
    // of no width, and so are line and paragraph separators in a browser; joiners of Arabic are not among them: they show
    "\\u00AD\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B\\u2028\\u2029\\u2060-\\u2065\\u206A-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF0-\\uFFFB",
    // tags
    "\\u{E0000}-\\u{E0FFF}]",
  ].join(""),
  "gu",
);

/**
 * The text of these bytes: UTF-8, or UTF-16 where a byte order mark says so; nothing where they are no text. `cut`: the bytes
 * end somewhere in it, perhaps inside of a character.
 */
export function decode(bytes: Uint8Array, cut: boolean): string | undefined {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    // a stream does not mind a character that has not ended; the mark at the beginning is taken away
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return undefined;
  }
}

/** A text with everything hidden made visible. */
export function runs(text: string): Run[] {
  const found: Run[] = [];
  const lines = text.replaceAll("\r\n", "\n");
  let end = 0;
  for (const { 0: character, index } of lines.matchAll(HIDDEN)) {
    if (index > end) found.push({ text: lines.slice(end, index), hidden: false });
    found.push({ text: codePoint(character), hidden: true });
    end = index + character.length;
  }
  if (end < lines.length) found.push({ text: lines.slice(end), hidden: false });
  return found;
}

/** A text on one line, with everything hidden made visible: a name. */
export function plain(text: string): string {
  return runs(text.replaceAll(/[\n\t]/g, " ")).map((run) => (run.hidden ? `⟨${run.text}⟩` : run.text)).join("");
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Bytes, sixteen in a line, each line with its offset. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const line = Array.from(bytes.subarray(offset, offset + 16), (byte) => byte.toString(16).padStart(2, "0"));
    lines.push(`${offset.toString(16).padStart(6, "0")}  ${line.join(" ")}`);
  }
  return lines.join("\n");
}
