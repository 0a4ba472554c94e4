/** A file by ranges, read synchronously: only workers can. */
import type { DocumentReader } from "bitaqa-documents";

/** Bytes of a block; structures of a PDF are read in far smaller pieces, side by side. */
const BLOCK = 64 * 1024;
/** Most blocks that are kept. */
const KEPT = 64;

/** A file cannot be read: it changed, or went away, since it was opened. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

export class RangeFile implements DocumentReader {
  readonly #file: Blob;
  readonly #reader = new FileReaderSync();
  /** Blocks by number, the one that was used last at the end. */
  readonly #blocks = new Map<number, Uint8Array<ArrayBuffer>>();
  /** What went wrong: the module passes on that something did, not what. */
  #fault: Unreadable | undefined;

  constructor(file: Blob) {
    this.#file = file;
  }

  get size(): number {
    return this.#file.size;
  }

  get fault(): Unreadable | undefined {
    return this.#fault;
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const first = Math.floor(offset / BLOCK);
    if (length >= BLOCK || offset + length > (first + 2) * BLOCK) return this.#fresh(offset, offset + length);
    const start = offset - first * BLOCK;
    const block = this.#block(first);
    if (start + length <= BLOCK) return block.slice(start, start + length);
    const joined = new Uint8Array(length);
    joined.set(block.subarray(start));
    joined.set(this.#block(first + 1).subarray(0, start + length - BLOCK), BLOCK - start);
    return joined;
  }

  /** All of it, one after the other. */
  *pieces(length: number): Generator<Uint8Array<ArrayBuffer>> {
    for (let offset = 0; offset < this.size; offset += length) yield this.#fresh(offset, Math.min(offset + length, this.size));
  }

  #block(number: number): Uint8Array<ArrayBuffer> {
    const known = this.#blocks.get(number) ?? this.#fresh(number * BLOCK, Math.min((number + 1) * BLOCK, this.size));
    this.#blocks.delete(number);
    this.#blocks.set(number, known);
    if (this.#blocks.size > KEPT) {
      const [oldest] = this.#blocks.keys();
      if (oldest !== undefined) this.#blocks.delete(oldest);
    }
    return known;
  }

  #fresh(offset: number, end: number): Uint8Array<ArrayBuffer> {
    try {
      return new Uint8Array(this.#reader.readAsArrayBuffer(this.#file.slice(offset, end)));
    } catch (error) {
      this.#fault = new Unreadable(String(error));
      throw this.#fault;
    }
  }
}
