/** What a picture says about itself before it is decoded. */
export interface PictureHeader {
  type: "image/png" | "image/jpeg" | "image/webp" | "image/gif";
  width: number;
  height: number;
  /** It has more pictures than the first, or did not end where they could be counted. */
  animated: boolean;
}

/** Reads the header of a picture from its first bytes; nothing where they are none of the four kinds. */
export function pictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return png(view) ?? gif(view) ?? webp(view) ?? jpeg(view);
  } catch (error) {
    // it ends before it says its size
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** PNG third edition: 5.2 signature, 11.2.1 IHDR, 11.3.6.1 acTL, which stands before the first IDAT. */
function png(view: DataView): PictureHeader | undefined {
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a || tag(view, 12) !== "IHDR") return undefined;
  let animated = false;
  for (let offset = 8; offset + 8 <= view.byteLength && tag(view, offset + 4) !== "IDAT"; offset += 12 + view.getUint32(offset)) {
    animated ||= tag(view, offset + 4) === "acTL";
  }
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20), animated };
}

/** GIF89a: 18 logical screen; blocks are walked until there is a second image descriptor (20). */
function gif(view: DataView): PictureHeader | undefined {
  if (!/^GIF8[79]a$/.test(tag(view, 0) + tag(view, 4).slice(0, 2))) return undefined;
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  return { type: "image/gif", width, height, animated: gifMoves(view) };
}

function gifMoves(view: DataView): boolean {
  let offset = 13 + colourTable(view.getUint8(10));
  let pictures = 0;
  while (offset + 10 <= view.byteLength) {
    const block = view.getUint8(offset);
    if (block === 0x2c) {
      pictures += 1;
      if (pictures > 1) return true;
      offset += 11 + colourTable(view.getUint8(offset + 9));
    } else if (block === 0x21) {
      offset += 2;
    } else {
      return false;
    }
    // sub-blocks, up to an empty one
    while (offset < view.byteLength && view.getUint8(offset) !== 0) offset += 1 + view.getUint8(offset);
    offset += 1;
  }
  // the last byte, if nothing was cut off, is the trailer
  return offset >= view.byteLength || view.getUint8(offset) !== 0x3b;
}

/** Bytes of the colour table that the packed field of GIF89a 18 or 20 announces. */
function colourTable(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 << ((packed & 7) + 1);
}

/** RFC 9649: 2.5 and 2.6 key frame and lossless header, 2.7 extended format with its flag of animation. */
function webp(view: DataView): PictureHeader | undefined {
  if (tag(view, 0) !== "RIFF" || tag(view, 8) !== "WEBP") return undefined;
  const type = "image/webp";
  switch (tag(view, 12)) {
    case "VP8 ":
      return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff, animated: false };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, animated: false };
    }
    case "VP8X": {
      const three = (offset: number): number => view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16);
      return { type, width: three(24) + 1, height: three(27) + 1, animated: (view.getUint8(20) & 2) !== 0 };
    }
    default:
      return undefined;
  }
}

/** ITU-T T.81, B.2.2: the frame header; the segments before it are passed over. */
function jpeg(view: DataView): PictureHeader | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined;
  let offset = 2;
  for (;;) {
    if (view.getUint8(offset) !== 0xff) return undefined;
    const marker = view.getUint8(offset + 1);
    // fill bytes
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    // SOF0 to SOF15, but for DHT, JPG and DAC
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { type: "image/jpeg", width: view.getUint16(offset + 7), height: view.getUint16(offset + 5), animated: false };
    }
    // the scan begins, and there was no frame
    if (marker === 0xda || marker === 0xd9) return undefined;
    offset += 2 + view.getUint16(offset + 2);
  }
}

function tag(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}

/** As many first bytes of a picture are read for its header. */
export const HEADER_BYTES = 1 << 20;
