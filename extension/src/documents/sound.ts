import type { SignatureReport } from "./results.ts";

/** Nothing is wrong with it but that something may not be known: a file with it can be given out. */
export function isSound({ cryptographicallyIntact, indication, timeStamps }: SignatureReport): boolean {
  return cryptographicallyIntact && indication !== "TOTAL-FAILED" && timeStamps.every((stamp) => stamp.indication !== "TOTAL-FAILED");
}
