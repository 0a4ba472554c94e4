import type { Language } from "./generated/Language";
import { LANGUAGES, preferredLanguage } from "./language.ts";

/** All that is kept when the browser closes: the language the person chose, if they did. */
export interface Settings {
  language?: Language;
}

/** Reads the settings. */
export async function loadSettings(): Promise<Settings> {
  const { language } = await chrome.storage.local.get("language");
  const known = LANGUAGES.find((ours) => ours === language);
  return known ? { language: known } : {};
}

/** Keeps the person's language. */
export async function saveLanguage(language: Language): Promise<void> {
  await chrome.storage.local.set({ language });
}

/** The language of window and messages where nobody names one. */
export function languageOf(settings: Settings): Language {
  return settings.language ?? preferredLanguage(navigator.languages);
}
