import type { ErrorCode } from "../generated/ErrorCode";
import type { ErrorReport } from "../generated/ErrorReport";
import type { Language } from "../generated/Language";
import type { MyCard } from "../generated/MyCard";
import type { PageReply } from "../generated/PageReply";
import type { Timing } from "../generated/Timing";
import type { ToHost } from "../generated/ToHost";

/**
 * The extension's core: a state machine without input and output of its own, in WebAssembly. It is told what happened
 * and says what to do; the glue carries it out and decides nothing.
 */
export interface Core {
  /** Takes one {@link CoreEvent} as JSON; returns a JSON array of {@link CoreAction}, to be done in order. */
  handle(event: string): string;
}

/** What the core is started with. */
export interface CoreConfig {
  /** Version of the extension. */
  extension: string;
  /** Language of a request that names none. */
  language: Language;
  /** The person chose that language: it is used whatever a page asks for. */
  chosen: boolean;
}

/** Why the native port closed. */
export type HostGoneCause = "missing" | "forbidden" | "ended" | "permission";

/** What happened. */
export type CoreEvent =
  /** A content script sent a message (JSON of `ContentMessage`). `origin` is the browser's word. */
  | { type: "content"; document: string; origin: string; message: string }
  /** The holder wants to see the own card. Only the page "My card" raises it, in a core of its own. */
  | { type: "read-my-card"; document: string; id: string }
  /** The document's port closed. */
  | { type: "document-gone"; document: string }
  /** The host sent a frame (JSON of `FromHost`). */
  | { type: "host-frame"; frame: string }
  /** The native port closed, or could not be opened. `reason` is the browser's text, for the developer. */
  | { type: "host-gone"; cause: HostGoneCause; reason: string }
  /** A timer ran out. */
  | { type: "timer"; name: string }
  /** Somebody wants to see the recent requests. */
  | { type: "diagnostics" };

/** A reply as the core gives it: a failure carries its code, and the language in which to word it. */
export type CoreReply =
  | Exclude<PageReply, { type: "failure" }>
  | { type: "failure"; error: ErrorReport; language: Language };

/** What to do. */
export type CoreAction =
  | { type: "reply"; document: string; id: string; reply: CoreReply }
  | { type: "my-card"; document: string; id: string; card: MyCard }
  | { type: "open-host" }
  | { type: "send-host"; frame: ToHost }
  | { type: "close-host" }
  | { type: "set-timer"; name: string; milliseconds: number }
  | { type: "clear-timer"; name: string }
  | { type: "diagnostics"; entries: DiagnosticsEntry[] };

/** One recent request, without anything about card, person or site. */
export interface DiagnosticsEntry {
  /** What was asked: the `type` of the page's request. */
  request: string;
  /** The code it failed with; absent where it succeeded. */
  code?: ErrorCode;
  /** What the developer is told of a failure; no page hears it. */
  detail?: string;
  /** Microseconds the host needed, without the person's time, where the host measured it. */
  microseconds?: number;
  /** All that the host measured. */
  timing?: Timing;
}
