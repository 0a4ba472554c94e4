import type { DiagnosticsEntry } from "../background/core.ts";
import type { Catalogue } from "../catalogue.ts";

/** Most requests shown. */
const SHOWN = 3;

/** One line of "Recent requests". */
export interface RecentRow {
  state: "ready" | "problem";
  request: string;
  /** How it ended, in words. */
  outcome: string;
  /** The code of a failure, because support asks for it; empty for a success. */
  code: string;
  time: string;
}

/** The last requests, newest first; not the questions for `status`, which this page itself asks. */
export function recentRows(entries: readonly DiagnosticsEntry[], words: Catalogue, errors: Catalogue): RecentRow[] {
  return entries
    .filter(({ request }) => request !== "status")
    .slice(-SHOWN)
    .reverse()
    .map(({ request, code, microseconds }) => ({
      state: code === undefined ? "ready" : "problem",
      request: words.text(nameOf(request)),
      outcome: code === undefined ? words.text("outcome-success") : errors.failure({ code }).message,
      code: code ?? "",
      time: microseconds === undefined ? "" : words.text("duration", { milliseconds: milliseconds(microseconds) }),
    }));
}

/** Whole milliseconds, and one decimal below ten. */
export function milliseconds(microseconds: number): number {
  const exact = microseconds / 1000;
  return exact < 10 ? Math.round(exact * 10) / 10 : Math.round(exact);
}

/** The catalogue's name for a kind of request. */
function nameOf(request: string): string {
  switch (request) {
    case "authenticate":
      return "request-authenticate";
    case "identify":
      return "request-identify";
    default:
      return "request-other";
  }
}
