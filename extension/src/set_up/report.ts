import type { Findings } from "./verdict.ts";

/**
 * The text that a person can send to somebody who helps: English, for machines and developers alike, with versions and
 * codes; of cards what they answered to which command, and nothing about person or sites.
 */
export function report({ sites, setUp }: Findings, version: string, browser: string): string {
  const host = setUp === undefined ? "?" : "version" in setUp.host ? setUp.host.version : failure(setUp.host.error);
  const lines = [
    `bitaqa extension: ${version}`,
    `bitaqa host: ${host}`,
    `site access: ${sites === undefined ? "?" : sites ? "yes" : "no"}`,
    `browser: ${browser}`,
    ...(setUp?.recent ?? []).map(
      ({ request, code, detail, timing }) =>
        `request: ${request} ${code === undefined ? "ok" : failure({ code, detail })}${timing === undefined ? "" : ` ${JSON.stringify(timing)}`}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function failure({ code, detail }: { code: string; detail?: string | undefined }): string {
  return detail === undefined ? code : `${code} (${detail})`;
}
