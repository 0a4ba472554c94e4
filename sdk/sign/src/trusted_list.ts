import { trustedList as trustedListInCore } from "bitaqa-sign-core";
import { calling } from "./core";
import { file as bytesOf } from "./request";

/** A trusted list (TS 119 612), and who may sign it. */
export interface TrustedListFile {
  /** Its XML. */
  readonly list: Uint8Array | string;
  /** Certificates of those who may sign it, DER or PEM; without any a list before this one points to it. */
  readonly signers?: readonly (Uint8Array | string)[];
}

/** What a trusted list says of itself, and of others. */
export interface TrustedListSummary {
  /** Who operates the scheme. */
  readonly operator: string;
  /** Country, two letters, as a rule. */
  readonly territory: string;
  readonly issued: Date;
  /** When the next one comes at the latest; nothing if there will be none. */
  readonly nextUpdate?: Date;
  /** How many services it has. */
  readonly services: number;
  /** Where other lists are. */
  readonly pointers: readonly { readonly location: string; readonly territory: string; readonly mediaType: string }[];
}

/** @internal */
export const listsJson = (lists: readonly TrustedListFile[]): object[] =>
  lists.map(({ list, signers = [] }) => ({ list: bytesOf(list), signers: signers.map(bytesOf) }));

/**
 * Verifies trusted lists in their order, and tells what the last one says: a list of lists says where the others are.
 *
 * @throws SignError `trust-invalid`: its signature does not hold, is not one of those signers', or it is out of date
 */
export function trustedList(lists: readonly TrustedListFile[], at = new Date()): TrustedListSummary {
  const json = calling(() => trustedListInCore(JSON.stringify(listsJson(lists)), Math.floor(at.getTime() / 1000)));
  const { issued, nextUpdate, ...others } = JSON.parse(json) as Omit<TrustedListSummary, "issued" | "nextUpdate"> & { issued: number; nextUpdate: number | null };
  return { ...others, issued: new Date(issued * 1000), ...(nextUpdate === null ? {} : { nextUpdate: new Date(nextUpdate * 1000) }) };
}
