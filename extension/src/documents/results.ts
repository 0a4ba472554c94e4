/** What the module for documents gives, in the types of `sdk/sign`, where it is used on servers. Bytes are base64 in JSON. */
import type { HashName } from "../../../sdk/sign/src/generated/HashName";
import type { SignatureReport, ValidationReport } from "../../../sdk/sign/src/report";

export type { Algorithm } from "../../../sdk/sign/src/generated/Algorithm";
export type { Code } from "../../../sdk/sign/src/generated/Code";
export type { HashName } from "../../../sdk/sign/src/generated/HashName";
export type { Plan } from "../../../sdk/sign/src/generated/Plan";
export type { Refusal } from "../../../sdk/sign/src/generated/Refusal";
export type { PdfOverview as Overview, PdfRisks } from "../../../sdk/sign/src/pdf_overview";
export type { Indication, SignatureReport, ValidationReport } from "../../../sdk/sign/src/report";

/** Something to fetch. The addresses stand in certificates. */
export type Need =
  | { kind: "time-stamp"; hash: HashName; digest: string; request: string }
  | { kind: "ocsp"; url: string; certificate: string; request: string }
  | { kind: "crl" | "issuer-certificate"; url: string; certificate: string };

/** What a verification found, and what would help to judge what is undecided. */
export interface Verified {
  report: ValidationReport;
  needs: Need[];
  /** The report in XML (TS 119 102-2), where it was asked for and there is a signature. */
  reportXml?: string;
}

/** A trusted list (TS 119 612) in base64, and who may sign it; without signers a list before it points to it. */
export interface StatedList {
  list: string;
  signers: readonly string[];
}

/** What a verified trusted list says of itself, and where others are. */
export interface ListSummary {
  operator: string;
  territory: string;
  pointers: readonly { location: string; territory: string; mediaType: string }[];
}

/** How far a file was raised. */
export interface Reached {
  /** The level of the lowest of its signatures, by what was added and what was there. */
  level: NonNullable<SignatureReport["level"]>;
  /** What could not be had, each a sentence in English. */
  notices: string[];
  /** Whether a certificate was revoked before signature or time stamp was made: nobody believes the file, and nothing mends it. */
  isRevoked: boolean;
}

/** What has to be signed. */
export interface Prepared {
  toBeSigned: Uint8Array;
  /** Its digest, with the hash of the plan's algorithm. */
  digest: Uint8Array;
  /** For the second step. */
  state: Uint8Array;
}

/** What a visible signature is to show, and where: `Wanted` in `crates/signature/src/pades/fitting.rs`. */
export interface LetteringWanted {
  /** Of the place, as it is seen, in units of the page. */
  width: number;
  height: number;
  /** Pixels of the image beside the lines: across, and up. */
  image?: readonly [number, number];
  lines: LabelledLine[];
}

/** A line: what it is about, and what it says: the first of these that can be written. */
export interface LabelledLine {
  label: string;
  values: string[];
}

/** Lines as rows that fit, and the font in which they are set. */
export interface Lettered {
  /** Of the letters, in units of the page. */
  size: number;
  rows: { text: string; shaped: { beginsRight: boolean; glyphs: object[] } }[];
  /** Width and height of the image, in units of the page. */
  image: readonly [number, number] | null;
  font: string;
}

/** What came of raising: what has to be answered first, or the file. */
export type Raised = { needs: Need[] } | { file: Blob; reached: Reached };
