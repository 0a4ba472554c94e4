import { shaped } from "./core";
import type { SignDocument } from "./document";
import type { AlgorithmChoice } from "./generated/AlgorithmChoice";
import type { Certification } from "./generated/Certification";
import type { ContainerSignature } from "./generated/ContainerSignature";
import type { Field } from "./generated/Field";
import type { Format } from "./generated/Format";
import type { HashName } from "./generated/HashName";
import type { Packaging } from "./generated/Packaging";
import type { Serialization } from "./generated/Serialization";
import type { StatedPlace } from "./generated/StatedPlace";

/** Who signs, and how. */
export interface SignerOptions {
  /** The signer's certificate: DER, or PEM. Its key usage must be content commitment (`nonRepudiation`). */
  readonly certificate: Uint8Array | string;
  /** Certificates of its issuers that shall be in the file: each DER, or PEM with any number. */
  readonly chain?: readonly (Uint8Array | string)[];
  /** How it is signed, where the key leaves a choice. */
  readonly algorithm?: AlgorithmChoice;
}

/** What is to be signed, by whom, and how. */
export interface SignRequest extends SignerOptions {
  /** The kind of file that is made. */
  readonly format: Format;
  /** Where the document is; for formats that have a choice. */
  readonly packaging?: Packaging;
  /** How a JSON web signature is written; `flattened` unless something else is said. */
  readonly serialization?: Serialization;
  /** How the signature of a container (ASiC) is written; `cades` unless something else is said. */
  readonly containerSignature?: ContainerSignature;
  /** What is signed. */
  readonly documents: readonly SignDocument[];
  /** What the signer says. */
  readonly statement?: SignerStatement;
  /** For PAdES: field, appearance, certification. */
  readonly pdf?: PdfOptions;
}

/** What the signer says beside the document, and signs. */
export interface SignerStatement {
  /** When they sign, by the server's clock; now unless something else is said. To the second. */
  readonly signingTime?: Date;
  /** What the signature means (TS 119 172-1): a name, or the object identifier of another. */
  readonly commitments?: readonly (Commitment | (string & {}))[];
  /** Roles that the signer claims. */
  readonly roles?: readonly string[];
  /** The place of signing. */
  readonly place?: StatedPlace;
  /** The policy under which they sign. */
  readonly policy?: {
    /** Its object identifier. */
    readonly identifier: string;
    /** Digest of the policy document. */
    readonly digest: Uint8Array;
    /** Hash of the digest. */
    readonly hash: HashName;
    /** Where the document is. */
    readonly uri?: string;
  };
}

/** What a signature means. */
export type Commitment = "proof-of-origin" | "proof-of-receipt" | "proof-of-delivery" | "proof-of-sender" | "proof-of-approval" | "proof-of-creation";

/** Field, appearance and certification of a signature in a PDF. */
export interface PdfOptions {
  /** The field; a new one if none is named. */
  readonly field?: Field;
  /** What a viewer shows; nothing if it is missing. */
  readonly appearance?: {
    /** The page, the first being 0. */
    readonly page?: number;
    /** Left, bottom, right and top in the page's units, 1/72 inch by default. A field that is there keeps its own. */
    readonly rectangle: readonly [number, number, number, number];
    /** Lines of text, each in a language that runs as it likes. */
    readonly lines?: readonly string[];
    /** PNG or JPEG. */
    readonly image?: Uint8Array;
    /** A TrueType font, for letters beyond western Europe's. */
    readonly font?: Uint8Array;
  };
  /** What may be changed later, if the signature certifies the document; then it must be its first. */
  readonly certification?: Certification;
  /** The signer's name, as a viewer lists it. */
  readonly name?: string;
  /** Why they sign. Not together with commitments. */
  readonly reason?: string;
  /** How they are reached. */
  readonly contact?: string;
}

/** @internal */
export const base64 = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
/** @internal */
export const file = (content: Uint8Array | string): string | undefined => base64(typeof content === "string" ? Buffer.from(content) : content);

/**
 * The request as the core takes it: without documents' bytes, with the digests that are known; bytes are base64, and what is missing is left out.
 *
 * @internal
 */
export function requestJson(request: SignRequest, digests: readonly Uint8Array[]): string {
  const { documents, certificate, chain = [], statement = {}, pdf, ...others } = request;
  const { signingTime = new Date(), policy, ...said } = statement;
  return JSON.stringify({
    ...others,
    documents: documents.map(({ content: _, digest, ...document }, at) => ({ ...document, digest: base64(digests[at] ?? digest) })),
    certificate: file(certificate),
    chain: chain.map(file),
    statement: {
      ...said,
      signingTime: Math.floor(signingTime.getTime() / 1000),
      policy: policy && { ...policy, digest: base64(policy.digest) },
    },
    pdf: pdf && pdfJson(pdf),
  });
}

function pdfJson({ appearance, ...others }: PdfOptions): object {
  if (appearance === undefined) return others;
  const { image, font, lines = [], ...look } = appearance;
  const text = font === undefined ? { lines } : { shaped: { font: base64(font), lines: JSON.parse(shaped(font, lines)) as object[] } };
  return { ...others, appearance: { ...look, ...text, image: base64(image) } };
}
