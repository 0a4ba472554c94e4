/** Most levels of a JSON text that is laid out, and most characters of the layout: both grow faster than the text. */
const MAX_DEPTH = 200;
const MAX_LAYOUT = 4 << 20;

/** A JSON text laid out, one member or element a line. */
export interface Layout {
  /**
   * Every token as it was written: no number is rounded, no escape is undone, no member is left out. A piece of its own is a string
   * that runs from right to left: it must not turn around what stands beside it.
   */
  pieces: Piece[];
  /** Names that an object has more than once; readers disagree about which of them counts. */
  duplicates: string[];
}

/** A part of a layout. */
export interface Piece {
  text: string;
  isolated: boolean;
}

/** Letters that run from right to left. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Lays a JSON text out; nothing where it is no JSON (RFC 8259), or is nested too deeply. */
export function layOut(json: string): Layout | undefined {
  try {
    JSON.parse(json);
  } catch {
    return undefined;
  }
  const duplicates = new Set<string>();
  /** The names in each open object; of an array, nothing. */
  const open: (Set<string> | undefined)[] = [];
  const pieces: Piece[] = [];
  let [text, previous, length] = ["", "", 0];
  // what is at the beginning of a member is its name
  let nameNext = false;
  for (const [token] of json.matchAll(TOKEN)) {
    const closes = token === "}" || token === "]";
    if (closes) open.pop();
    const empty = closes && (previous === "{" || previous === "[");
    if (previous === "{" || previous === "[" || previous === "," || closes) {
      if (!empty) text += `\n${"  ".repeat(open.length)}`;
    } else if (previous === ":") {
      text += " ";
    }
    if (token.startsWith('"') && RIGHT_TO_LEFT.test(token)) {
      pieces.push({ text, isolated: false }, { text: token, isolated: true });
      length += text.length + token.length;
      text = "";
    } else {
      text += token;
    }
    if (nameNext && token.startsWith('"')) {
      const name = JSON.parse(token) as string;
      const names = open.at(-1);
      if (names?.has(name)) duplicates.add(name);
      names?.add(name);
    }
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : undefined);
    if (open.length > MAX_DEPTH || length + text.length > MAX_LAYOUT) return undefined;
    nameNext = token === "{" || (token === "," && open.at(-1) !== undefined);
    previous = token;
  }
  pieces.push({ text, isolated: false });
  return { pieces, duplicates: [...duplicates] };
}
