import type { FlowEvents } from "../src/signing/flow.ts";

/** A person who allows what is asked, types the PIN as often as the card wants it, and gives nothing up. */
export const WILLING: FlowEvents = {
  signal: new AbortController().signal,
  stage: () => undefined,
  unsuited: () => undefined,
  choose: async () => undefined,
  howOften: async () => "each",
  mayAsk: async () => true,
  isStopped: () => false,
};
