import type { BackgroundPort, Browser } from "../src/content/document_gate.ts";
import type { ContentMessage } from "../src/generated/ContentMessage.ts";
import type { ErrorCode } from "../src/generated/ErrorCode.ts";
import type { PageReply } from "../src/generated/PageReply.ts";
import type { CourierBrowser } from "../src/content/courier.ts";
import type { RawPort } from "../src/signing/documents_port.ts";
import { FakePort } from "./fake_port.ts";

/** One port to the background, seen from the background. */
export class FakeBackgroundPort implements BackgroundPort {
  readonly got: ContentMessage[] = [];
  open = true;
  readonly reply: (reply: PageReply) => void;
  readonly gone: () => void;

  constructor(reply: (reply: PageReply) => void, gone: () => void) {
    this.reply = reply;
    this.gone = gone;
  }

  postMessage(message: ContentMessage): void {
    if (!this.open) throw new Error("Attempting to use a disconnected port object");
    this.got.push(message);
  }

  disconnect(): void {
    this.open = false;
  }
}

/** What the browser gives a content script; the test is the person, the clock and the background. */
export class FakeBrowser implements Browser {
  readonly ports: FakeBackgroundPort[] = [];
  time = 0;
  active = false;
  /** When the person last clicked. */
  clicked = Number.NEGATIVE_INFINITY;
  visible = true;
  /** The extension was updated or removed under the page. */
  invalidated = false;
  #timers = new Map<number, { at: number; run: () => void }>();
  #lastTimer = 0;

  now(): number {
    return this.time;
  }

  userIsActive(): boolean {
    return this.active;
  }

  lastGesture(): number {
    return this.clicked;
  }

  /** The person clicks. */
  click(): void {
    this.active = true;
    this.clicked = this.time;
  }

  isVisible(): boolean {
    return this.visible;
  }

  /** Ports about documents, seen from the background, and what documents hear of the extension's pages. */
  readonly signingPorts: { name: string; port: FakePort }[] = [];
  #hearing: ((name: string, port: RawPort) => void) | undefined;

  readonly courier: CourierBrowser = {
    connect: (name) => {
      if (this.invalidated) throw new Error("Extension context invalidated.");
      const [here, there] = FakePort.pair();
      this.signingPorts.push({ name, port: there });
      return here;
    },
    onConnect: (heard) => {
      this.#hearing = heard;
      return () => (this.#hearing = undefined);
    },
  };

  /** A page of the extension connects to the document; its end, where somebody listens. */
  opens(name: string): FakePort {
    const [here, there] = FakePort.pair();
    this.#hearing?.(name, here);
    return there;
  }

  connect(heard: (reply: PageReply) => void, gone: () => void): BackgroundPort {
    if (this.invalidated) throw new Error("Extension context invalidated.");
    const port = new FakeBackgroundPort(heard, gone);
    this.ports.push(port);
    return port;
  }

  sentences(code: ErrorCode): { message: string; remedy: string } {
    return { message: `what: ${code}`, remedy: `do: ${code}` };
  }

  setTimeout(run: () => void, milliseconds: number): number {
    this.#timers.set(++this.#lastTimer, { at: this.time + milliseconds, run });
    return this.#lastTimer;
  }

  clearTimeout(timer: number): void {
    this.#timers.delete(timer);
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const [timer, { at, run }] of this.#timers) {
      if (at > this.time) continue;
      this.#timers.delete(timer);
      run();
    }
  }
}
