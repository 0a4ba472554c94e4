import { __wbg_reset_state as freshMemory, initSync, pdf as make } from "bitaqa-pdf";
import type { Sheet } from "./export.ts";

/** Where the build puts the export module, relative to the extension. */
const FILE = "pdf.wasm";

let loaded: Promise<void> | undefined;

/** Makes a PDF in WebAssembly, and throws the module's memory away. */
export async function pdf(sheet: Sheet, photo: ImageData | undefined): Promise<Uint8Array<ArrayBuffer>> {
  loaded ??= load();
  await loaded;
  const pixels = photo === undefined ? new Uint8Array() : new Uint8Array(photo.data.buffer);
  try {
    return new Uint8Array(make(JSON.stringify(sheet), photo?.width ?? 0, photo?.height ?? 0, pixels));
  } finally {
    freshMemory();
  }
}

async function load(): Promise<void> {
  const response = await fetch(chrome.runtime.getURL(FILE));
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}
