import type { DiagnosticsEntry } from "../../../extension/src/background/core.ts";
import { type Browser, until } from "./browser.ts";

/** The core's memory of recent requests, asked for as the set-up page asks for it. */
export async function recentRequests(browser: Browser): Promise<DiagnosticsEntry[]> {
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
  return recent as DiagnosticsEntry[];
}
