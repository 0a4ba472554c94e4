import type { ContentMessage } from "../generated/ContentMessage";
import type { PageReply } from "../generated/PageReply";

/** What the browser says about the sender of a port. */
export interface Sender {
  id?: string;
  origin?: string;
  frameId?: number;
  documentId?: string;
  documentLifecycle?: string;
  tab?: { id?: number };
}

/** The half of a content script's port that is used. */
export interface DocumentPort {
  name: string;
  sender?: Sender;
  postMessage(reply: PageReply): void;
  disconnect(): void;
  onMessage: { addListener(heard: (message: ContentMessage) => void): void };
  onDisconnect: { addListener(gone: () => void): void };
}

/** A document that may ask: who it is, by the browser's word alone. */
export interface KnownDocument {
  /** Names the document for the core. */
  key: string;
  /** Its origin. */
  origin: string;
}

/**
 * Who sent a port; `undefined` if it may not ask: another extension, a frame, a document that is prerendered or in the
 * back/forward cache, or an origin that the browser keeps to itself.
 */
export function knownDocument(sender: Sender | undefined, ownId: string): KnownDocument | undefined {
  if (sender === undefined || sender.id !== ownId || sender.tab?.id === undefined) return undefined;
  if (sender.frameId !== 0) return undefined;
  // Chromium says it; Firefox runs no content script in a document that is not active
  if (sender.documentLifecycle !== undefined && sender.documentLifecycle !== "active") return undefined;
  if (!sender.origin || sender.origin === "null") return undefined;
  return { key: `${sender.tab.id}/${sender.documentId ?? sender.origin}`, origin: sender.origin };
}
