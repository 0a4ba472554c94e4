/** Digests of files. */
import { Hasher } from "bitaqa-documents";
import { RangeFile } from "./file_reader.ts";
import type { HashName } from "./results.ts";

/** What is hashed: the bytes, or, as JAdES wants it, their base64url text. */
export type Form = "bytes" | "base64url";

/** Longest file that is hashed at once by the browser, which is fastest. */
const AT_ONCE = 256 * 2 ** 20;
/** Bytes that are read at once of a longer one. */
const PIECE = 4 * 2 ** 20;
/** Hashes that browsers have. */
const BROWSERS: readonly HashName[] = ["SHA-256", "SHA-384", "SHA-512"];

/** The digest of a file, which may be made of pieces of others. */
export async function digestOf(file: Blob, hash: HashName, form: Form): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new RangeFile(file);
  if (form === "bytes" && BROWSERS.includes(hash) && file.size <= AT_ONCE) {
    return new Uint8Array(await crypto.subtle.digest(hash, reader.read(0, file.size)));
  }
  const hasher = new Hasher(hash, form);
  for (const piece of reader.pieces(PIECE)) hasher.update(piece);
  return hasher.finish();
}
