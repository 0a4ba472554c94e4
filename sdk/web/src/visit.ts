import type { ErrorCode } from "./generated/ErrorCode";

/** A visit ends after this long without an exchange; the extension counts for itself. */
const IDLE_MILLISECONDS = 600_000;

/**
 * What this page knows about its visit: the extension opens one at the first call made from a click or key press, and
 * takes further calls of the same document without one. Only a call that stands a chance is sent at all.
 */
let openUntil = 0;

/** Whether a call may be sent: a fresh gesture, or a visit that is probably open. */
export function mayAsk(): boolean {
  return navigator.userActivation?.isActive === true || Date.now() < openUntil;
}

/** The extension answered. */
export function visitSeen(): void {
  openUntil = Date.now() + IDLE_MILLISECONDS;
}

/** The extension ended the visit, or the page did by cancelling. */
export function visitEnded(): void {
  openUntil = 0;
}

/** Faults of the page's own, after which it may ask again; after every other failure the extension wants a new gesture. */
export const KEEPS_VISIT: readonly ErrorCode[] = [
  "request-invalid",
  "request-too-large",
  "request-id-reused",
  "request-pending",
  "challenge-invalid",
];
