import type { Catalogue } from "../catalogue.ts";
import type { Authenticity } from "../generated/Authenticity";
import type { CertificateOnCard } from "../generated/CertificateOnCard";
import type { ChipOnCard } from "../generated/ChipOnCard";
import type { DataGroup } from "../generated/DataGroup";
import type { DocumentContents } from "../generated/DocumentContents";
import type { DocumentOnCard } from "../generated/DocumentOnCard";
import type { MyCard } from "../generated/MyCard";
import type { PinOnCard } from "../generated/PinOnCard";

/** A value with its label. */
export interface Row {
  label: string;
  value: string;
}

/** A sentence with a sign, a word and a colour. */
export interface Finding {
  state: "ready" | "warning" | "problem" | "unknown";
  text: string;
}

/** A certificate or PIN in words. */
export interface Entry {
  title: string;
  rows: Row[];
}

/** Everything that the page shows, in the words of one language. */
export interface Shown {
  /** When it was read. */
  readAt: string;
  /** What the document says, in the order of the vocabulary. */
  values: Row[];
  /** What could not be read or is not there. */
  notes: string[];
  /** Whether it is genuine; nothing where there is no document. */
  findings: Finding[];
  /** What has to stand on every copy of the data: that they prove nothing, and why; empty where that is not so. */
  mark: string;
  certificates: Entry[];
  pins: Row[];
}

/** Puts what is on a card into words. `now`: milliseconds since 1970, for certificates that have run out. */
export function shown(card: MyCard, words: Catalogue, now: number): Shown {
  const { document } = card;
  const contents = document?.contents;
  return {
    readAt: words.text("read-at", { date: date(card.readAt), time: time(card.readAt) }),
    values: contents === undefined ? [] : contents.values.map(({ claim, value }) => ({ label: claimText(claim, words), value: valueText(claim, value, words) })),
    notes: contents === undefined ? [] : notes(contents, words),
    findings: document === undefined ? [] : findings(document, words),
    mark: document === undefined ? "" : mark(document, words),
    certificates: card.certificates.map((certificate) => certificateEntry(certificate, words, now)),
    pins: card.pins.map((pin) => pinRow(pin, words)),
  };
}

/** The claim's name, as the host's window says it: `claim-given-name-ar` for `given_name#ar`. */
function claimText(claim: string, words: Catalogue): string {
  return words.text(`claim-${claim.replaceAll(/[_#]/g, "-")}`);
}

function valueText(claim: string, value: string, words: Catalogue): string {
  if (claim === "gender") return words.text(value === "F" ? "sex-female" : "sex-male");
  // the card's order, year first, is for machines
  const whole = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return whole !== null && claim.includes("date") ? `${whole[3]}/${whole[2]}/${whole[1]}` : value;
}

function notes({ unreadable, notGiven }: DocumentContents, words: Catalogue): string[] {
  return [
    ...unreadable.map((group) => words.text("group-unreadable", { group: groupText(group, words) })),
    ...notGiven.map((group) => words.text("group-not-given", { group: groupText(group, words) })),
  ];
}

function groupText(group: DataGroup, words: Catalogue): string {
  switch (group) {
    case "dg1":
      return words.text("group-identity");
    case "dg2":
      return words.text("group-photo");
    case "dg7":
      return words.text("group-signature");
    case "dg11":
      return words.text("group-details");
    case "dg13":
      return words.text("group-state");
  }
}

function findings(document: DocumentOnCard, words: Catalogue): Finding[] {
  switch (document.kind) {
    case "icao":
      return [authenticity(document.authenticity, words), chip(document.chip, words)];
    case "unauthenticated":
      return [{ state: "warning", text: words.text("cannot-be-checked") }];
  }
}

function mark(document: DocumentOnCard, words: Catalogue): string {
  switch (document.kind) {
    case "icao":
      return document.authenticity.outcome === "genuine" && document.authenticity.test ? authenticity(document.authenticity, words).text : "";
    case "unauthenticated":
      return words.text("cannot-be-checked");
  }
}

function authenticity(found: Authenticity, words: Catalogue): Finding {
  switch (found.outcome) {
    case "genuine":
      return found.test
        ? { state: "warning", text: words.text("genuine-test", { country: found.country }) }
        : { state: "ready", text: words.text("genuine", { country: found.country }) };
    case "not-genuine":
      return { state: "problem", text: `${words.text("not-genuine")} ${words.text("not-genuine-code", { code: found.code })}` };
    case "not-checked":
      return {
        state: "unknown",
        text: words.text(found.reason === "no-authorities" ? "not-checked-no-authorities" : "not-checked-authority-unknown"),
      };
  }
}

function chip(found: ChipOnCard, words: Catalogue): Finding {
  switch (found) {
    case "proven":
      return { state: "ready", text: words.text("chip-proven") };
    case "not-proven":
      return { state: "problem", text: words.text("chip-not-proven") };
    case "not-offered":
      return { state: "unknown", text: words.text("chip-not-offered") };
    case "not-checked":
      return { state: "unknown", text: words.text("chip-not-checked") };
  }
}

function certificateEntry({ purpose, facts }: CertificateOnCard, words: Catalogue, now: number): Entry {
  const title = words.text(purpose === "authentication" ? "purpose-authentication" : "purpose-signature");
  if (facts === undefined) return { title, rows: [{ label: "", value: words.text("certificate-unreadable") }] };
  const { subject, personalNumber, issuer, notBefore, notAfter } = facts;
  const span = words.text("certificate-span", { from: date(notBefore), to: date(notAfter) });
  const judged = now > notAfter * 1000 ? "certificate-expired" : now < notBefore * 1000 ? "certificate-early" : undefined;
  return {
    title,
    rows: [
      { label: words.text("certificate-holder"), value: subject },
      ...(personalNumber === undefined ? [] : [{ label: words.text("certificate-number"), value: personalNumber }]),
      { label: words.text("certificate-issuer"), value: issuer },
      { label: words.text("certificate-valid"), value: judged === undefined ? span : `${span} (${words.text(judged)})` },
    ],
  };
}

function pinRow({ purpose, label, triesLeft, triesMaximum, activated }: PinOnCard, words: Catalogue): Row {
  const name = words.text(purpose === "authentication" ? "purpose-authentication" : "purpose-signature");
  return { label: label === undefined ? name : `${name} (\u2068${label}\u2069)`, value: tries() };

  function tries(): string {
    if (activated === false) return words.text("pin-not-activated");
    if (triesLeft === undefined) return words.text("pin-unknown");
    return triesMaximum === undefined
      ? words.text("pin-tries", { tries: triesLeft })
      : words.text("pin-tries-of", { tries: triesLeft, most: triesMaximum });
  }
}

/** Day, month and year of a moment, in this computer's time zone. */
function date(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return `${two(moment.getDate())}/${two(moment.getMonth() + 1)}/${moment.getFullYear()}`;
}

function time(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
