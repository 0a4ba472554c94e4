/**
 * Documents between a page's content script and the signing window: over a port from one to the other, with nobody between them.
 *
 * Where the browser copies Blobs in messages (Firefox; Chromium 148 with `message_serialization`) they go as they are, whatever their
 * size: what is copied is a reference. Elsewhere a message is JSON, and they go in pieces, each of which is taken before the next but
 * one is sent. Which of the two a browser does is tried, not looked up.
 */

import { fromBase64 } from "../documents/base64.ts";

/** Longest piece, in bytes (`MAX_PIECE` of the protocol). */
export const PIECE = 4 * 1024 * 1024;

/** Pieces that are under way at the same time. */
const UNDER_WAY = 2;

/** The half of the browser's port that is used. */
export interface RawPort {
  postMessage(message: object): void;
  disconnect(): void;
  onMessage: { addListener(heard: (message: unknown) => void): void };
  onDisconnect: { addListener(gone: () => void): void };
}

/** What both ends say. */
type Message =
  | { type: "probe"; blob: unknown }
  | { type: "probed"; blobs: boolean }
  | { type: "message"; message: object; blobs?: Blob[]; sizes?: Size[] }
  | { type: "piece"; data: string }
  | { type: "taken" };

interface Size {
  size: number;
  type: string;
}

/** One end. Messages come in the order in which they were sent, each with its Blobs. */
export class DocumentsPort {
  /** A message, and what came beside it. */
  heard: ((message: object, blobs: Blob[]) => void) | undefined;
  /** The other end is gone, or said something that makes no sense. */
  gone: (() => void) | undefined;
  readonly #port: RawPort;
  readonly #copiesBlobs: Promise<boolean>;
  #probed: ((blobs: boolean) => void) | undefined;
  #queue: Promise<void> = Promise.resolve();
  #taken: (() => void)[] = [];
  /** Pieces that were taken before anybody waited for it. */
  #early = 0;
  #coming: { message: object; sizes: Size[]; blobs: Blob[]; parts: BlobPart[]; length: number } | undefined;
  readonly #most: number;
  #closed = false;

  /**
   * @param most bytes that may come together with one message
   */
  constructor(port: RawPort, most: number) {
    this.#port = port;
    this.#most = most;
    this.#copiesBlobs = new Promise((resolve) => (this.#probed = resolve));
    port.onMessage.addListener((message) => this.#hear(message as Message));
    port.onDisconnect.addListener(() => this.#end());
    this.#post({ type: "probe", blob: new Blob(["?"]) });
  }

  /** Sends a message with Blobs beside it; resolves when they are under way. */
  send(message: object, blobs: readonly Blob[] = []): Promise<void> {
    this.#queue = this.#queue.then(() => this.#send(message, blobs));
    return this.#queue;
  }

  /** Closes it after what was sent. */
  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    this.disconnect();
  }

  /** Closes it at once. */
  disconnect(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.gone = undefined;
    this.heard = undefined;
    this.#release();
    this.#port.disconnect();
  }

  async #send(message: object, blobs: readonly Blob[]): Promise<void> {
    if (blobs.length === 0) return this.#post({ type: "message", message });
    if (await this.#copiesBlobs) return this.#post({ type: "message", message, blobs: [...blobs] });
    this.#post({ type: "message", message, sizes: blobs.map(({ size, type }) => ({ size, type })) });
    let underWay = 0;
    for (const blob of blobs) {
      for (let offset = 0; offset < blob.size; offset += PIECE) {
        const data = await base64(blob.slice(offset, offset + PIECE));
        if (underWay === UNDER_WAY) await this.#oneTaken();
        else underWay += 1;
        if (this.#closed) return;
        this.#post({ type: "piece", data });
      }
    }
  }

  #oneTaken(): Promise<void> {
    if (this.#early > 0) {
      this.#early -= 1;
      return Promise.resolve();
    }
    return this.#closed ? Promise.resolve() : new Promise((resolve) => this.#taken.push(resolve));
  }

  #hear(message: Message): void {
    if (this.#closed) return;
    switch (message?.type) {
      case "probe":
        return this.#post({ type: "probed", blobs: message.blob instanceof Blob });
      case "probed":
        return this.#probed?.(message.blobs === true);
      case "taken": {
        const waiting = this.#taken.shift();
        if (waiting === undefined) this.#early += 1;
        return waiting?.();
      }
      case "message":
        return this.#message(message);
      case "piece":
        return void this.#piece(message.data);
      default:
        return this.#end();
    }
  }

  #message({ message, blobs, sizes }: Extract<Message, { type: "message" }>): void {
    if (this.#coming !== undefined || typeof message !== "object" || message === null) return this.#end();
    if (blobs !== undefined) {
      const good = Array.isArray(blobs) && blobs.every((blob) => blob instanceof Blob) && total(blobs) <= this.#most;
      return good ? this.heard?.(message, blobs) : this.#end();
    }
    if (sizes === undefined) return this.heard?.(message, []);
    const good =
      Array.isArray(sizes) &&
      sizes.every(({ size, type }) => Number.isSafeInteger(size) && size >= 0 && typeof type === "string") &&
      total(sizes) <= this.#most;
    if (!good) return this.#end();
    this.#coming = { message, sizes, blobs: [], parts: [], length: 0 };
    this.#complete();
  }

  #piece(data: unknown): void {
    const coming = this.#coming;
    const size = coming?.sizes[coming.blobs.length]?.size;
    if (coming === undefined || size === undefined || typeof data !== "string") return this.#end();
    const bytes = bytesOf(data);
    if (bytes === undefined || bytes.length === 0 || bytes.length > PIECE || coming.length + bytes.length > size) return this.#end();
    // as a Blob, so that what came need not stay in memory
    coming.parts.push(new Blob([bytes]));
    coming.length += bytes.length;
    this.#post({ type: "taken" });
    this.#complete();
  }

  /** Puts together what is whole; empty Blobs have no pieces. */
  #complete(): void {
    const coming = this.#coming;
    if (coming === undefined) return;
    for (let next = coming.sizes[coming.blobs.length]; next !== undefined && next.size === coming.length; next = coming.sizes[coming.blobs.length]) {
      coming.blobs.push(new Blob(coming.parts, { type: next.type }));
      coming.parts = [];
      coming.length = 0;
    }
    if (coming.blobs.length < coming.sizes.length) return;
    this.#coming = undefined;
    this.heard?.(coming.message, coming.blobs);
  }

  #post(message: Message): void {
    try {
      this.#port.postMessage(message);
    } catch {
      // gone a moment ago: onDisconnect follows
    }
  }

  #end(): void {
    const { gone } = this;
    this.disconnect();
    gone?.();
  }

  #release(): void {
    this.#probed?.(false);
    for (const waiting of this.#taken.splice(0)) waiting();
  }
}

const total = (all: readonly { size: number }[]): number => all.reduce((sum, { size }) => sum + size, 0);

/** A Blob as base64, by the browser's own coder. */
function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).slice((reader.result as string).indexOf(",") + 1));
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(blob);
  });
}

function bytesOf(data: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(data);
  } catch {
    return undefined;
  }
}
