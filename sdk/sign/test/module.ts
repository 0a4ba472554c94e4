import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built package, as it is imported. */
export * as bitaqa from "@bitaqa/sign";

/** Bytes of its WebAssembly. */
export const coreSize = (): number => statSync(fileURLToPath(new URL("../dist/bitaqa_sign.wasm", import.meta.url))).size;
