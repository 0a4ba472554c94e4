import { readFileSync } from "node:fs";
import { __wbg_reset_state as freshMemory, initSync } from "bitaqa-sign-core";
import { SignError } from "./error";
import type { Refusal } from "./generated/Refusal";

initSync({ module: new WebAssembly.Module(readFileSync(new URL("bitaqa_sign.wasm", import.meta.url))) });

/**
 * Calls the core. Its errors become ours; a core that broke is thrown away, and only this call fails.
 *
 * @internal
 */
export function calling<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      freshMemory();
      throw new Error("@bitaqa/sign broke; nothing came of this call", { cause: error });
    }
    throw typeof error === "string" ? new SignError(JSON.parse(error) as Refusal) : error;
  }
}
