/** What a visible signature shows: the name in the signer's certificate, the date, a reason, an image. */
import type { Catalogue } from "../catalogue.ts";
import { base64 } from "../documents/base64.ts";
import type { LabelledLine, LetteringWanted, Lettered } from "../documents/results.ts";
import { moment } from "../page/moment.ts";
import type { SignatureImage } from "./signature_image.ts";

/** Space that holds together what stands on both sides. */
const HOLDS = "\u00a0";

/** What the module for documents takes of an appearance beside its place; bytes in base64. */
export interface Look {
  shaped: { font: string; lines: readonly object[] };
  image?: string;
}

/** The lines. `names`: what the certificate calls the signer, the best first; a site or the person has no say in it. */
export function linesOf(words: Catalogue, names: readonly string[], at: Date, reason: string | undefined): LabelledLine[] {
  return [
    // a certificate without a name that can be read is shown by the date alone; the file says more
    ...(names.length === 0 ? [] : [{ label: words.text("shown-name"), values: names.map((name) => name.normalize("NFC")) }]),
    { label: words.text("shown-date"), values: [dateText(at)] },
    ...(reason === undefined ? [] : [{ label: words.text("shown-reason"), values: [quoted(words, reason)] }]),
  ];
}

/**
 * Day, time and time zone on one line, in digits that every language has. The zone is said because who reads the file later does not
 * know where it was signed.
 */
export function dateText(at: Date): string {
  const { date, time } = moment(at.toISOString());
  const east = -at.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60].map((part) => String(part).padStart(2, "0"));
  return [date, time, `(UTC${east < 0 ? "-" : "+"}${hours}:${minutes})`].join(HOLDS);
}

/** What the signer, or a site, gave as the reason: in quotation marks, and with spaces of one kind, so that no row of it passes for another line. */
function quoted(words: Catalogue, reason: string): string {
  return words.text("shown-reason-given", { reason: reason.normalize("NFC").replaceAll(/\s+/gu, " ") });
}

/** What is to be set, in a place that is seen so large. */
export function lettersWanted(seen: { width: number; height: number }, lines: LabelledLine[], image: SignatureImage | undefined): LetteringWanted {
  return { width: seen.width, height: seen.height, ...(image && { image: [image.width, image.height] as const }), lines };
}

/** The same, set, for the signature. */
export async function lookOf({ font, rows }: Lettered, image: SignatureImage | undefined): Promise<Look> {
  const bytes = image && new Uint8Array(await image.blob.arrayBuffer());
  return { shaped: { font, lines: rows.map(({ shaped }) => shaped) }, ...(bytes && { image: base64(bytes) }) };
}
