import type { Language } from "./generated/Language";

/** The languages of the product, in the order they are offered. */
export const LANGUAGES: readonly Language[] = ["ar", "fr", "en", "zgh"];

/** Whether lines run from right to left. */
export function isRightToLeft(language: Language): boolean {
  return language === "ar";
}

/** The first of these BCP 47 tags that is a language of ours, by its primary subtag; Arabic if there is none. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.split("-")[0]?.toLowerCase();
    const language = LANGUAGES.find((ours) => ours === primary);
    if (language) return language;
  }
  return "ar";
}
