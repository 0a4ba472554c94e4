import type { DiagnosticsEntry } from "../../../extension/src/background/core.ts";
import { type Browser, until } from "./browser.ts";

/** What the host measured of a request, in microseconds; see `Timing` of the protocol. */
export interface Timing {
  card: number;
  person: number;
  window: number;
  total: number;
  commands: number;
  bytes: number;
}

/** The core's memory of recent requests, asked for as the set-up page asks for it. */
export async function recentRequests(browser: Browser): Promise<(DiagnosticsEntry & { timing?: Timing })[]> {
  const page = await browser.openExtensionPage("set_up.html");
  await page.evaluate(`new Promise((resolve) => {
    const port = chrome.runtime.connect({ name: "set-up" });
    port.onMessage.addListener(({ recent }) => {
      window.recent = recent;
      resolve();
    });
  })`);
  const recent = await until(() => page.evaluate<DiagnosticsEntry[] | undefined>("window.recent"), "the recent requests");
  await page.close();
  return recent as (DiagnosticsEntry & { timing?: Timing })[];
}
