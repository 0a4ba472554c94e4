/** Largest document whose digest is made here, in bytes: the browser makes it of the whole document in memory. */
export const MAX_DIGESTED = 256 * 1024 * 1024;

/** SHA-256 of a document, in groups of four hexadecimal digits; nothing where it is too large, or cannot be read. */
export async function sha256(blob: Blob): Promise<string | undefined> {
  if (blob.size > MAX_DIGESTED) return undefined;
  try {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    return grouped(digest);
  } catch {
    return undefined;
  }
}

/** Bytes as groups of four hexadecimal digits. */
export function grouped(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
  return digits.replaceAll(/.{4}(?=.)/g, "$& ");
}
