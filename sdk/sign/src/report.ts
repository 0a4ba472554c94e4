/** What the signatures of a file are worth (EN 319 102-1). Times are RFC 3339. Members may be added, none changes its meaning. */
export interface ValidationReport {
  /** The worst of its signatures; a file without any is not passed. */
  readonly indication: Indication;
  /** Why, where it is not passed: a word of EN 319 102-1, like `HASH_FAILURE`. */
  readonly subIndication: string | null;
  /** The time at which the signatures were judged. */
  readonly validationTime: string;
  /** Which algorithms and keys are good enough, by name and edition. */
  readonly cryptographicConstraints: string;
  /** Whether one of the verdicts rests on somebody who counts for tests alone. */
  readonly assurance: Assurance;
  /** Each signature, in the file's order. */
  readonly signatures: readonly SignatureReport[];
  /** The same in XML (TS 119 102-2), where it was asked for: the standard has no report without a signature. */
  readonly xml?: string;
}

/** Whether somebody who counts for tests alone was believed. */
export type Assurance = "production" | "test";

/** What a validation ends with. */
export type Indication = "TOTAL-PASSED" | "INDETERMINATE" | "TOTAL-FAILED";

/** One signature. */
export interface SignatureReport {
  /** What tells it from others of the same file. */
  readonly name: string;
  readonly format: "CAdES" | "PAdES" | "XAdES" | "JAdES";
  /** The level that it reaches: every part of it validates. Nothing if it is not even B-B. */
  readonly level: "B-B" | "B-T" | "B-LT" | "B-LTA" | null;
  readonly indication: Indication;
  readonly subIndication: string | null;
  /** Whether content and signature are what the signer's key signed, whoever that is. */
  readonly cryptographicallyIntact: boolean;
  /** Who signed, by the certificate; to be believed only where it is passed. */
  readonly signer: {
    readonly name: string | null;
    readonly serialNumber: string | null;
    readonly country: string | null;
    readonly organisation: string | null;
    readonly certificateSha256: string;
  } | null;
  /** When the signer says that they signed. */
  readonly signingTime: string | null;
  /** The time at which the signature is judged, and whether a time stamp proves it. */
  readonly bestSignatureTime: string;
  readonly bestSignatureTimeProven: boolean;
  readonly algorithm: string | null;
  /** What of the file it covers: more stands in the file than was signed unless it is `whole`. */
  readonly coverage: { readonly kind: "whole" | "unknown" } | { readonly kind: "parts"; readonly parts: readonly string[] };
  /** Each step, with why it did not pass. */
  readonly steps: readonly {
    readonly step: string;
    readonly outcome: "passed" | "not-passed" | "not-done";
    readonly subIndication: string | null;
    readonly detail: string | null;
  }[];
  /** The path from the signer's certificate to an anchor, the certificate first. */
  readonly chain: readonly {
    readonly subject: string;
    readonly issuer: string;
    readonly sha256: string;
    readonly notBefore: string;
    readonly notAfter: string;
    readonly revocation: { readonly status: "anchor" | "good" | "revoked" | "unknown" | "not-determined" };
  }[];
  readonly timeStamps: readonly {
    readonly kind: "content" | "signature" | "archive";
    readonly indication: Indication;
    readonly subIndication: string | null;
    readonly detail: string | null;
    readonly time: string | null;
    readonly authority: string | null;
    /** The path from the authority's certificate to an anchor. */
    readonly chain: SignatureReport["chain"];
  }[];
  readonly qualification: { readonly level: "qualified" | "advanced-with-qualified-certificate" | "not-qualified" | "indeterminate"; readonly reason: string };
  readonly assurance: Assurance;
  readonly counterSignatures: readonly SignatureReport[];
  /** What a person should know. */
  readonly remarks: readonly string[];
}
