import type { Catalogue } from "../catalogue.ts";
import type { PdfRisks } from "../documents/results.ts";

/** A kind of risk. */
export type Risk = keyof PdfRisks;

/** The sentence of each kind, which the compiler demands, in the order in which they are said. */
export const RISK_TEXTS: { readonly [risk in Risk]: string } = {
  javaScript: "risk-java-script",
  automaticActions: "risk-automatic-actions",
  externalActions: "risk-external-actions",
  externalContent: "risk-external-content",
  xfa: "risk-xfa",
  optionalContent: "risk-optional-content",
  viewerMadeAppearances: "risk-viewer-made-appearances",
  media: "risk-media",
  trailingBytes: "risk-trailing-bytes",
  embeddedFiles: "risk-embedded-files",
  formFields: "risk-form-fields",
};

/** What was found in a document: kinds of risks, or why it could not be inspected. */
export type Found = { readonly risks: readonly Risk[] } | { readonly unreadable: string };

/** The kinds that are there. */
export function risksOf(found: PdfRisks): Risk[] {
  return (Object.keys(RISK_TEXTS) as Risk[]).filter((risk) => found[risk]);
}

/** Whether a person should know of it before they sign. */
export function isFlagged(found: Found | undefined): boolean {
  return found !== undefined && ("unreadable" in found || found.risks.length > 0);
}

/** What a document may do or show beside its pages, in sentences. */
export function riskTexts(found: Found | undefined, words: Catalogue): string[] {
  if (found === undefined) return [];
  if ("unreadable" in found) return [words.text("risk-unreadable", { reason: found.unreadable })];
  return found.risks.map((risk) => words.text(RISK_TEXTS[risk]));
}
