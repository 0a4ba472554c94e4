/** Bytes per turn: as many arguments as any browser takes. */
const TURN = 8192;

/** Base64, as requests have bytes. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += TURN) text += String.fromCharCode(...bytes.subarray(at, at + TURN));
  return btoa(text);
}
