import type { Code } from "./generated/Code";
import type { Refusal } from "./generated/Refusal";

/** There is no result. Compare `code`, never `message`. */
export class SignError extends Error {
  override readonly name = "SignError";
  /** Why, in a stable word. */
  readonly code: Code;

  constructor({ code, message }: Refusal) {
    super(message);
    this.code = code;
  }
}
