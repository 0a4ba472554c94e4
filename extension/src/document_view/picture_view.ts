import type { Catalogue } from "../catalogue.ts";
import { HEADER_BYTES, pictureHeader } from "./picture_header.ts";
import { plain } from "./text.ts";

/** Most pixels of a picture that is decoded: it takes four bytes for each. */
const MAX_PIXELS = 50_000_000;

/** Longest side of a picture as it is drawn. */
const MAX_SIDE = 4096;

/** A picture, or why there is none. */
export type PictureView = { canvas: HTMLCanvasElement; notices: string[] } | { reason: string };

/** Draws a picture. Rejects when the document cannot be read. */
export async function pictureView(blob: Blob, name: string, words: Catalogue): Promise<PictureView> {
  const header = pictureHeader(new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer()));
  if (header === undefined) return { reason: words.text("picture-unreadable") };
  if (header.width * header.height > MAX_PIXELS) {
    return { reason: words.text("picture-large", { width: header.width, height: header.height }) };
  }
  const picture = await createImageBitmap(blob.slice(0, blob.size, header.type)).catch(() => undefined);
  if (picture === undefined) return { reason: words.text("picture-unreadable") };
  const { width, height } = picture;
  const scale = Math.min(1, MAX_SIDE / width, MAX_SIDE / height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words.text("picture", { name: plain(name), width, height }));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return { canvas, notices: header.animated ? [words.text("picture-animated")] : [] };
}
