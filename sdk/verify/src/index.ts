/**
 * Verifies sign-ins and identity answers of national identity cards, on a portal's server.
 *
 * @packageDocumentation
 */
import { newChallenge } from "./challenge";
import { IdentityRefused, SignInRefused, UsageError } from "./error";
import type { AuthToken } from "./generated/AuthToken";
import type { CertificateRevocation } from "./generated/CertificateRevocation";
import type { Check } from "./generated/Check";
import type { Claim } from "./generated/Claim";
import type { ClaimValue } from "./generated/ClaimValue";
import type { DocumentStatus } from "./generated/DocumentStatus";
import type { IdentityCheck } from "./generated/IdentityCheck";
import type { IdentityCode } from "./generated/IdentityCode";
import type { IdentityRequest } from "./generated/IdentityRequest";
import type { IdentityStepResult } from "./generated/IdentityStepResult";
import type { Level } from "./generated/Level";
import type { OnMissingEvidence } from "./generated/OnMissingEvidence";
import type { RequestedClaims } from "./generated/RequestedClaims";
import type { RevocationNeed } from "./generated/RevocationNeed";
import type { SignIn } from "./generated/SignIn";
import type { SignInCode } from "./generated/SignInCode";
import type { UsageCode } from "./generated/UsageCode";
import type { VerifiedIdentity } from "./generated/VerifiedIdentity";
import { overHttp, type HttpOptions } from "./http";
import type { FetchEvidence, Revocation } from "./revocation";
import type { IssuerProfiles, Trust, TrustedPack, TrustFile } from "./trust";
import { BegunSignIn, Verifier, type ChipAuthentication, type IdentityOptions, type SignInOptions, type VerifierOptions } from "./verifier";

/**
 * Verifies one sign-in token. A server that does it often keeps a {@link Verifier}, which reads what is trusted once.
 *
 * @throws SignInRefused, UsageError
 */
export async function verifySignIn(token: AuthToken | string, options: VerifierOptions & SignInOptions): Promise<SignIn> {
  return new Verifier(options).verifySignIn(token, options);
}

/**
 * Verifies one identity answer. A server that does it often keeps a {@link Verifier}, which reads what is trusted once.
 *
 * @throws IdentityRefused, UsageError
 */
export async function verifyIdentity(answer: string, options: VerifierOptions & IdentityOptions): Promise<VerifiedIdentity> {
  return new Verifier(options).verifyIdentity(answer, options);
}

export { newChallenge, IdentityRefused, SignInRefused, UsageError, overHttp, BegunSignIn, Verifier };
export type {
  AuthToken,
  CertificateRevocation,
  Check,
  ChipAuthentication,
  Claim,
  ClaimValue,
  DocumentStatus,
  FetchEvidence,
  HttpOptions,
  IdentityCheck,
  IdentityCode,
  IdentityOptions,
  IdentityRequest,
  IdentityStepResult,
  IssuerProfiles,
  Level,
  OnMissingEvidence,
  RequestedClaims,
  Revocation,
  RevocationNeed,
  SignIn,
  SignInCode,
  SignInOptions,
  Trust,
  TrustFile,
  TrustedPack,
  UsageCode,
  VerifiedIdentity,
  VerifierOptions,
};
