/// <reference path="../../sdk/sign/src/ambient.d.ts" />
/** A Fluent file, parsed by the build. */
declare module "*.ftl" {
  const resource: import("@fluent/bundle").FluentResource;
  export default resource;
}

/** What `wasm-bindgen --target web` makes of the core. */
declare module "bitaqa-core" {
  export function initSync(options: { module: WebAssembly.Module | BufferSource }): unknown;
  /** Gives the code fresh memory; objects made before are of no use any more. */
  export function __wbg_reset_state(): void;
  export class Core {
    constructor(config: string);
    handle(event: string): string;
    free(): void;
  }
}

/** The same of the images module. */
declare module "bitaqa-images" {
  export function initSync(options: { module: WebAssembly.Module | BufferSource }): unknown;
  /** Gives the code fresh memory; pictures made before are of no use any more. */
  export function __wbg_reset_state(): void;
  export class Picture {
    /** Throws where the bytes are no picture that can be shown. */
    constructor(encoded: Uint8Array);
    readonly width: number;
    readonly height: number;
    rgba(): Uint8Array;
    free(): void;
  }
}

/** The same of the export module. */
declare module "bitaqa-pdf" {
  export function initSync(options: { module: WebAssembly.Module | BufferSource }): unknown;
  /** Gives the code fresh memory. */
  export function __wbg_reset_state(): void;
  /** Throws where the sheet is none. */
  export function pdf(sheet: string, width: number, height: number, rgba: Uint8Array): Uint8Array;
}

/** The same of the module for documents, which servers have as well: `sdk/sign`. */
declare module "bitaqa-documents" {
  export * from "bitaqa-sign-core";
  export type { DocumentReader } from "bitaqa-sign-core";

  /** JSON of what the certificate, DER, calls its holder. */
  export function signerNames(certificate: Uint8Array): string;

  /** Whether the certificate, DER, is one of the kind that is wanted (JSON of `CertificateWanted`). */
  export function isWanted(certificate: Uint8Array, wanted: string): boolean;

  /** JSON of `SigningRequest`, with its defaults; what is thrown is the JSON of `ErrorReport`. */
  export function signingRequest(text: string): string;

  /** A digest of what comes piece by piece. */
  export class Hasher {
    /** `form`: the bytes, or their base64url text without padding. Throws where the hash is not known. */
    constructor(hash: string, form: "bytes" | "base64url");
    update(piece: Uint8Array): void;
    /** Uses it up. */
    finish(): Uint8Array<ArrayBuffer>;
  }
}

/** The same of what sets text for visible signatures. */
declare module "bitaqa-lettering" {
  export * from "bitaqa-sign-lettering";
}

/** Files in workers, read while the caller waits (W3C File API). */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
