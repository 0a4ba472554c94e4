import type { DiagnosticsEntry } from "./background/core.ts";
import type { ErrorReport } from "./generated/ErrorReport";

/** Name of the port between the extension's own page and the background. */
export const SET_UP_PORT = "set-up";

/** What the background found out for the set-up page. */
export interface SetUp {
  /** Version of the extension. */
  extension: string;
  /** Version of the host, or why it does not answer. */
  host: { version: string } | { error: ErrorReport };
  /** Recent requests, newest last. */
  recent: DiagnosticsEntry[];
}
