/** A report in the words of one language. */
import type { Catalogue } from "../catalogue.ts";
import type { Indication, SignatureReport, ValidationReport } from "../documents/results.ts";
import { moment } from "../page/moment.ts";
import { anchorOf, type Basis, CHOICE, testPacksOf } from "./trust.ts";

/** Each state has a sign, and never stands without a word. */
export type State = "ready" | "unknown" | "problem" | "warning" | "note";

/** A value with its label. */
export interface Row {
  label: string;
  value: string;
}

/** A sentence with a sign. */
export interface Finding {
  state: State;
  text: string;
}

/** Something of which several things are said. */
export interface Entry {
  title: string;
  rows: Row[];
}

/** Why a signature is not valid. */
export interface Reason {
  text: string;
  /** What the person can do, and what of it can be done on this page. */
  advice: string;
  remedy: Remedy | undefined;
}

/** What the person can add. */
export type Remedy = "authorities" | "beside";

/** The verdict on a file. */
export interface ShownFile {
  state: State;
  verdict: string;
  /** How many signatures, judged when. */
  summary: string;
  /** It rests on trust that is only for tests: said wherever the verdict is. */
  isTest: boolean;
  signatures: ShownSignature[];
}

/** One signature. */
export interface ShownSignature {
  state: State;
  verdict: string;
  isTest: boolean;
  /** Whose it is, or seems to be. */
  title: string;
  /** Why it is not valid, what decides it first, and what the person can do. */
  reasons: Reason[];
  findings: Finding[];
  rows: Row[];
  /** What a person should know, in English: the module's own sentences. */
  remarks: string[];
  /** For experts: verdict and reason in the standard's words, and why in the module's. */
  standard: string;
  steps: (Finding & { detail: string })[];
  chain: Entry[];
  timeStamps: Entry[];
  technical: Row[];
  counterSignatures: ShownSignature[];
}

const STATES: { readonly [indication in Indication]: State } = {
  "TOTAL-PASSED": "ready",
  INDETERMINATE: "unknown",
  "TOTAL-FAILED": "problem",
};

const VERDICTS: { readonly [indication in Indication]: string } = {
  "TOTAL-PASSED": "valid",
  INDETERMINATE: "undecided",
  "TOTAL-FAILED": "invalid",
};

const REMEDIES: { readonly [reason: string]: Remedy } = {
  NO_CERTIFICATE_CHAIN_FOUND: "authorities",
  SIGNED_DATA_NOT_FOUND: "beside",
};

/** A sub-indication of EN 319 102-1, as the catalogue has it. */
export function reasonId(subIndication: string): string {
  return `reason-${subIndication.toLowerCase().replaceAll("_", "-")}`;
}

/** Puts a report into words; `basis`: on whose word it stands. */
export function shown(report: ValidationReport, words: Catalogue, basis: Basis = CHOICE): ShownFile {
  const { indication, signatures } = report;
  return {
    state: STATES[indication],
    verdict: words.text(`file-${VERDICTS[indication]}`),
    summary: words.text("summary", { count: signatures.length, ...moment(report.validationTime) }),
    isTest: report.assurance === "test",
    signatures: signatures.map((signature) => signatureShown(signature, words, basis)),
  };
}

function signatureShown(signature: SignatureReport, words: Catalogue, basis: Basis): ShownSignature {
  const { indication, subIndication, signer, level, format } = signature;
  const passed = indication === "TOTAL-PASSED";
  return {
    state: STATES[indication],
    verdict: words.text(`signature-${VERDICTS[indication]}`),
    isTest: signature.assurance === "test",
    title: signer?.name ?? words.text("signer-unknown"),
    reasons: reasons(signature, words),
    findings: findings(signature, words, basis),
    rows: [
      row(passed ? "signed-by" : "name-in-certificate", signer?.name),
      row("number", signer?.serialNumber),
      row("organisation", signer?.organisation),
      row("country", signer?.country),
      row("issuer", signature.chain[0] && commonName(signature.chain[0].issuer)),
      row("claimed-time", signature.signingTime && words.text("moment", moment(signature.signingTime))),
      row("proven-time", signature.bestSignatureTimeProven ? words.text("moment-latest", moment(signature.bestSignatureTime)) : words.text("not-proven")),
      row("format", level === null ? format : `${format}, ${level}`),
    ].flat(),
    remarks: [...signature.remarks],
    standard: subIndication === null ? indication : `${indication}, ${subIndication}`,
    steps: signature.steps.map((step) => ({
      state: ({ passed: "ready", "not-passed": STATES[indication], "not-done": "note" } as const)[step.outcome],
      text: words.text(`step-${step.step}`),
      detail: [step.subIndication, step.detail].filter((part) => part !== null).join(": "),
    })),
    chain: signature.chain.map((certificate) => certificateEntry(certificate, words, basis)),
    timeStamps: signature.timeStamps.map((stamp) => timeStampEntry(stamp, words)),
    technical: [
      row("technical-name", signature.name),
      row("algorithm", signature.algorithm),
      row("fingerprint", signer?.certificateSha256),
      row("judged-at", signature.bestSignatureTime),
      row("qualified-because", signature.qualification.reason),
    ].flat(),
    counterSignatures: signature.counterSignatures.map((counter) => signatureShown(counter, words, basis)),
  };

  function row(label: string, value: string | null | undefined): Row[] {
    return value === null || value === undefined || value === "" ? [] : [{ label: words.text(label), value }];
  }
}

/** One thing decides, but a person who mends that wants to know what comes next; what failed cannot be mended. */
function reasons({ indication, subIndication, steps }: SignatureReport, words: Catalogue): Reason[] {
  if (indication === "TOTAL-PASSED") return [];
  const found = indication === "TOTAL-FAILED" ? [subIndication] : [subIndication, ...steps.map((step) => (step.outcome === "not-passed" ? step.subIndication : null))];
  return [...new Set(found.filter((reason) => reason !== null))].map((reason) => {
    const id = reasonId(reason);
    return { text: words.text(id), advice: words.text(`${id}.advice`), remedy: REMEDIES[reason] };
  });
}

function findings(signature: SignatureReport, words: Catalogue, basis: Basis): Finding[] {
  return [intact(signature, words), ...coverage(signature, words), ...trust(signature, words, basis), time(signature, words), qualified(signature, words), ...tests(signature, words, basis)];
}

/** The packs for tests that the verdict rests on. */
function tests(signature: SignatureReport, words: Catalogue, basis: Basis): Finding[] {
  const packs = testPacksOf(signature, basis);
  return packs.length === 0 ? [] : [{ state: "warning", text: words.text("test-trust", { packs: packs.join(", ") }) }];
}

function intact({ cryptographicallyIntact, subIndication }: SignatureReport, words: Catalogue): Finding {
  if (cryptographicallyIntact) return { state: "ready", text: words.text("intact") };
  if (subIndication === "HASH_FAILURE") return { state: "problem", text: words.text("changed") };
  if (subIndication === "SIG_CRYPTO_FAILURE") return { state: "problem", text: words.text("not-of-this-key") };
  return { state: "unknown", text: words.text("intact-unknown") };
}

function coverage({ coverage, cryptographicallyIntact, format }: SignatureReport, words: Catalogue): Finding[] {
  if (!cryptographicallyIntact) return [];
  switch (coverage.kind) {
    case "whole":
      return [{ state: "ready", text: words.text("covers-whole") }];
    case "unknown":
      return [{ state: "unknown", text: words.text("covers-unknown") }];
    case "parts":
      // a part of a PDF is always an earlier state of it
      if (format === "PAdES") return [{ state: "warning", text: words.text("covers-earlier") }];
      return [{ state: "note", text: words.text("covers-parts", { parts: coverage.parts.join(", ") }) }];
  }
}

/** The authority, on whose word it is one, and what is known about the signer's certificate. */
function trust({ chain }: SignatureReport, words: Catalogue, { installed }: Basis): Finding[] {
  const [own, anchor] = [chain[0], anchorOf(chain)];
  if (own === undefined || anchor === undefined) return [];
  const [authority, packs] = [commonName(anchor.subject), installed.naming(anchor.sha256, "signers").map(({ name }) => name)];
  const text = packs.length > 0 ? words.text("trusted-by-pack", { authority, packs: packs.join(", ") }) : words.text("trusted-by-choice", { authority });
  const chosen: Finding = { state: "ready", text };
  switch (own.revocation.status) {
    case "anchor":
      return [chosen];
    case "good":
      return [chosen, { state: "ready", text: words.text("not-revoked") }];
    case "revoked":
      return [chosen, { state: "problem", text: words.text("revoked") }];
    case "unknown":
    case "not-determined":
      return [chosen, { state: "unknown", text: words.text("revocation-unknown") }];
  }
}

function time({ bestSignatureTimeProven, timeStamps }: SignatureReport, words: Catalogue): Finding {
  if (bestSignatureTimeProven) return { state: "ready", text: words.text("time-proven") };
  return { state: "note", text: words.text(timeStamps.length > 0 ? "time-stamp-not-accepted" : "time-claimed-only") };
}

function qualified({ qualification }: SignatureReport, words: Catalogue): Finding {
  return { state: qualification.level === "qualified" ? "ready" : "note", text: words.text(`qualification-${qualification.level}`) };
}

/** What a person calls somebody with this distinguished name (RFC 4514); the whole of it where it has no common name. */
function commonName(name: string): string {
  const found = /(?:^|[,+] *)CN=((?:\\.|[^,+\\])+)/.exec(name)?.[1];
  return found?.replaceAll(/\\([^0-9A-Fa-f])/g, "$1") ?? name;
}

function certificateEntry({ subject, issuer, notBefore, notAfter, revocation, sha256 }: SignatureReport["chain"][number], words: Catalogue, { installed }: Basis): Entry {
  const isOfPack = revocation.status === "anchor" && installed.naming(sha256, "signers").length > 0;
  return {
    title: subject,
    rows: [
      { label: words.text("issuer"), value: issuer },
      { label: words.text("certificate-valid"), value: words.text("span", { from: moment(notBefore).date, to: moment(notAfter).date }) },
      { label: words.text("revocation"), value: words.text(isOfPack ? "revocation-is-anchor-of-pack" : `revocation-is-${revocation.status}`) },
      { label: words.text("fingerprint"), value: sha256 },
    ],
  };
}

function timeStampEntry({ kind, time, authority, indication, subIndication, detail }: SignatureReport["timeStamps"][number], words: Catalogue): Entry {
  const standard = [indication, subIndication, detail].filter((part) => part !== null).join(", ");
  return {
    title: words.text(`time-stamp-${kind}`),
    rows: [
      ...(time === null ? [] : [{ label: words.text("time"), value: words.text("moment", moment(time)) }]),
      ...(authority === null ? [] : [{ label: words.text("authority"), value: authority }]),
      { label: words.text("verdict"), value: `${words.text(`signature-${VERDICTS[indication]}`)} (${standard})` },
    ],
  };
}
