/** What the client and the worker say to each other: one call at a time, one answer to each. */
import type { CertificateWanted } from "../generated/CertificateWanted";
import type { Lettered, LetteringWanted, ListSummary, Overview, Plan, Prepared, Raised, Refusal, StatedList, Verified } from "./results.ts";

/** The functions of the worker. */
export interface Functions {
  plan(request: object): Plan;
  inspect(file: Blob): Overview;
  prepare(request: object, files: readonly Blob[]): Prepared;
  finish(state: Uint8Array, signature: Uint8Array, files: readonly Blob[]): Blob;
  verify(file: Blob, asked: object, beside: readonly Blob[]): Verified;
  raise(file: Blob, asked: object, beside: readonly Blob[]): Raised;
  trustedList(lists: readonly StatedList[], at: number): ListSummary;
  signerNames(certificate: Uint8Array): string[];
  isWanted(certificate: Uint8Array, wanted: CertificateWanted): boolean;
  letter(wanted: LetteringWanted): Lettered;
}

/** The name of a function. */
export type Name = keyof Functions;

/** A call of a function. */
export type Call = { [name in Name]: { name: name; given: Parameters<Functions[name]> } }[Name];

/** What came of a call. */
export type Answer =
  | { outcome: "done"; result: ReturnType<Functions[Name]> }
  | { outcome: "refused"; refusal: Refusal }
  /** A file could not be read: it changed, or was moved, since the person opened it. */
  | { outcome: "unreadable"; message: string }
  /** The module broke, or could not be loaded: this worker is of no use any more. */
  | { outcome: "broken"; message: string };
