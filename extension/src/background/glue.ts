import type { ContentMessage } from "../generated/ContentMessage";
import type { ErrorReport } from "../generated/ErrorReport";
import type { FailureReport } from "../generated/FailureReport";
import type { Language } from "../generated/Language";
import type { MyCard } from "../generated/MyCard";
import type { PageReply } from "../generated/PageReply";
import { isLast } from "../replies.ts";
import type { Core, CoreAction, CoreEvent, CoreReply, DiagnosticsEntry } from "./core.ts";
import { NativePort, type NativeRuntime } from "./native_port.ts";

/** What the glue needs of the browser and of the rest of the background. */
export interface Surroundings {
  runtime: NativeRuntime;
  /** Starts the core; called at the first event, and again after the core broke. */
  startCore(): Promise<Core>;
  /** Words a failure. */
  word(report: ErrorReport, language: Language): FailureReport;
  /** Language where the core could not say one. */
  language(): Language;
  setTimeout(run: () => void, milliseconds: number): number;
  clearTimeout(timer: number): void;
  /** Takes what is on the holder's card. Only the page "My card" has it: the background asks for no card and keeps none. */
  myCard?(card: MyCard): void;
}

/** Hears the replies to one document's request. */
export type Listener = (reply: PageReply) => void;

/** Carries events to the core and its actions out, one event at a time, in order. */
export class Glue {
  readonly #surroundings: Surroundings;
  readonly #native: NativePort;
  readonly #documents = new Map<string, Listener>();
  readonly #timers = new Map<string, number>();
  readonly #events: CoreEvent[] = [];
  readonly #diagnostics: ((entries: DiagnosticsEntry[]) => void)[] = [];
  #core: Core | undefined;
  #busy = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#native = new NativePort(surroundings.runtime, {
      frame: (frame) => this.#happened({ type: "host-frame", frame }),
      gone: (cause, reason) => this.#happened({ type: "host-gone", cause, reason }),
    });
  }

  /** A document opened a port for one request; false if one of its requests is still under way. */
  opened(document: string, listener: Listener): boolean {
    if (this.#documents.has(document)) return false;
    this.#documents.set(document, listener);
    return true;
  }

  /** Whether a document's port is still open and its request under way. */
  holds(document: string, listener: Listener): boolean {
    return this.#documents.get(document) === listener;
  }

  /** A document sent a message over its port. */
  content(document: string, origin: string, message: ContentMessage): void {
    this.#happened({ type: "content", document, origin, message: JSON.stringify(message) });
  }

  /** The page "My card" asks for the card in the reader. */
  readMyCard(document: string): void {
    this.#happened({ type: "read-my-card", document, id: crypto.randomUUID() });
  }

  /** Ends everything: what is under way, the port, the core. */
  close(): void {
    this.#documents.clear();
    this.#reset();
  }

  /** A document's port closed: what it asked for is given up. Ports whose request has ended are forgotten already. */
  gone(document: string, listener: Listener): void {
    if (this.holds(document, listener)) this.#forget(document);
  }

  /** Starts over with a fresh core at the next event, unless a request is under way. For changed settings. */
  renew(): void {
    if (this.#documents.size === 0 && !this.#busy) this.#reset();
  }

  /** The recent requests, as the core remembers them. */
  diagnostics(): Promise<DiagnosticsEntry[]> {
    return new Promise((resolve) => {
      this.#diagnostics.push(resolve);
      this.#happened({ type: "diagnostics" });
    });
  }

  #happened(event: CoreEvent): void {
    this.#events.push(event);
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (let event = this.#events.shift(); event; event = this.#events.shift()) {
        this.#core ??= await this.#surroundings.startCore();
        const actions = JSON.parse(this.#core.handle(JSON.stringify(event))) as CoreAction[];
        for (const action of actions) this.#do(action);
      }
    } catch (error) {
      this.#broke(error);
    } finally {
      this.#busy = false;
    }
  }

  #do(action: CoreAction): void {
    switch (action.type) {
      case "reply":
        return this.#reply(action.document, this.#worded(action.reply));
      case "my-card":
        this.#surroundings.myCard?.(action.card);
        return this.#forget(action.document);
      case "open-host":
        return this.#native.open();
      case "send-host":
        return this.#native.send(action.frame);
      case "close-host":
        return this.#native.close();
      case "set-timer":
        return this.#setTimer(action.name, action.milliseconds);
      case "clear-timer":
        return this.#clearTimer(action.name);
      case "diagnostics":
        for (const resolve of this.#diagnostics.splice(0)) resolve(action.entries);
    }
  }

  #reply(document: string, reply: PageReply): void {
    this.#documents.get(document)?.(reply);
    if (isLast(reply)) this.#forget(document);
  }

  #forget(document: string): void {
    if (this.#documents.delete(document)) this.#happened({ type: "document-gone", document });
  }

  #worded(reply: CoreReply): PageReply {
    if (reply.type !== "failure") return reply;
    return { type: "failure", error: this.#surroundings.word(reply.error, reply.language) };
  }

  #setTimer(name: string, milliseconds: number): void {
    this.#clearTimer(name);
    const run = (): void => {
      this.#timers.delete(name);
      this.#happened({ type: "timer", name });
    };
    this.#timers.set(name, this.#surroundings.setTimeout(run, milliseconds));
  }

  #clearTimer(name: string): void {
    const timer = this.#timers.get(name);
    if (timer !== undefined) this.#surroundings.clearTimeout(timer);
    this.#timers.delete(name);
  }

  /**
   * The core could not be started, or stopped at a fault of its own: everything under way ends, and the next request
   * starts a fresh core.
   */
  #broke(error: unknown): void {
    this.#reset();
    const report = { code: "internal-error", detail: String(error).slice(0, 300) } as const;
    const failure = this.#surroundings.word(report, this.#surroundings.language());
    for (const listener of this.#documents.values()) listener({ type: "failure", error: failure });
    this.#documents.clear();
  }

  #reset(): void {
    this.#core = undefined;
    this.#events.length = 0;
    this.#native.close();
    for (const name of [...this.#timers.keys()]) this.#clearTimer(name);
    for (const resolve of this.#diagnostics.splice(0)) resolve([]);
  }
}
