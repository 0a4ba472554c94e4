import type { Catalogue } from "../catalogue.ts";
import type { PdfRisks } from "../documents/results.ts";

/** What a PDF may do or show beside its pages, in sentences. */
export function riskTexts(found: PdfRisks, words: Catalogue): string[] {
  const ids = [
    (found.javaScript || found.automaticActions || found.externalActions) && "risk-active",
    (found.xfa || found.optionalContent || found.externalContent || found.viewerMadeAppearances || found.media) && "risk-changing",
    found.embeddedFiles && "risk-embedded",
    found.formFields && "risk-form",
  ];
  return ids.flatMap((id) => (id === false ? [] : words.text(id)));
}
