import type { ContentMessage } from "../generated/ContentMessage";
import type { ErrorCode } from "../generated/ErrorCode";
import type { PageReply } from "../generated/PageReply";
import { isLast, waitsForChip } from "../replies.ts";
import type { SigningReply } from "../generated/SigningReply";
import { Allowance } from "./allowance.ts";
import { Courier, type CourierBrowser } from "./courier.ts";
import { type PagePort, readFromPage } from "./page_port.ts";
import { Visit } from "./visit.ts";

/** Longest request text, in UTF-16 code units (`MAX_REQUEST_LENGTH` of the protocol). */
export const MAX_REQUEST_LENGTH = 32 * 1024;

/** Longest request about documents, in UTF-16 code units (`MAX_SIGNING_REQUEST_LENGTH` of the protocol). */
export const MAX_SIGNING_REQUEST_LENGTH = 512 * 1024;

/** Longest chip challenge, in characters (`MAX_CHALLENGE` of the protocol's chip authentication). */
export const MAX_CHIP_CHALLENGE = 512;

/** Exchanges that may wait for their request at the same time, and for how long (milliseconds). */
const MAX_WAITING = 8;
const WAITING_MILLISECONDS = 120_000;

/** A document may open 20 exchanges at once and then five a second. */
const ALLOWANCE = { size: 20, refill: 200 };

/** Request ids remembered, so that none is used twice. */
const MAX_REMEMBERED = 256;

/**
 * Faults of the page's own code, after which it may ask again. After every other failure a window may have stood before
 * the person, who closed it or let it be: it does not come back without a click.
 */
const KEEPS_VISIT: readonly ErrorCode[] = [
  "request-invalid",
  "request-too-large",
  "request-id-reused",
  "request-pending",
  "challenge-invalid",
];

/** A port to the background; it lives as long as one request. */
export interface BackgroundPort {
  postMessage(message: ContentMessage): void;
  disconnect(): void;
}

/** What the browser gives the gate. */
export interface Browser {
  /** How requests about documents travel. */
  courier: CourierBrowser;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Whether the person has just clicked or pressed a key. */
  userIsActive(): boolean;
  /** When the person last clicked or pressed a key in this document, by the same clock; negative infinity if never. */
  lastGesture(): number;
  /** Whether the document is in front of the person. */
  isVisible(): boolean;
  /** Opens a port to the background; throws where the extension was updated or removed under the page. */
  connect(heard: (reply: PageReply) => void, gone: () => void): BackgroundPort;
  /** Sentences for the codes that are raised here. */
  sentences(code: ErrorCode): { message: string; remedy: string };
  setTimeout(run: () => void, milliseconds: number): number;
  clearTimeout(timer: number): void;
}

/** One call of the page, from its envelope to its last reply. */
interface Exchange {
  id: string;
  port: PagePort;
  timer: number;
  background?: BackgroundPort;
  courier?: Courier;
  /** The page may send what its server made of the answer, once. */
  waitsForChip?: boolean;
}

/**
 * Stands between one document and the background: lets a request through when the person's gesture opened a visit, one
 * at a time, and keeps floods out.
 */
export class DocumentGate {
  readonly #browser: Browser;
  readonly #visit = new Visit();
  readonly #allowance: Allowance;
  readonly #used = new Set<string>();
  readonly #waiting = new Set<Exchange>();
  #running: Exchange | undefined;

  constructor(browser: Browser) {
    this.#browser = browser;
    this.#allowance = new Allowance(ALLOWANCE.size, ALLOWANCE.refill, browser.now());
  }

  /** Whether a message of the page is worth a look. */
  listens(): boolean {
    return !this.#visit.isDeaf(this.#browser.userIsActive());
  }

  /** The page posted an envelope. */
  envelope(id: string, port: PagePort): void {
    const now = this.#browser.now();
    const admitted = this.#admit(now);
    if (admitted === "silent" || !this.#allowance.take(now)) return;
    const exchange: Exchange = { id, port, timer: 0 };
    if (admitted === "ended") return this.#refuse(exchange, "gesture-missing");
    if (this.#waiting.size === MAX_WAITING) return this.#refuse(exchange, "request-pending");
    if (!this.#remember(id)) return this.#refuse(exchange, "request-id-reused");

    this.#waiting.add(exchange);
    exchange.timer = this.#browser.setTimeout(() => this.#close(exchange), WAITING_MILLISECONDS);
    port.onmessage = (event) => this.#fromPage(exchange, event.data);
    port.postMessage({ type: "ready" });
  }

  /** The page was left, reloaded, or put away into the back/forward cache. */
  left(): void {
    this.#visit.end(this.#browser.now());
    if (this.#running) this.#close(this.#running);
    for (const exchange of this.#waiting) this.#close(exchange);
  }

  #admit(now: number): "admitted" | "ended" | "silent" {
    return this.#visit.admit(this.#browser.userIsActive(), this.#browser.lastGesture(), now);
  }

  #fromPage(exchange: Exchange, data: unknown): void {
    const message = readFromPage(data);
    if (message?.type === "ping") {
      exchange.port.postMessage({ type: "ready" });
    } else if (message?.type === "cancel") {
      this.#visit.end(this.#browser.now());
      exchange.background?.postMessage({ type: "cancel", id: exchange.id });
      exchange.courier?.cancel();
      this.#close(exchange);
    } else if (message?.type === "request" && this.#waiting.has(exchange)) {
      this.#request(exchange, message.request, MAX_REQUEST_LENGTH, () => this.#ask(exchange, message.request));
    } else if (message?.type === "signing-request" && this.#waiting.has(exchange)) {
      const { request, documents } = message;
      this.#request(exchange, request, MAX_SIGNING_REQUEST_LENGTH, () => this.#askToSign(exchange, request, documents));
    } else if (message?.type === "chip-challenge") {
      this.#chipChallenge(exchange, message.challenge);
    }
  }

  #request(exchange: Exchange, request: string, longest: number, ask: () => void): void {
    if (request.length > longest) return this.#refuse(exchange, "request-too-large");
    // a lone surrogate cannot be written as UTF-8
    if (!request.isWellFormed()) return this.#refuse(exchange, "request-invalid");
    // the visit may have ended since the envelope came; a page in the background raises no window
    const admitted = this.#admit(this.#browser.now());
    if (admitted !== "admitted" || !this.#browser.isVisible()) return this.#refuse(exchange, "gesture-missing");
    if (this.#running) return this.#refuse(exchange, "request-pending");
    try {
      ask();
    } catch {
      return this.#refuse(exchange, "extension-not-reachable");
    }
    this.#waiting.delete(exchange);
    this.#browser.clearTimeout(exchange.timer);
    this.#running = exchange;
  }

  #ask(exchange: Exchange, request: string): void {
    exchange.background = this.#browser.connect(
      (reply) => this.#fromBackground(exchange, reply),
      () => this.#lost(exchange),
    );
    exchange.background.postMessage({ type: "request", id: exchange.id, request });
  }

  #askToSign(exchange: Exchange, request: string, documents: Blob[] | undefined): void {
    exchange.courier = new Courier(this.#browser.courier, exchange.id, request, documents, {
      heard: (reply, files) => this.#signed(exchange, reply, files),
      lost: (code) => {
        if (this.#running !== exchange) return;
        this.#visit.end(this.#browser.now());
        this.#refuse(exchange, code);
      },
    });
  }

  #signed(exchange: Exchange, reply: SigningReply, files: Blob[]): void {
    if (this.#running !== exchange) return;
    if (reply.type === "failure") {
      // a window may have stood before the person, even where the fault is the page's own
      this.#visit.end(this.#browser.now());
      exchange.port.postMessage(reply);
      return this.#close(exchange);
    }
    exchange.port.postMessage(files.length > 0 ? { ...reply, files } : reply);
    if (reply.type === "signing-progress") return;
    this.#visit.touch(this.#browser.now());
    this.#close(exchange);
  }

  /** The second call of an identity request: on the port of the first, and only while it is waited for. */
  #chipChallenge(exchange: Exchange, challenge: string): void {
    if (challenge.length > MAX_CHIP_CHALLENGE) return this.#refuse(exchange, "request-too-large");
    if (exchange.waitsForChip !== true || !challenge.isWellFormed()) return this.#refuse(exchange, "request-invalid");
    exchange.waitsForChip = false;
    exchange.background?.postMessage({ type: "chip-challenge", id: exchange.id, challenge });
  }

  #fromBackground(exchange: Exchange, reply: PageReply): void {
    if (this.#running !== exchange) return;
    if (reply.type === "auth-token") this.#visit.touch(this.#browser.now());
    if (reply.type === "failure" && !KEEPS_VISIT.includes(reply.error.code)) this.#visit.end(this.#browser.now());
    if (waitsForChip(reply)) exchange.waitsForChip = true;
    exchange.port.postMessage(reply);
    if (isLast(reply)) this.#close(exchange);
  }

  #lost(exchange: Exchange): void {
    if (this.#running === exchange) this.#refuse(exchange, "extension-not-reachable");
  }

  #refuse(exchange: Exchange, code: ErrorCode): void {
    exchange.port.postMessage({ type: "failure", error: { code, ...this.#browser.sentences(code) } });
    this.#close(exchange);
  }

  /** Ends an exchange. The background cancels what it still had to do for it when its port closes. */
  #close(exchange: Exchange): void {
    this.#browser.clearTimeout(exchange.timer);
    this.#waiting.delete(exchange);
    if (this.#running === exchange) this.#running = undefined;
    exchange.port.onmessage = null;
    exchange.port.close();
    exchange.background?.disconnect();
    exchange.courier?.cancel();
  }

  #remember(id: string): boolean {
    if (this.#used.has(id)) return false;
    this.#used.add(id);
    if (this.#used.size > MAX_REMEMBERED) {
      for (const oldest of this.#used) {
        this.#used.delete(oldest);
        break;
      }
    }
    return true;
  }
}
