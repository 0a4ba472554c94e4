import type { ValidationReport } from "../documents/results.ts";
import type { Failed } from "./asking.ts";
import type { Pack } from "./trust.ts";

/** What belongs to a report beside it. */
export interface Circumstances {
  /** Hosts that were asked. */
  asked: readonly string[];
  failed: readonly Failed[];
  /** The trust packs that its verdicts rest on. */
  packs: readonly Pack[];
}

/**
 * The report as `bitaqa verify --json` prints it. Where verdicts rest on trust packs of the computer, which the command line is not asked about, it
 * has one member more: `trust`, which packs these are, and whether each is for tests.
 */
export function json(report: ValidationReport, { asked, failed, packs }: Circumstances): string {
  const failures = failed.map(({ url, report: { code, detail } }) => `${url}: ${detail ?? code}`);
  const trust = packs.map(({ name, isTest }) => ({ pack: name, test: isTest }));
  return `${JSON.stringify({ ...report, asked, failures, ...(trust.length > 0 && { trust }) }, null, 2)}\n`;
}

/** The report in XML as `bitaqa verify --xml` prints it; which trust packs its verdicts rest on, and that one is for tests, stands in a comment. */
export function xml(report: string, { packs }: Circumstances): string {
  if (packs.length === 0) return `${report}\n`;
  const names = packs.map(({ name, isTest }) => (isTest ? `${name} (TEST: proves nothing about a real person)` : name)).join(", ");
  // a comment has no two hyphens side by side
  const comment = `<!-- Rests on trust packs of this computer: ${names.replaceAll(/-(?=-)/g, "- ")} -->`;
  const [declaration = "", ...lines] = report.split("\n");
  return `${[declaration, comment, ...lines].join("\n")}\n`;
}

/** What its file is called. */
export function reportName(file: string, ending: "json" | "xml"): string {
  return `${file}.report.${ending}`;
}
