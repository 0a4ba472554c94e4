import ar from "../../../locales/ar/document_view.ftl";
import en from "../../../locales/en/document_view.ftl";
import fr from "../../../locales/fr/document_view.ftl";
import zgh from "../../../locales/zgh/document_view.ftl";
import type { Catalogues } from "../catalogue.ts";

/** What is said about a document that is shown. */
export const DOCUMENT_VIEW_WORDS: Catalogues = { ar: [ar], fr: [fr], en: [en], zgh: [zgh] };
