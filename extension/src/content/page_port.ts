import type { PageReply } from "../generated/PageReply";
import type { SigningReply } from "../generated/SigningReply";

/** What a page sends over its port. */
export type FromPage =
  | { type: "request"; request: string }
  /** The second call of an identity request: what the portal's server made of the answer. */
  | { type: "chip-challenge"; challenge: string }
  /** A request about documents, with the documents where it has any. */
  | { type: "signing-request"; request: string; documents?: Blob[] }
  | { type: "cancel" }
  /** Are you still there? Answered with `ready`. */
  | { type: "ping" };

/** Reads a message of the page; `undefined` if it is none of ours. Lengths are for the caller to judge. */
export function readFromPage(data: unknown): FromPage | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type, request, challenge, documents } = data as { type?: unknown; request?: unknown; challenge?: unknown; documents?: unknown };
  if (type === "cancel" || type === "ping") return { type };
  if (type === "request" && typeof request === "string") return { type, request };
  if (type === "signing-request" && typeof request === "string") {
    if (documents === undefined) return { type, request };
    return areBlobs(documents) ? { type, request, documents } : undefined;
  }
  if (type === "chip-challenge" && typeof challenge === "string") return { type, challenge };
  return undefined;
}

/** Most documents of one request (`MAX_DOCUMENTS` of the protocol). */
const MAX_DOCUMENTS = 500;

function areBlobs(documents: unknown): documents is Blob[] {
  return Array.isArray(documents) && documents.length <= MAX_DOCUMENTS && documents.every((document) => document instanceof Blob);
}

/** The half of a `MessagePort` that is used, so that tests can stand in for a page. */
export interface PagePort {
  postMessage(reply: PageReply | (SigningReply & { files?: Blob[] })): void;
  close(): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
}
