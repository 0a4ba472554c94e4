import type { ValidationReport } from "../documents/results.ts";
import type { Failed } from "./asking.ts";

/** The report as `bitaqa verify --json` prints it. `asked`: the hosts that were. */
export function json(report: ValidationReport, asked: readonly string[], failed: readonly Failed[]): string {
  const failures = failed.map(({ url, report: { code, detail } }) => `${url}: ${detail ?? code}`);
  return `${JSON.stringify({ ...report, asked, failures }, null, 2)}\n`;
}

/** What its file is called. */
export function reportName(file: string, ending: "json" | "xml"): string {
  return `${file}.report.${ending}`;
}
