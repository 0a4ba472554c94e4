/** What `bitaqa-bindgen` makes of `sdk/sign/wasm`. Whatever is thrown is the JSON of `Refusal`, or a trap. */
declare module "bitaqa-sign-core" {
  export class Contents {
    add(content: Uint8Array): void;
  }

  export interface FileReader {
    /** Exactly so many bytes. */
    read(offset: number, length: number): Uint8Array;
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
    file(): Uint8Array | undefined;
  }

  /** JSON of `Plan`. */
  export function plan(request: string): string;
  export function place(request: string, reader: FileReader, length: number): Place;
  /** Uses `contents` up. */
  export function prepare(request: string, contents: Contents): Prepared;
  /** Uses `contents` up. */
  export function finish(state: Uint8Array, signature: Uint8Array, contents: Contents): Finished;
  /** JSON of `Verified`; uses `contents` up. */
  export function verify(file: Uint8Array, asked: string, contents: Contents): string;
  /** Uses `contents` up. */
  export function raise(file: Uint8Array, asked: string, contents: Contents): Raised;
  export function contentsNeeded(state: Uint8Array): number;

  export function initSync(input: { module: WebAssembly.Module }): unknown;
  /** Starts over with fresh memory; what was made before cannot be used any more. */
  export function __wbg_reset_state(): void;
}
