import type { PageReply } from "../generated/PageReply";

/** What a page sends over its port. */
export type FromPage =
  | { type: "request"; request: string }
  /** The second call of an identity request: what the portal's server made of the answer. */
  | { type: "chip-challenge"; challenge: string }
  | { type: "cancel" }
  /** Are you still there? Answered with `ready`. */
  | { type: "ping" };

/** Reads a message of the page; `undefined` if it is none of ours. Lengths are for the caller to judge. */
export function readFromPage(data: unknown): FromPage | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type, request, challenge } = data as { type?: unknown; request?: unknown; challenge?: unknown };
  if (type === "cancel" || type === "ping") return { type };
  if (type === "request" && typeof request === "string") return { type, request };
  if (type === "chip-challenge" && typeof challenge === "string") return { type, challenge };
  return undefined;
}

/** The half of a `MessagePort` that is used, so that tests can stand in for a page. */
export interface PagePort {
  postMessage(reply: PageReply): void;
  close(): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
}
