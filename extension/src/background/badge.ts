import { Catalogue } from "../catalogue.ts";
import { languageOf, type Settings } from "../settings.ts";
import { WORDS } from "../words.ts";

/** Amber and white of the look; the badge has no dark scheme. */
const AMBER = "#8a5a00";
const WHITE = "#ffffff";

/** Says on the toolbar button whether the extension may run on sites. */
export async function showSiteAccess(everywhere: boolean, settings: Promise<Settings>): Promise<void> {
  const words = new Catalogue(languageOf(await settings), WORDS);
  await Promise.all([
    chrome.action.setBadgeText({ text: everywhere ? "" : "!" }),
    chrome.action.setBadgeBackgroundColor({ color: AMBER }),
    chrome.action.setBadgeTextColor({ color: WHITE }),
    chrome.action.setTitle({ title: words.text(everywhere ? "extension-name" : "access-title") }),
  ]);
}
