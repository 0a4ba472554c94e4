import type { ErrorReport } from "../generated/ErrorReport";
import type { FailureReport } from "../generated/FailureReport";
import type { SigningReply } from "../generated/SigningReply";
import type { RawPort } from "../signing/documents_port.ts";
import type { Asking, FromBroker, ToBroker, ToWindow } from "../signing/messages.ts";
import { knownDocument, type Sender } from "./documents.ts";

/** A window that nobody sees by now is not going to come, in milliseconds. */
const WINDOW_WITHIN = 30_000;

/** What the broker needs of the browser and of the rest of the background. */
export interface BrokerSurroundings {
  /** This extension's id. */
  ownId: string;
  /** Address of the signing window's page. */
  page: string;
  /** Whether the person allows the extension on this site. */
  allows(origin: string): Promise<boolean>;
  /** Opens a window with this page; gives what closes it. */
  openWindow(url: string): Promise<() => void>;
  /** Carries out a request without documents; ends what it does when told so. */
  carryOut(request: string, id: string, origin: string, heard: (reply: SigningReply) => void): () => void;
  /** Words a failure in the person's language. */
  word(report: ErrorReport): Promise<FailureReport>;
  setTimeout(run: () => void, milliseconds: number): number;
  clearTimeout(timer: number): void;
}

/** A port with what the browser says of its sender. */
export interface SentPort extends RawPort {
  sender?: Sender & { url?: string };
}

/** A document that waits for its window. */
interface Waiting {
  port: SentPort;
  asking: Asking;
  timer: number;
  /** The window, once it is there. */
  window?: SentPort;
  expecting: boolean;
}

/**
 * Brings documents and their signing windows together, and carries out what needs no window. It sees requests about digests and
 * certificates, and of documents nothing: those go from the page's content script to the window.
 */
export class Broker {
  readonly #surroundings: BrokerSurroundings;
  readonly #waiting = new Map<string, Waiting>();
  readonly #busy = new Set<string>();
  /** What is to be done when a document's port is gone. */
  readonly #ends = new WeakMap<SentPort, (() => void)[]>();

  constructor(surroundings: BrokerSurroundings) {
    this.#surroundings = surroundings;
  }

  /** A document asks. */
  serveDocument(port: SentPort): void {
    const document = knownDocument(port.sender, this.#surroundings.ownId);
    if (document === undefined) return void this.#refuse(port, { code: "origin-not-allowed" });
    if (this.#busy.has(document.key)) return void this.#refuse(port, { code: "request-pending" });
    this.#busy.add(document.key);
    const ends: (() => void)[] = [() => this.#busy.delete(document.key)];
    this.#ends.set(port, ends);
    port.onDisconnect.addListener(() => this.#end(port));
    let asked = false;
    port.onMessage.addListener((message) => {
      const said = message as ToBroker;
      if (said.type === "expecting") return this.#expecting(port);
      if (asked) return;
      asked = true;
      void this.#admit(port, document.origin, said, ends);
    });
  }

  /** A signing window is there. */
  serveWindow(port: SentPort): void {
    const { ownId, page } = this.#surroundings;
    const { id, url } = port.sender ?? {};
    if (id !== ownId || url === undefined || !url.startsWith(page)) return port.disconnect();
    const token = new URL(url).hash.slice(1);
    const waiting = this.#waiting.get(token);
    if (waiting === undefined || waiting.window !== undefined) return port.disconnect();
    waiting.window = port;
    this.#introduce(token, waiting);
  }

  async #admit(port: SentPort, origin: string, said: ToBroker, ends: (() => void)[]): Promise<void> {
    if (!(await this.#surroundings.allows(origin))) return this.#refuse(port, { code: "permission-missing" });
    // the page may have been left in the meantime
    if (ends.length === 0) return;
    if (said.type === "request") {
      ends.push(this.#surroundings.carryOut(said.request, said.id, origin, (reply) => tell(port, reply)));
    } else if (said.type === "open-window") {
      await this.#open(port, origin, ends);
    }
  }

  async #open(port: SentPort, origin: string, ends: (() => void)[]): Promise<void> {
    const { tab, documentId } = port.sender ?? {};
    if (tab?.id === undefined) return this.#refuse(port, { code: "origin-not-allowed" });
    const token = crypto.randomUUID();
    const asking: Asking = { origin, tabId: tab.id, ...(documentId !== undefined && { documentId }) };
    const timer = this.#surroundings.setTimeout(() => void this.#refuse(port, { code: "user-timeout" }), WINDOW_WITHIN);
    this.#waiting.set(token, { port, asking, timer, expecting: false });
    let met = false;
    let close: (() => void) | undefined;
    ends.push(() => {
      const waiting = this.#waiting.get(token);
      this.#waiting.delete(token);
      this.#surroundings.clearTimeout(timer);
      met = waiting?.window !== undefined && waiting.expecting;
      // a page that was left before its window came
      if (!met) close?.();
      waiting?.window?.disconnect();
    });
    try {
      close = await this.#surroundings.openWindow(`${this.#surroundings.page}#${token}`);
      if (ends.length === 0 && !met) close();
    } catch (error) {
      console.error("no signing window:", error);
      return this.#refuse(port, { code: "internal-error" });
    }
    tell(port, { type: "window", token });
  }

  #expecting(port: SentPort): void {
    for (const [token, waiting] of this.#waiting) {
      if (waiting.port !== port) continue;
      waiting.expecting = true;
      this.#introduce(token, waiting);
    }
  }

  /** Tells a window who asks, once both are there. */
  #introduce(token: string, { window, asking, expecting }: Waiting): void {
    if (window === undefined || !expecting) return;
    tell(window, { type: "asking", asking } satisfies ToWindow);
    this.#surroundings.clearTimeout(this.#waiting.get(token)?.timer ?? 0);
  }

  #end(port: SentPort): void {
    for (const end of this.#ends.get(port)?.splice(0) ?? []) end();
  }

  async #refuse(port: SentPort, report: ErrorReport): Promise<void> {
    // who disconnects hears nothing of it
    this.#end(port);
    tell(port, { type: "failure", error: await this.#surroundings.word(report) });
    port.disconnect();
  }
}

function tell(port: SentPort, message: FromBroker | ToWindow): void {
  try {
    port.postMessage(message);
  } catch {
    // gone a moment ago: onDisconnect follows
  }
}
