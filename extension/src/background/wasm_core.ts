import { Core as WasmCore, initSync } from "bitaqa-core";
import type { Core, CoreConfig } from "./core.ts";

/** Where the build puts the core, relative to the extension. */
const CORE_FILE = "core.wasm";

let loaded: Promise<void> | undefined;

/** Starts a core from the code in the extension's own package, which is loaded once. */
export async function startCore(config: CoreConfig): Promise<Core> {
  loaded ??= load();
  await loaded;
  return new WasmCore(JSON.stringify(config));
}

async function load(): Promise<void> {
  const response = await fetch(chrome.runtime.getURL(CORE_FILE));
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}
