import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built package, as it is imported. */
export * as verify from "@bitaqa/verify";

/** Bytes of its WebAssembly. */
export const coreSize = (): number => statSync(fileURLToPath(new URL("../dist/bitaqa_verify.wasm", import.meta.url))).size;
