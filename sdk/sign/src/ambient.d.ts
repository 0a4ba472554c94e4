/** What `bitaqa-bindgen` makes of `sdk/sign/wasm`. Whatever is thrown is the JSON of `Refusal`, or a trap. */
declare module "bitaqa-sign-core" {
  /** A document: its bytes, or who reads them. */
  export type Document = Uint8Array | DocumentReader;

  export interface DocumentReader {
    /** Bytes of the document. */
    readonly size: number;
    /** Exactly so many bytes, the same each time. */
    read(offset: number, length: number): Uint8Array;
  }

  export class Contents {
    /** All of it is read. */
    add(document: Document): void;
  }

  export interface Place {
    /** JSON of the request, with what of the file was read. */
    request(): string;
    /** What is hashed after the whole file. */
    then(): Uint8Array;
    free(): void;
  }

  export interface Prepared {
    toBeSigned(): Uint8Array;
    digest(): Uint8Array;
    state(): Uint8Array;
    free(): void;
  }

  export interface Finished {
    isAppended(): boolean;
    /** Uses it up. */
    bytes(): Uint8Array;
  }

  export interface Raised {
    /** JSON of `Need[]`, bytes in base64; nothing if the file is there. */
    needs(): string | undefined;
    /** JSON of `Reached`. */
    reached(): string | undefined;
    /** Uses it up. */
    file(): Finished | undefined;
  }

  /** JSON of `Plan`. */
  export function plan(request: string): string;
  /** Reads ranges of a PDF. */
  export function place(request: string, document: Document): Place;
  /** JSON of `PdfOverview`; reads ranges of a PDF. */
  export function inspect(document: Document): string;
  /** Uses `contents` up. */
  export function prepare(request: string, contents: Contents): Prepared;
  /** Uses `contents` up. */
  export function finish(state: Uint8Array, signature: Uint8Array, contents: Contents): Finished;
  /** JSON of `Verified`; uses `contents` up. Reads a PDF piece by piece. */
  export function verify(document: Document, asked: string, contents: Contents): string;
  /** Uses `contents` up. Reads a PDF piece by piece. */
  export function raise(document: Document, asked: string, contents: Contents): Raised;
  export function contentsNeeded(state: Uint8Array): number;
  /** JSON of `ListSummary`; `at` in seconds since 1970. */
  export function trustedList(lists: string, at: number): string;

  export function initSync(input: { module: WebAssembly.Module }): unknown;
  /** Starts over with fresh memory; what was made before cannot be used any more. */
  export function __wbg_reset_state(): void;
}

/** What `bitaqa-bindgen` makes of `sdk/sign/lettering`. What is thrown is as above. */
declare module "bitaqa-sign-lettering" {
  /** JSON of the lines that an appearance has as `shaped`, from a JSON array of texts. */
  export function shape(font: Uint8Array, lines: string): string;
  /** JSON of rows that fit into a place, from that of `Wanted` in `crates/signature/src/pades/fitting.rs`. */
  export function fit(font: Uint8Array, wanted: string): string;

  export function initSync(input: { module: WebAssembly.Module }): unknown;
  export function __wbg_reset_state(): void;
}
