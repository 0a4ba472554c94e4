import type { HashName } from "./generated/HashName";

/** Something to fetch. The addresses stand in certificates, so only who issued them chooses them. */
export type Need =
  | { readonly kind: "time-stamp"; readonly hash: HashName; readonly digest: Uint8Array; readonly request: Uint8Array }
  | { readonly kind: "ocsp"; readonly url: string; readonly request: Uint8Array; readonly certificate: Uint8Array }
  | { readonly kind: "crl" | "issuer-certificate"; readonly url: string; readonly certificate: Uint8Array };

/**
 * Fetches one thing, or gives nothing where it cannot be had. `time-stamp`: POST `request` (`application/timestamp-query`, RFC 3161) to an authority of the
 * server's choice. `ocsp`: POST `request` (`application/ocsp-request`, RFC 6960) to `url`. The others: GET. Whoever fetches bounds time and size, and
 * follows no address into its own network.
 */
export type Fetch = (need: Need) => Promise<Uint8Array | undefined>;

/**
 * A need as the core writes it.
 *
 * @internal
 */
export type RawNeed = { kind: Need["kind"]; url?: string; hash?: HashName; digest?: string; request?: string; certificate?: string };

/**
 * A need with what came for it.
 *
 * @internal
 */
export interface RawAnswer {
  need: RawNeed;
  received: string | null;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

/**
 * Asks for all of them, at the same time.
 *
 * @internal
 */
export async function answered(needs: readonly RawNeed[], fetch: Fetch): Promise<RawAnswer[]> {
  return Promise.all(
    needs.map(async (need) => {
      const texts = { digest: need.digest, request: need.request, certificate: need.certificate };
      const read = Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, bytes(text)]]));
      const received = await fetch({ ...need, ...Object.fromEntries(read) } as Need);
      return { need, received: received === undefined ? null : Buffer.from(received).toString("base64") };
    }),
  );
}
