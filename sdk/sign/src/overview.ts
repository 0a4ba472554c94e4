import { inspect as inspectInCore } from "bitaqa-sign-core";
import { calling } from "./core";
import type { RangeReader } from "./document";
import type { PdfOverview } from "./pdf_overview";

/**
 * Looks at a PDF before it is signed; by ranges only its structure is read.
 *
 * @throws SignError `document-invalid`
 */
export function inspect(document: Uint8Array | RangeReader): PdfOverview {
  return JSON.parse(calling(() => inspectInCore(document))) as PdfOverview;
}
