import type { HostGoneCause } from "./core.ts";

/** What a browser says when it closes a native port. */
export interface Disconnect {
  /** Chromium: the text of `runtime.lastError`; absent in Firefox. */
  lastError?: string | undefined;
  /** Firefox: the text of `port.error`, which is null where the host just ended; absent in Chromium. */
  portError?: string | null | undefined;
  /** Whether the host sent anything on this port. */
  heard: boolean;
}

/**
 * Why a native port closed.
 *
 * Firefox answers by structure: `port.error` is null when the host ended, and set when it never started (no manifest, a
 * manifest that does not allow this extension, or no program at the manifest's path: it does not tell these apart).
 * Chromium has nothing but an English text, a constant of its source that is never translated; this is the one place in
 * the product that compares a text, and real browsers are asked in `tests/e2e`.
 */
export function disconnectCause({ lastError, portError, heard }: Disconnect): HostGoneCause {
  if (heard) return "ended";
  if (portError !== undefined) return portError === null ? "ended" : "missing";
  switch (lastError) {
    case "Specified native messaging host not found.":
      return "missing";
    case "Access to the specified native messaging host is forbidden.":
      return "forbidden";
    default:
      return "ended";
  }
}
