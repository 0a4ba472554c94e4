import type { FetchEvidence } from "./revocation";

/** How evidence is fetched. */
export interface HttpOptions {
  /**
   * Whether an address may be asked. The addresses stand in certificates, so only who issued them chooses them; a server that
   * reaches machines that others do not still names the hosts that it means.
   */
  readonly allow: (url: URL) => boolean;
  /** The caller's own `fetch`: Node's, or one with a proxy or a cache. */
  readonly fetch: typeof globalThis.fetch;
  /** Most milliseconds of one question; 5,000 unless something else is said. */
  readonly timeout?: number;
}

/** Most bytes of a responder's answer and of a list; the core judges nothing that is longer (`crates/trust/src/revocation`). */
const MAX_BYTES = { ocsp: 128 * 1024, crl: 32 * 1024 * 1024 } as const;

/**
 * Fetches what certificates point to over HTTP (RFC 6960 appendix A, RFC 5280): no redirects, bounded in time and size. What cannot be
 * had is left out, and judged by `onMissing`.
 */
export function overHttp({ allow, fetch, timeout = 5000 }: HttpOptions): FetchEvidence {
  return async (need) => {
    if (!URL.canParse(need.url) || !allow(new URL(need.url))) return undefined;
    const question: RequestInit =
      need.source === "ocsp"
        ? {
            method: "POST",
            headers: { "content-type": "application/ocsp-request", accept: "application/ocsp-response" },
            body: Buffer.from(need.request),
          }
        : { headers: { accept: "application/pkix-crl" } };
    try {
      const answer = await fetch(need.url, { ...question, redirect: "error", signal: AbortSignal.timeout(timeout) });
      return answer.ok ? await bounded(answer, MAX_BYTES[need.source]) : undefined;
    } catch {
      return undefined;
    }
  };
}

async function bounded(answer: Response, most: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > most) return undefined;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
