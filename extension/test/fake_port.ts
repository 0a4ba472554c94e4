import type { Sender } from "../src/background/documents.ts";
import type { RawPort } from "../src/signing/documents_port.ts";

/** One end of a browser's port; what one says the other hears at the next turn, as copies. */
export class FakePort implements RawPort {
  sender: Sender & { url?: string } = {};
  /** Everything that was heard. */
  readonly got: object[] = [];
  open = true;
  /** How messages are copied: as a structured clone, or as JSON in browsers that have no other way. */
  copy: (message: object) => object = (message) => message;
  #other: FakePort | undefined;
  readonly #heard: ((message: unknown) => void)[] = [];
  readonly #gone: (() => void)[] = [];

  static pair(): [FakePort, FakePort] {
    const [one, other] = [new FakePort(), new FakePort()];
    one.#other = other;
    other.#other = one;
    return [one, other];
  }

  readonly onMessage = { addListener: (heard: (message: unknown) => void): number => this.#heard.push(heard) };
  readonly onDisconnect = { addListener: (gone: () => void): number => this.#gone.push(gone) };

  postMessage(message: object): void {
    if (!this.open) throw new Error("Attempting to use a disconnected port object");
    const copied = this.copy(message);
    const other = this.#other;
    queueMicrotask(() => {
      if (other?.open !== true) return;
      other.got.push(copied);
      for (const heard of other.#heard) heard(copied);
    });
  }

  disconnect(): void {
    if (!this.open) return;
    this.open = false;
    const other = this.#other;
    queueMicrotask(() => {
      if (other?.open !== true) return;
      other.open = false;
      for (const gone of other.#gone) gone();
    });
  }
}
