import { Contents, contentsNeeded, type Finished, finish as finishInCore, place, plan, prepare as prepareInCore } from "bitaqa-sign-core";
import { calling } from "./core";
import { digestOf, hashing, inRanges, pieces, wholeContent, type SignDocument } from "./document";
import { SignError } from "./error";
import type { Algorithm } from "./generated/Algorithm";
import type { Plan } from "./generated/Plan";
import { requestJson, type SignerOptions, type SignRequest } from "./request";

/** What the card has to sign, and what the server keeps until then. */
export interface PreparedSignature {
  /** The exact bytes to be signed. */
  readonly toBeSigned: Uint8Array;
  /** Their digest, with the algorithm's hash, for signers that take one. */
  readonly digest: Uint8Array;
  /** How they are to be signed. */
  readonly algorithm: Algorithm;
  /**
   * What {@link finish} needs. Nothing in it is secret, and it has a hash against damage; but who can write it decides what is finished, so it stays in
   * the server's session, or comes back authenticated by the server's own key.
   */
  readonly state: Uint8Array;
}

/** What {@link finish} takes. */
export interface FinishOptions {
  /** What {@link prepare} gave. */
  readonly state: Uint8Array;
  /** The signature over what was prepared; ECDSA as two numbers of one length (as cards and JOSE have them) or in DER. */
  readonly signature: Uint8Array;
  /** The documents again, in their order, where they go into the signed file. */
  readonly contents?: readonly Uint8Array[];
}

/** A finished signature. */
export interface FinishedSignature {
  /** `file`: the bytes are the signed file. `appended`: they belong at the end of the PDF, which then is the signed file. */
  readonly kind: "file" | "appended";
  /** The bytes. */
  readonly bytes: Uint8Array;
}

/**
 * By which algorithm a certificate's key will sign; its hash is the one for documents' digests.
 *
 * @throws SignError: the certificate is not for documents, or cannot be read, or its key does not know the algorithm
 */
export function algorithmOf(signer: SignerOptions): Algorithm {
  const { certificate, chain, algorithm } = signer;
  const named = { certificate, ...(chain && { chain }), ...(algorithm && { algorithm }) };
  return planOf({ ...named, format: "cades", packaging: "detached", documents: [{}] }).algorithm;
}

const planOf = (request: SignRequest): Plan => JSON.parse(calling(() => plan(requestJson(request, [])))) as Plan;

/**
 * The first step: what the card has to sign.
 *
 * @throws SignError
 */
export async function prepare(request: SignRequest): Promise<PreparedSignature> {
  // one time for all that follows
  const fixed = { ...request, statement: { signingTime: new Date(), ...request.statement } };
  const { needs, algorithm } = planOf(fixed);
  switch (needs) {
    case "contents":
      return prepared(requestJson(fixed, []), algorithm, fixed.documents.map(wholeContent));
    case "ranges":
      return prepared(placed(fixed, algorithm), algorithm);
    case "digests":
    case "base64url-digests": {
      const form = needs === "digests" ? "bytes" : "base64url";
      const digests = await Promise.all(fixed.documents.map((document) => digest(document, algorithm, form)));
      return prepared(requestJson(fixed, digests), algorithm);
    }
  }
}

function prepared(json: string, algorithm: Algorithm, contents: readonly Uint8Array[] = []): PreparedSignature {
  return calling(() => {
    const made = prepareInCore(json, given(contents));
    const result = { toBeSigned: made.toBeSigned(), digest: made.digest(), algorithm, state: made.state() };
    made.free();
    return result;
  });
}

/**
 * The second step: the signed file. Any process can do it.
 *
 * @throws SignError: the certificate's key did not make this signature over what was prepared, or state or documents are not those that were
 */
export async function finish({ state, signature, contents = [] }: FinishOptions): Promise<FinishedSignature> {
  return calling(() => finished(finishInCore(state, signature, given(contents))));
}

/** @internal */
export const finished = (made: Finished): FinishedSignature => ({ kind: made.isAppended() ? "appended" : "file", bytes: made.bytes() });

/**
 * How many documents {@link finish} needs again: none, unless they go into the signed file.
 *
 * @throws SignError `state-invalid`
 */
export function contentsNeededBy(state: Uint8Array): number {
  return calling(() => contentsNeeded(state));
}

/** @internal */
export function given(contents: readonly Uint8Array[]): Contents {
  const all = new Contents();
  for (const content of contents) all.add(content);
  return all;
}

async function digest({ content, digest }: SignDocument, { hash }: Algorithm, form: "bytes" | "base64url"): Promise<Uint8Array> {
  if (digest !== undefined) return digest;
  if (content === undefined) throw new SignError({ code: "document-missing", message: "a document has neither bytes nor a digest" });
  return digestOf(inRanges(content) ? pieces(content) : content, hash, form);
}

/** The request with a place in its PDF and the digest over it, of which nothing but ranges and pieces was read. */
function placed(request: SignRequest, { hash }: Algorithm): string {
  const content = request.documents[0]?.content;
  if (!(content instanceof Uint8Array) && !inRanges(content)) throw new SignError({ code: "document-missing", message: "a PDF is given as its bytes, or by ranges" });
  const [json, then] = calling(() => {
    const found = place(requestJson(request, []), content);
    const result = [found.request(), found.then()] as const;
    found.free();
    return result;
  });
  const running = hashing(hash);
  for (const piece of content instanceof Uint8Array ? [content] : pieces(content)) running.update(piece);
  const digest = running.update(then).digest("base64");
  const kept = JSON.parse(json) as { documents: [object] };
  kept.documents[0] = { ...kept.documents[0], digest };
  return JSON.stringify(kept);
}
