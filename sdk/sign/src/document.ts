import { createHash, type Hash } from "node:crypto";
import { SignError } from "./error";
import type { HashName } from "./generated/HashName";

/** Something to be signed: its bytes, or its digest where that is enough. */
export interface SignDocument {
  /** Its name, where the format has a place for one; in JAdES a URI reference. */
  readonly name?: string;
  /** Its media type, where the format has a place for one. */
  readonly mediaType?: string;
  /** Its bytes: at once, piece by piece where only a digest is needed, by ranges where it is a PDF. */
  readonly content?: Uint8Array | AsyncIterable<Uint8Array> | RangeReader;
  /**
   * Instead of its bytes, where it is detached: its digest, with the hash that {@link algorithmOf} says. JAdES signs the digest of its base64url text
   * (TS 119 182-1), so there it is that one; {@link digestOf} makes either.
   */
  readonly digest?: Uint8Array;
}

/** A file that is read by ranges, as `fs.readSync` does. */
export interface RangeReader {
  /** Bytes of the file. */
  readonly size: number;
  /** Exactly so many bytes from there, the same each time. */
  read(offset: number, length: number): Uint8Array;
}

/** @internal */
export const inRanges = (content: SignDocument["content"]): content is RangeReader =>
  content !== undefined && !(content instanceof Uint8Array) && "read" in content && typeof content.read === "function" && "size" in content;

/** Most bytes that are read at once. */
const PIECE = 1 << 20;

/** @internal */
export function* pieces(reader: RangeReader): Generator<Uint8Array> {
  for (let offset = 0; offset < reader.size; offset += PIECE) yield reader.read(offset, Math.min(PIECE, reader.size - offset));
}

/** @internal */
export const hashing = (name: HashName): Hash => createHash(name.startsWith("SHA3-") ? name.toLowerCase() : name.replace("-", "").toLowerCase());

/**
 * A document's digest, piece by piece: over its bytes, or as JAdES wants it over their base64url text without padding.
 */
export async function digestOf(
  content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  hash: HashName,
  form: "bytes" | "base64url" = "bytes",
): Promise<Uint8Array> {
  const running = hashing(hash);
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    if (form === "bytes") {
      running.update(piece);
      continue;
    }
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % 3);
    running.update(bytes.subarray(0, whole).toString("base64url"));
    rest = bytes.subarray(whole);
  }
  return new Uint8Array(running.update(Buffer.from(rest).toString("base64url")).digest());
}

/** @internal */
export function wholeContent({ content }: SignDocument): Uint8Array {
  if (content instanceof Uint8Array) return content;
  throw new SignError({ code: "document-missing", message: "this packaging needs the bytes of the document at once" });
}
