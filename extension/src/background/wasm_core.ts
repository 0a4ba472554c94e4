import { __wbg_reset_state as freshMemory, Core as WasmCore, initSync } from "bitaqa-core";
import type { Core, CoreConfig } from "./core.ts";

/** Where the build puts the core, relative to the extension. */
const CORE_FILE = "core.wasm";

let loaded: Promise<void> | undefined;

/**
 * Starts a core from the code in the extension's own package, which is loaded once. One that stopped at a fault of its own
 * may have left its memory in any state, so the next one gets fresh memory.
 */
export async function startCore(config: CoreConfig): Promise<Core> {
  const first = loaded === undefined;
  loaded ??= load();
  await loaded;
  if (!first) freshMemory();
  return new WasmCore(JSON.stringify(config));
}

/** Throws the core's memory away; cores made before are of no use any more. */
export function forgetCore(): void {
  if (loaded !== undefined) void loaded.then(freshMemory, () => undefined);
}

async function load(): Promise<void> {
  const response = await fetch(chrome.runtime.getURL(CORE_FILE));
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}
