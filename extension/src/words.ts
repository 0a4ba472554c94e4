import ar from "../../locales/ar/extension.ftl";
import en from "../../locales/en/extension.ftl";
import fr from "../../locales/fr/extension.ftl";
import zgh from "../../locales/zgh/extension.ftl";
import type { Catalogues } from "./catalogue.ts";

/** The extension's own words in every language. */
export const WORDS: Catalogues = { ar: [ar], fr: [fr], en: [en], zgh: [zgh] };
