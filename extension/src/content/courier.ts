import type { ErrorCode } from "../generated/ErrorCode";
import type { SigningReply } from "../generated/SigningReply";
import { DocumentsPort, type RawPort } from "../signing/documents_port.ts";
import { documentsPort, MOST_TOGETHER, SIGNING_PORT, type FromBroker, type ToBroker } from "../signing/messages.ts";

/** Signed files are larger than documents: in JSON by a third. */
const MOST_BACK = 2 * MOST_TOGETHER;

/** What the browser gives a courier. */
export interface CourierBrowser {
  /** Opens a port to the background; throws where the extension was updated or removed under the page. */
  connect(name: string): RawPort;
  /** Hears ports that the extension's own pages open to this document, until told otherwise. */
  onConnect(heard: (name: string, port: RawPort) => void): () => void;
}

/** What comes of a request about documents. */
export interface CourierListener {
  /** A reply, and the signed files that belong to it. */
  heard(reply: SigningReply, documents: Blob[]): void;
  /** Nothing more comes. */
  lost(code: ErrorCode): void;
}

/**
 * Carries one request about documents: digests and certificates to the background, which asks the host; documents to the signing
 * window, which the background opens and which then connects to this very document. The background never sees a document.
 */
export class Courier {
  readonly #listener: CourierListener;
  readonly #broker: RawPort;
  #stopHearing: (() => void) | undefined;
  #window: DocumentsPort | undefined;
  #ended = false;

  /** @throws where the extension was updated or removed under the page */
  constructor(browser: CourierBrowser, id: string, request: string, documents: readonly Blob[] | undefined, listener: CourierListener) {
    this.#listener = listener;
    this.#broker = browser.connect(SIGNING_PORT);
    this.#broker.onMessage.addListener((message) => {
      const said = message as FromBroker;
      if (said.type !== "window") return this.#heard(said, []);
      const name = documentsPort(said.token);
      this.#stopHearing = browser.onConnect((opened, port) => {
        if (opened === name && this.#window === undefined && !this.#ended) this.#meet(port, request, documents ?? []);
      });
      // only now: the window connects once it is told that it may
      this.#tell({ type: "expecting" });
    });
    this.#broker.onDisconnect.addListener(() => {
      // it goes once the window is here
      if (this.#window === undefined) this.#lost("extension-not-reachable");
    });
    this.#tell(documents === undefined ? { type: "request", id, request } : { type: "open-window" });
  }

  /** Gives the request up. */
  cancel(): void {
    this.#end();
  }

  #meet(port: RawPort, request: string, documents: readonly Blob[]): void {
    const window = new DocumentsPort(port, MOST_BACK);
    this.#window = window;
    window.heard = (message, blobs) => this.#heard(message as SigningReply, blobs);
    // who closes the window wants nothing signed
    window.gone = () => this.#lost("user-cancelled");
    this.#stopHearing?.();
    this.#broker.disconnect();
    void window.send({ type: "request", request }, documents).catch(() => this.#lost("document-not-readable"));
  }

  #heard(reply: SigningReply, documents: Blob[]): void {
    if (this.#ended) return;
    if (reply.type !== "signing-progress") this.#end();
    this.#listener.heard(reply, documents);
  }

  #lost(code: ErrorCode): void {
    if (this.#ended) return;
    this.#end();
    this.#listener.lost(code);
  }

  #end(): void {
    this.#ended = true;
    this.#stopHearing?.();
    this.#window?.disconnect();
    this.#broker.disconnect();
  }

  #tell(message: ToBroker): void {
    this.#broker.postMessage(message);
  }
}
