import { sha256Hex } from "../documents/sha256.ts";

/** Largest document whose digest is made here, in bytes: the browser makes it of the whole document in memory. */
export const MAX_DIGESTED = 256 * 1024 * 1024;

/** SHA-256 of a document, in groups of four hexadecimal digits; nothing where it is too large, or cannot be read. */
export async function sha256(blob: Blob): Promise<string | undefined> {
  if (blob.size > MAX_DIGESTED) return undefined;
  try {
    return grouped(await sha256Hex(new Uint8Array(await blob.arrayBuffer())));
  } catch {
    return undefined;
  }
}

/** Hexadecimal digits in groups of four. */
export function grouped(digits: string): string {
  return digits.toUpperCase().replaceAll(/.{4}(?=.)/g, "$& ");
}
