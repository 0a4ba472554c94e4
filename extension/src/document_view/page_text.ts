/** A piece of a page's text, as pdf.js gives it: of one direction, and where it begins. */
export interface TextPiece {
  str: string;
  dir: string;
  /** A matrix: the fifth number is how far to the right it begins. */
  transform: number[];
  hasEOL: boolean;
}

/** Most characters of a page's text. */
const MAX_TEXT = 20_000;

/** The text of a page, line by line, in the order in which it is read: many programs write Arabic in the order in which it is seen. */
export function pageText(pieces: readonly TextPiece[]): string {
  let text = "";
  let line: TextPiece[] = [];
  for (const piece of pieces) {
    line.push(piece);
    if (!piece.hasEOL) continue;
    text += `${read(line)}\n`;
    line = [];
    if (text.length > MAX_TEXT) break;
  }
  return (text + read(line)).slice(0, MAX_TEXT);
}

/** A line in the order in which it is read (UAX #9, rule L2, for pieces instead of characters). */
function read(line: readonly TextPiece[]): string {
  const written = line.filter(({ str }) => str !== "");
  const letters = (direction: string): number => written.reduce((sum, { str, dir }) => sum + (dir === direction && str.trim() !== "" ? str.length : 0), 0);
  const [fromRight, fromLeft] = [letters("rtl"), letters("ltr")];
  if (fromRight === 0) return join(written);
  const seen = [...written].sort((one, other) => start(one) - start(other));
  // a run of a direction that is not the line's is read in its own
  if (fromRight > fromLeft) return join(turnRuns(seen.reverse(), "ltr"));
  return join(turnRuns(seen, "rtl"));
}

function turnRuns(line: readonly TextPiece[], direction: string): TextPiece[] {
  const turned: TextPiece[] = [];
  let run: TextPiece[] = [];
  /** Spaces that may end a run, or stand inside of it. */
  let spaces: TextPiece[] = [];
  const end = (): void => {
    turned.push(...run.reverse(), ...spaces);
    [run, spaces] = [[], []];
  };
  for (const piece of line) {
    if (piece.str.trim() === "") {
      spaces.push(piece);
    } else if (piece.dir === direction) {
      if (run.length === 0) end();
      run.push(...spaces, piece);
      spaces = [];
    } else {
      end();
      turned.push(piece);
    }
  }
  end();
  return turned;
}

function start({ transform }: TextPiece): number {
  return transform[4] ?? 0;
}

function join(pieces: readonly TextPiece[]): string {
  return pieces.map(({ str }) => str).join("");
}
