import { readFileSync } from "node:fs";
import { __wbg_reset_state as freshMemory, initSync } from "bitaqa-verify-core";
import { IdentityRefused, SignInRefused, UsageError } from "./error";
import type { IdentityRefusal } from "./generated/IdentityRefusal";
import type { SignInRefusal } from "./generated/SignInRefusal";
import type { Usage } from "./generated/Usage";

initSync({ module: new WebAssembly.Module(readFileSync(new URL("bitaqa_verify.wasm", import.meta.url))) });

/** How often the core was thrown away. What was made in an earlier life of it cannot be used any more. */
let lives = 0;

/**
 * In which life of the core we are.
 *
 * @internal
 */
export const life = (): number => lives;

/** An error as the core gives it. */
type Told = ({ kind: "usage" } & Usage) | ({ kind: "sign-in" } & SignInRefusal) | ({ kind: "identity" } & IdentityRefusal);

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
      lives += 1;
      freshMemory();
      throw new Error("@bitaqa/verify broke; nothing was verified", { cause: error });
    }
    throw typeof error === "string" ? ours(JSON.parse(error) as Told) : error;
  }
}

function ours(told: Told): Error {
  switch (told.kind) {
    case "usage":
      return new UsageError(told);
    case "sign-in":
      return new SignInRefused(told);
    case "identity":
      return new IdentityRefused(told);
  }
}
