import type { SigningReply } from "../generated/SigningReply";

/** Name of a content script's port to the background, for one request about documents. */
export const SIGNING_PORT = "signing";

/** Name of the signing window's port to the background. */
export const SIGNING_WINDOW_PORT = "signing-window";

/** Name of the port that a signing window opens to the document that asked. */
export const documentsPort = (token: string): string => `documents ${token}`;

/** All documents of one request together, in bytes (`MAX_DOCUMENTS_TOGETHER` of the protocol). */
export const MOST_TOGETHER = 2 * 1024 ** 3;

/** What a content script says to the background. */
export type ToBroker =
  /** A request without documents. */
  | { type: "request"; id: string; request: string }
  /** A request with documents, which only the signing window gets. */
  | { type: "open-window" }
  /** The document waits for the window. */
  | { type: "expecting" };

/** What the background says to a content script. */
export type FromBroker = SigningReply | { type: "window"; token: string };

/** Where a signing window finds the document that asked: what the browser says of it. */
export interface Asking {
  origin: string;
  tabId: number;
  documentId?: string;
}

/** What the background says to a signing window that gave its token; nothing, where nobody asked under it. */
export type ToWindow = { type: "asking"; asking: Asking };
