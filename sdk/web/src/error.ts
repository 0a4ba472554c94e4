import type { ErrorCode } from "./generated/ErrorCode";
import type { FailureReport } from "./generated/FailureReport";

/**
 * What every refused call rejects with. Compare `code`, never `message`.
 *
 * `message` (what happened) and `remedy` (what to do next) are sentences for the person, in the language of the
 * request; they are text, never markup.
 */
export class BitaqaError extends Error {
  override readonly name = "BitaqaError";
  /** Stable code of the catalogue. */
  readonly code: ErrorCode;
  /** What to do next, for the person. */
  readonly remedy: string;
  /** PIN tries left, where the code is about a PIN. */
  declare readonly triesLeft?: number;
  /** For the developer, in English; only where the fault is the page's own. */
  declare readonly detail?: string;

  constructor(report: Pick<FailureReport, "code"> & Partial<FailureReport>) {
    const [message, remedy] = FALLBACK[report.code] ?? [`Bitaqa: ${report.code}.`, ""];
    super(report.message || message);
    this.code = report.code;
    this.remedy = report.remedy || remedy;
    if (report.triesLeft !== undefined) this.triesLeft = report.triesLeft;
    if (report.detail !== undefined) this.detail = report.detail;
  }
}

/** Sentences for the codes that are raised here, without the extension and so without its translations. */
const FALLBACK: { readonly [code in ErrorCode]?: readonly [message: string, remedy: string] } = {
  "gesture-missing": ["This needs a click.", "Press the button on the page again."],
  "extension-not-reachable": [
    "Bitaqa does not answer on this page.",
    "Install the Bitaqa extension, or allow it on this site, then reload the page.",
  ],
  "request-aborted": ["The page stopped the request.", "Start again if you still want to."],
  "request-invalid": ["The page asked in a wrong way.", "Tell the people who run this site."],
};
