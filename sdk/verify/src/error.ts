import type { CertificateRevocation } from "./generated/CertificateRevocation";
import type { Check } from "./generated/Check";
import type { IdentityCheck } from "./generated/IdentityCheck";
import type { IdentityCode } from "./generated/IdentityCode";
import type { IdentityRefusal } from "./generated/IdentityRefusal";
import type { SignInCode } from "./generated/SignInCode";
import type { SignInRefusal } from "./generated/SignInRefusal";
import type { Usage } from "./generated/Usage";
import type { UsageCode } from "./generated/UsageCode";

/** A sign-in token that does not hold. Compare `code`, never `message`. */
export class SignInRefused extends Error {
  override readonly name = "SignInRefused";
  /** Why, in a stable word. */
  readonly code: SignInCode;
  /** Every step with its outcome. */
  readonly checks: readonly Check[];
  /** What is known of the revocation of each certificate, the holder's first; `null` if the token did not get that far. */
  readonly revocation: readonly CertificateRevocation[] | null;

  constructor(refusal: SignInRefusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.checks = refusal.checks;
    this.revocation = refusal.revocation;
  }
}

/** An identity answer that does not hold. Compare `code`, never `message`. */
export class IdentityRefused extends Error {
  override readonly name = "IdentityRefused";
  /** Why, in a stable word. */
  readonly code: IdentityCode;
  /** Every step with its outcome. */
  readonly checks: readonly IdentityCheck[];
  /** For `document-not-genuine` and `token-invalid`: what is wrong with document or token, in stable words. */
  readonly reasons: readonly string[];

  constructor(refusal: IdentityRefusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.checks = refusal.checks;
    this.reasons = refusal.reasons;
  }
}

/** Something is wrong with what the portal's own server gave: nothing was verified. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What, in a stable word. */
  readonly code: UsageCode;

  constructor(usage: Usage) {
    super(usage.message);
    this.code = usage.code;
  }
}
