/** What the module for documents needs, as the host is asked for it. */
import type { StampedHash } from "../generated/StampedHash";
import type { WantedData } from "../generated/WantedData";
import type { HashName, Need } from "./results.ts";

/** What tells needs apart. */
export const keyOf = (need: Need): string => JSON.stringify(need);

/** The host of an address; none where it is not one that the host asks. */
export function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return (protocol === "http:" || protocol === "https:") && host !== "" ? host : undefined;
}

const STAMPED: { readonly [hash in HashName]?: StampedHash } = { "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" };

/** What the host is asked for. */
export function wantedOf(need: Need): WantedData | undefined {
  if (need.kind === "time-stamp") {
    const hash = STAMPED[need.hash];
    return hash && { kind: need.kind, hash, digest: need.digest };
  }
  const { kind, url, certificate } = need;
  return need.kind === "ocsp" ? { kind: need.kind, url, certificate, body: need.request } : ({ kind, url, certificate } as WantedData);
}
