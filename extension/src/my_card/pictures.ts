import { __wbg_reset_state as freshMemory, initSync, Picture } from "bitaqa-images";
import { fromBase64 } from "../documents/base64.ts";
import type { PictureOnCard } from "../generated/PictureOnCard";

/** Where the build puts the images module, relative to the extension. */
const FILE = "images.wasm";

let loaded: Promise<void> | undefined;

/** Decodes a picture of the card in WebAssembly; nothing where it is none that can be shown. */
export async function decode({ data }: PictureOnCard): Promise<ImageData | undefined> {
  loaded ??= load();
  await loaded;
  try {
    const picture = new Picture(fromBase64(data));
    const pixels = new Uint8ClampedArray(picture.rgba());
    const image = new ImageData(pixels, picture.width, picture.height);
    picture.free();
    return image;
  } catch {
    // whatever is wrong with it, and with the decoder's memory after a panic
    freshMemory();
    return undefined;
  }
}

/** Throws the module's memory away, with what it held of pictures. */
export function forgetPictures(): void {
  if (loaded !== undefined) void loaded.then(freshMemory, () => undefined);
}

async function load(): Promise<void> {
  const response = await fetch(chrome.runtime.getURL(FILE));
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}
