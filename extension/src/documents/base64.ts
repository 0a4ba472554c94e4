/** Bytes per turn: as many arguments as any browser takes. */
const TURN = 8192;

/** Base64, as requests have bytes. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += TURN) text += String.fromCharCode(...bytes.subarray(at, at + TURN));
  return btoa(text);
}

/** The bytes; throws where the text is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
