import { HEADER_BYTES, pictureHeader } from "../document_view/picture_header.ts";

/** An image in a visible signature, drawn anew. */
export interface SignatureImage {
  blob: Blob;
  width: number;
  height: number;
}

/** Most pixels of an image that is decoded, and its longest side. */
export interface ImageLimits {
  pixels: number;
  side: number;
}

/** A site's: what its request says. */
export const SITE_IMAGE: ImageLimits = { pixels: 4096 * 4096, side: 4096 };

/** The person's own: a photograph. */
export const OWN_IMAGE: ImageLimits = { pixels: 50_000_000, side: 16_384 };

/** Longest side of what goes into the file: on paper it is a few centimetres. */
const MAX_SIDE = 1024;

/** How good a JPEG is that is made of one. */
const QUALITY = 0.92;

/**
 * An image for a signature, drawn anew from a PNG or JPEG; nothing where it is none, or too large. So it is of a kind that every
 * viewer takes, stands as the person sees it, and brings nothing along: no place, no camera, no earlier picture.
 */
export async function signatureImage(blob: Blob, { pixels, side }: ImageLimits): Promise<SignatureImage | undefined> {
  const header = pictureHeader(new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer()));
  if (header === undefined || (header.type !== "image/png" && header.type !== "image/jpeg")) return undefined;
  if (header.width * header.height > pixels || Math.max(header.width, header.height) > side) return undefined;
  const picture = await createImageBitmap(blob.slice(0, blob.size, header.type)).catch(() => undefined);
  if (picture === undefined) return undefined;
  try {
    const scale = Math.min(1, MAX_SIDE / picture.width, MAX_SIDE / picture.height);
    const [width, height] = [picture.width, picture.height].map((length) => Math.max(1, Math.round(length * scale))) as [number, number];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (context === null) return undefined;
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, width, height);
    return { blob: await canvas.convertToBlob({ type: header.type, quality: QUALITY }), width, height };
  } finally {
    picture.close();
  }
}
