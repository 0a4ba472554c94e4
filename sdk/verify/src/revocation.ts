import type { PendingIdentity, PendingSignIn } from "bitaqa-verify-core";
import { calling } from "./core";
import type { OnMissingEvidence } from "./generated/OnMissingEvidence";
import type { RevocationNeed } from "./generated/RevocationNeed";

/** Looks for revocation of the certificates that somebody signed in with. Without it nobody looks, and the result says so. */
export interface Revocation {
  /**
   * What happens where nobody can tell whether a certificate was revoked: `accept` goes on, and the result says so (who can keep
   * answers away can then use a revoked card); `refuse` (without responders and lists nobody can sign in). There is no default.
   */
  readonly onMissing: OnMissingEvidence;
  /** Whether responders must repeat the question's nonce. Many sign their answers in advance, and do not. */
  readonly requireNonce?: boolean;
  /** Fetches what the certificates point to; see `overHttp`. Asked only about tokens whose signature and path hold. */
  readonly fetch?: FetchEvidence;
  /** Answers of responders that were stapled or kept (DER). */
  readonly ocsp?: readonly Uint8Array[];
  /** Revocation lists that were kept (DER). */
  readonly crls?: readonly Uint8Array[];
}

/** Gives what is at an address, or nothing where it cannot be had. */
export type FetchEvidence = (need: RevocationNeed) => Promise<Uint8Array | undefined>;

/**
 * What is to be fetched, as the core says it.
 *
 * @internal
 */
export function needsOf(pending: PendingSignIn | PendingIdentity): RevocationNeed[] {
  type Text = { source: "ocsp"; url: string; request: string; position: number } | { source: "crl"; url: string; position: number };
  const needs = JSON.parse(calling(() => pending.needs())) as Text[];
  return needs.map((need) =>
    need.source === "ocsp" ? { ...need, request: Uint8Array.from(Buffer.from(need.request, "base64")) } : need,
  );
}

/**
 * Collects evidence for the core; gives how it is to be judged.
 *
 * @internal
 */
export async function gather(pending: PendingSignIn | PendingIdentity, revocation: Revocation): Promise<string> {
  revocation.ocsp?.forEach((der, place) => calling(() => pending.addOcsp(`ocsp[${place}]`, der)));
  revocation.crls?.forEach((der, place) => calling(() => pending.addCrl(`crls[${place}]`, der)));
  const { fetch } = revocation;
  if (fetch !== undefined) {
    const received = await Promise.all(needsOf(pending).map((need) => fetch(need)));
    received.forEach((bytes, place) => {
      if (bytes !== undefined) calling(() => pending.answer(place, bytes));
    });
  }
  const { onMissing, requireNonce = false } = revocation;
  return JSON.stringify({ onMissing, requireNonce });
}
