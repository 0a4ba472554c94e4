import type { ValidationReport } from "../documents/results.ts";

/** The report as `bitaqa verify --json --offline` prints it: nobody was asked. */
export function json(report: ValidationReport): string {
  return `${JSON.stringify({ ...report, asked: [], failures: [] }, null, 2)}\n`;
}

/** What its file is called. */
export function reportName(file: string): string {
  return `${file}.report.json`;
}
