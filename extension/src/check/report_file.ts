import type { ValidationReport } from "../documents/results.ts";
import { tag } from "../page/page.ts";
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

/** The browser saves it. */
export function saveAs(name: string, type: string, content: string): void {
  const link = tag("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // the browser has it when this turn is over
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
