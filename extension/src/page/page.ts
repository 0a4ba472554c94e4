/** What every page of the extension does: finds its elements, says its words in the person's language, and saves files. */
import type { Catalogue } from "../catalogue.ts";
import type { Language } from "../generated/Language";
import { LANGUAGES, isRightToLeft } from "../language.ts";
import { saveLanguage } from "../settings.ts";

/** The element with this id. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found;
}

/** The person chooses a language in the page's own list: `speak` is told, and it is kept. */
export function choosesLanguage(speak: (language: Language) => void): void {
  const select = element("language") as HTMLSelectElement;
  select.addEventListener("change", () => {
    const chosen = LANGUAGES.find((ours) => ours === select.value);
    if (chosen === undefined) return;
    speak(chosen);
    void saveLanguage(chosen);
  });
}

/** Says the page's words: `data-text`, perhaps with `data-args` in JSON, and `data-label`, which is read out. */
export function sayWords(language: Language, words: Catalogue): void {
  document.documentElement.lang = language;
  document.documentElement.dir = isRightToLeft(language) ? "rtl" : "ltr";
  (element("language") as HTMLSelectElement).value = language;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const { text = "", args } = place.dataset;
    place.textContent = words.text(text, args === undefined ? {} : (JSON.parse(args) as Record<string, number>));
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-label]")) {
    place.setAttribute("aria-label", words.text(place.dataset["label"] ?? ""));
  }
}

/** An element with its content. */
export function tag<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: { className?: string; lang?: string; dir?: string } = {},
  content: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...content);
  return made;
}

/** A text that cannot reorder what stands around it. */
export function isolated(text: string): HTMLElement {
  const place = tag("bdi", {}, [text]);
  // for the voice that reads it out
  if (/\p{Script=Arabic}/u.test(text)) place.lang = "ar";
  return place;
}

/** Gives a file to the browser, which asks where it goes or puts it where downloads go. */
export function saveAs(name: string, content: Blob): void {
  const link = tag("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // the browser has it when this turn is over
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
