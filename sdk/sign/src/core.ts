import { readFileSync } from "node:fs";
import { __wbg_reset_state as freshMemory, initSync } from "bitaqa-sign-core";
import { __wbg_reset_state as freshLettering, initSync as initLettering, shape } from "bitaqa-sign-lettering";
import { SignError } from "./error";
import type { Refusal } from "./generated/Refusal";

const load = (name: string): WebAssembly.Module => new WebAssembly.Module(readFileSync(new URL(name, import.meta.url)));
initSync({ module: load("bitaqa_sign.wasm") });
let letteringIsLoaded = false;

/**
 * Lines in a font, as JSON for the core. What sets them is loaded when it is needed first.
 *
 * @internal
 */
export function shaped(font: Uint8Array, lines: readonly string[]): string {
  if (!letteringIsLoaded) {
    initLettering({ module: load("bitaqa_lettering.wasm") });
    letteringIsLoaded = true;
  }
  return calling(() => shape(font, JSON.stringify(lines)), freshLettering);
}

/**
 * Calls the core. Its errors become ours; a core that broke is thrown away, and only this call fails.
 *
 * @internal
 */
export function calling<T>(call: () => T, startOver: () => void = freshMemory): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      startOver();
      throw new Error("@bitaqa/sign broke; nothing came of this call", { cause: error });
    }
    throw typeof error === "string" ? new SignError(JSON.parse(error) as Refusal) : error;
  }
}
