/** What the module for documents gives, in the types of `sdk/sign`, where it is used on servers. Bytes are base64 in JSON. */
import type { HashName } from "../../../sdk/sign/src/generated/HashName";
import type { SignatureReport, ValidationReport } from "../../../sdk/sign/src/report";

export type { Algorithm } from "../../../sdk/sign/src/generated/Algorithm";
export type { Code } from "../../../sdk/sign/src/generated/Code";
export type { HashName } from "../../../sdk/sign/src/generated/HashName";
export type { Plan } from "../../../sdk/sign/src/generated/Plan";
export type { Refusal } from "../../../sdk/sign/src/generated/Refusal";
export type { Indication, SignatureReport, ValidationReport } from "../../../sdk/sign/src/report";

/** A PDF before it is signed. */
export interface Overview {
  /** What it has beside pages that always look the same. */
  readonly risks: PdfRisks;
  /** How many pages it has. */
  readonly pages: number;
  /** The rectangles of the first 10,000 pages before they are turned, as rectangles of appearances are, and by how many degrees they are turned clockwise. */
  readonly pageSizes: readonly {
    readonly left: number;
    readonly bottom: number;
    readonly right: number;
    readonly top: number;
    readonly rotation: 0 | 90 | 180 | 270;
  }[];
  /** Fields for signatures. */
  readonly signatureFields: readonly { readonly name: string; readonly isSigned: boolean }[];
}

/** What may show something else tomorrow, or elsewhere. */
export interface PdfRisks {
  /** Scripts. */
  readonly javaScript: boolean;
  /** A form of XFA, which may show other content than the pages. */
  readonly xfa: boolean;
  /** Layers that can be shown or hidden. */
  readonly optionalContent: boolean;
  /** Actions that start programs, open other files or addresses, or send the form. */
  readonly externalActions: boolean;
  /** Content that is in other files. */
  readonly externalContent: boolean;
  /** Files inside the document. */
  readonly embeddedFiles: boolean;
  /** Sound, films, three-dimensional or rich media. */
  readonly media: boolean;
  /** Something happens when it is opened, closed, printed or a field is used. */
  readonly automaticActions: boolean;
  /** Fields that can be filled in. */
  readonly formFields: boolean;
  /** Appearances of fields are made by each viewer for itself. */
  readonly viewerMadeAppearances: boolean;
  /** Bytes behind the end of the document. */
  readonly trailingBytes: boolean;
}

/** Something to fetch. The addresses stand in certificates. */
export type Need =
  | { kind: "time-stamp"; hash: HashName; digest: string; request: string }
  | { kind: "ocsp"; url: string; certificate: string; request: string }
  | { kind: "crl" | "issuer-certificate"; url: string; certificate: string };

/** What a verification found, and what would help to judge what is undecided. */
export interface Verified {
  report: ValidationReport;
  needs: Need[];
}

/** How far a file was raised. */
export interface Reached {
  /** The level of the lowest of its signatures, by what was added and what was there. */
  level: NonNullable<SignatureReport["level"]>;
  /** What could not be had, each a sentence in English. */
  notices: string[];
}

/** What has to be signed. */
export interface Prepared {
  toBeSigned: Uint8Array;
  /** Its digest, with the hash of the plan's algorithm. */
  digest: Uint8Array;
  /** For the second step. */
  state: Uint8Array;
}

/** What came of raising: what has to be answered first, or the file. */
export type Raised = { needs: Need[] } | { file: Blob; reached: Reached };
