/**
 * The page's texts, from `locales/LANGUAGE/`: those of the example portal, and over them this example's own.
 */
import { readFileSync } from "node:fs";
import { FluentBundle, FluentResource } from "@fluent/bundle";

/** Each language in its own words. The first is for browsers that prefer none of them. */
export const LANGUAGES = /** @type {const} */ ({ ar: "العربية", fr: "Français", en: "English", zgh: "ⵜⴰⵎⴰⵣⵉⵖⵜ" });
/** @typedef {keyof typeof LANGUAGES} Language */

/** Texts that the page's script needs: how far the signature is, and what only the script can notice. */
export const FOR_THE_SCRIPT = [
  "progress-starting",
  "progress-certificate",
  "progress-preparing",
  "progress-waiting-for-person",
  "progress-signing",
  "progress-verifying",
  "error-extension-not-reachable",
  "error-gesture-missing",
  "error-request-aborted",
  "error-portal-unreachable",
  "error-certificate-unusable",
];

/** @param {Language} language @param {string} file */
const resource = (language, file) => new FluentResource(readFileSync(new URL(`../../../locales/${language}/${file}.ftl`, import.meta.url), "utf8"));

const BUNDLES = new Map(
  /** @type {Language[]} */ (Object.keys(LANGUAGES)).map((language) => {
    const bundle = new FluentBundle(language);
    bundle.addResource(resource(language, "portal"));
    bundle.addResource(resource(language, "provider"), { allowOverrides: true });
    return [language, bundle];
  }),
);

/**
 * A message with what to do about it, if there is anything.
 *
 * @param {Language} language
 * @param {string} name
 * @param {Record<string, string | number>} values
 */
export function sentence(language, name, values = {}) {
  const bundle = BUNDLES.get(language);
  const found = bundle?.getMessage(name);
  if (bundle === undefined || !found?.value) throw new Error(`there is no text ${name} in ${language}`);
  const { remedy } = found.attributes;
  return { message: bundle.formatPattern(found.value, values), remedy: remedy ? bundle.formatPattern(remedy, values) : "" };
}

/** Whether there is a text of this name. @param {string} name */
export const isText = (name) => BUNDLES.get("en")?.hasMessage(name) ?? false;

/**
 * The language that the person chose, else the one that the browser likes best of ours (RFC 9110 section 12.5.4).
 *
 * @param {string | null} chosen
 * @param {string} accepted
 * @returns {Language}
 */
export function languageOf(chosen, accepted) {
  const ours = (/** @type {string} */ tag) => /** @type {Language[]} */ (Object.keys(LANGUAGES)).find((language) => tag.toLowerCase().split("-")[0] === language);
  const ranges = accepted.split(",", 32).map((range) => {
    const [tag = "", ...rest] = range.split(";").map((part) => part.trim());
    const weight = rest.find((part) => part.startsWith("q="));
    return { language: ours(tag), weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 };
  });
  const liked = ranges.filter(({ language, weight }) => language !== undefined && weight > 0).sort((one, other) => other.weight - one.weight);
  return ours(chosen ?? "") ?? liked[0]?.language ?? "ar";
}
