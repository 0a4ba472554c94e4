/**
 * `@bitaqa/web/documents`: sign documents and digests with a national identity card. A module of its own beside `@bitaqa/web`, which
 * it loads, so that a page that only signs in loads no more than that takes.
 */
import type { Answer } from "./exchange.ts";
import { BitaqaError, exchange } from "./shared.ts";
import type { Appearance } from "./generated/Appearance";
import type { CertificateWanted } from "./generated/CertificateWanted";
import type { FailureReport } from "./generated/FailureReport";
import type { Language } from "./generated/Language";
import type { Packaging } from "./generated/Packaging";
import type { SignatureFormat } from "./generated/SignatureFormat";
import type { SignatureLevel } from "./generated/SignatureLevel";
import type { SigningCertificate } from "./generated/SigningCertificate";
import type { SigningRequest } from "./generated/SigningRequest";
import type { SigningStage } from "./generated/SigningStage";
import type { TokenAlgorithm } from "./generated/TokenAlgorithm";

export { BitaqaError };
export type { Packaging, SignatureFormat, SignatureLevel, SigningCertificate, TokenAlgorithm as SignatureAlgorithm };

/** How far a request about documents is. */
export interface SigningProgress {
  stage: SigningStage;
  /** How many documents are signed. */
  signed: number;
  /** Of how many. */
  total: number;
}

/** What every call about documents can be told. */
export interface SigningOptions {
  /** Language of the windows and of the messages; the person's own if absent. */
  language?: Language;
  /** Gives the call up and closes the windows. */
  signal?: AbortSignal;
  /** Told how far the request is. */
  onProgress?: (progress: SigningProgress) => void;
}

/** A document to be signed. */
export interface DocumentToSign {
  /** What the person sees it called: 1 to 255 characters on one line. */
  name: string;
  /** Media type; the Blob's if absent. */
  type?: string;
  /** The document. It goes to a window of the extension on this computer, and nowhere else. */
  blob: Blob;
}

/**
 * A signature that can be seen, and where it is put at first; the person can move it. It shows the name in the signer's certificate and
 * the date, in the window's language, and what is given here.
 */
export interface SignatureAppearance {
  /** The page, from 1. */
  page: number;
  /** Left edge, in points from the left of the page before it is turned; whole numbers, as all of these. */
  x: number;
  /** Lower edge, in points from below. */
  y: number;
  width: number;
  height: number;
  /** Why it is signed: 1 to 255 characters on one line. The person sees it as this site's words before they sign. */
  reason?: string;
  /** PNG or JPEG of at most 256 KiB and 4096 pixels on a side, beside the lines. The person sees it before they sign. */
  image?: Blob;
}

/** Options of {@link sign}. */
export interface SignOptions extends SigningOptions {
  /** 1 to 500 documents, of at most 1 GiB each and 2 GiB together. */
  documents: readonly DocumentToSign[];
  /** The kind of file that is made: one for each document, of `asic-e` one for all. */
  format: SignatureFormat;
  /** The highest that is tried, `B-B` if absent: what services do not give lowers it, and each file says its own. */
  level?: SignatureLevel;
  /** Where the document is: of `cades` and `jades` `attached` or `detached`, of `xades` `enveloping`, `enveloped` or `detached`; the first if absent. */
  packaging?: Packaging;
  /** `pades`: a signature that can be seen on the first document, and where it is put at first. The person can move it. */
  appearance?: SignatureAppearance;
  /**
   * Which certificate, by what it says of itself: `qualified`, for signatures or seals (`type`), under whose law (`legislation`: two letters,
   * or `EU`), under which `policy` it was issued (an object identifier). Whether it is qualified, only a trusted list tells.
   */
  certificate?: Partial<CertificateWanted>;
}

/** A signed file. It was validated before this page got it. */
export interface SignedFile {
  name: string;
  type: string;
  /** The level that it has. */
  level: SignatureLevel;
  blob: Blob;
}

/** What `sign` and `signDigests` reject with where the person or the card stopped after some documents: those are not lost. */
export type Stopped<Signed> = BitaqaError & { readonly signed: readonly Signed[] };

/** A digest to be signed. */
export interface NamedDigest {
  /** What the person sees it called. */
  name: string;
  /** The digest, made with the algorithm's hash. */
  digest: Uint8Array;
  /** How it is signed: one of those that the certificate came with. */
  algorithm: TokenAlgorithm;
}

/** Options of {@link signDigests}. */
export interface SignDigestsOptions extends SigningOptions {
  /** The certificate whose key is to sign: DER in base64, from {@link signingCertificates}. */
  certificate: string;
  /** 1 to 500. */
  digests: readonly NamedDigest[];
}

/**
 * Has the person sign documents with their card: resolves to the signed files. The person sees the documents in a window of the
 * extension, and each one's name and digest again in the window that asks for the PIN.
 *
 * Call it from a click or key press. Rejects with a {@link BitaqaError}. Where the person or the card stopped after some documents,
 * the error is {@link Stopped}, and its `signed` has the files that were made. A card that wants the PIN for each document lets the person sign all of them in
 * one container instead: then it resolves to one file, whatever the format asked for.
 */
export async function sign(options: SignOptions): Promise<SignedFile[]> {
  const { documents, format, level, packaging, appearance, certificate } = options;
  const answer = await ask(options, documents.map(({ blob }) => blob), async () => ({
    type: "sign",
    documents: documents.map(({ name, type, blob }) => ({ name, type: type ?? blob.type, size: blob.size })),
    format,
    level: level ?? "B-B",
    ...(packaging && { packaging }),
    ...(appearance && { appearance: await appearanceAsked(appearance) }),
    certificate: { ...certificate, qualified: certificate?.qualified ?? false },
  }));
  if (answer.type !== "signed-documents") throw unexpected(answer.type);
  const { files = [] } = answer;
  const signed = answer.documents.flatMap((document, at) => {
    const blob = files[at];
    return blob ? [{ ...document, blob }] : [];
  });
  if (answer.stopped) throw stopped(answer.stopped, signed);
  return signed;
}

/**
 * Has the person sign digests: resolves to the raw signatures, PKCS#1 for RSA and `r ‖ s` for ECDSA. The window tells the person that
 * this computer cannot see what they are of: use {@link sign} wherever the document can be here.
 *
 * Call it from a click or key press. Rejects with a {@link BitaqaError}; {@link Stopped} as for {@link sign}.
 */
export async function signDigests(options: SignDigestsOptions): Promise<Uint8Array[]> {
  const { certificate, digests } = options;
  const listed = digests.map(({ name, digest, algorithm }) => ({ name, digest: toBase64(digest), algorithm }));
  const answer = await ask(options, "none", () => ({ type: "sign-digests", certificate, digests: listed }));
  if (answer.type !== "signatures") throw unexpected(answer.type);
  const signatures = answer.signatures.map(fromBase64);
  if (answer.stopped) throw stopped(answer.stopped, signatures);
  return signatures;
}

/**
 * Which certificates the card has for signing documents. The person agrees to it in a window; no PIN is asked for.
 *
 * Call it from a click or key press. Rejects with a {@link BitaqaError}.
 */
export async function signingCertificates(options: SigningOptions = {}): Promise<SigningCertificate[]> {
  const answer = await ask(options, "none", () => ({ type: "signing-certificates" }));
  if (answer.type !== "signing-certificates") throw unexpected(answer.type);
  return answer.certificates;
}

function ask({ language, signal, onProgress }: SigningOptions, documents: readonly Blob[] | "none", request: () => SigningRequest | Promise<SigningRequest>): Promise<Answer> {
  return exchange({
    // made when the extension is there: what takes time must not take the gesture
    request: async () => ({ ...(await request()), ...(language && { language }) }),
    documents,
    signal,
    onProgress: onProgress && (({ type, ...progress }) => type === "signing-progress" && onProgress(progress as SigningProgress)),
  });
}

async function appearanceAsked({ image, ...place }: SignatureAppearance): Promise<Appearance> {
  return image === undefined ? place : { ...place, image: toBase64(new Uint8Array(await image.arrayBuffer())) };
}

function stopped<Signed>(report: FailureReport, signed: Signed[]): Stopped<Signed> {
  return Object.assign(new BitaqaError(report), { signed });
}

function unexpected(type: string): BitaqaError {
  return new BitaqaError({ code: "internal-error", detail: `the extension answered with "${type}"` });
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  // a call takes a limited number of arguments
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
