import type { DiagnosticsEntry } from "../background/core.ts";
import type { Catalogue } from "../catalogue.ts";

/** Most requests shown. */
const SHOWN = 5;

/** One line of "Recent requests". */
export interface RecentRow {
  request: string;
  /** What a success is called. */
  outcome: string;
  /** The code of a failure; shown as it is, because support asks for it. */
  code: string | undefined;
  time: string;
}

/** The last requests, newest first; not the questions for `status`, which this page itself asks. */
export function recentRows(entries: readonly DiagnosticsEntry[], words: Catalogue): RecentRow[] {
  return entries
    .filter(({ request }) => request !== "status")
    .slice(-SHOWN)
    .reverse()
    .map((entry) => ({
      request: words.text(entry.request === "authenticate" ? "request-authenticate" : "request-other"),
      outcome: words.text("outcome-success"),
      code: entry.code,
      time: entry.microseconds === undefined ? "" : words.text("duration", { milliseconds: milliseconds(entry.microseconds) }),
    }));
}

/** Whole milliseconds, and one decimal below ten. */
export function milliseconds(microseconds: number): number {
  const exact = microseconds / 1000;
  return exact < 10 ? Math.round(exact * 10) / 10 : Math.round(exact);
}
