import arPage from "../../../locales/ar/check.ftl";
import enPage from "../../../locales/en/check.ftl";
import frPage from "../../../locales/fr/check.ftl";
import zghPage from "../../../locales/zgh/check.ftl";
import type { Catalogues } from "../catalogue.ts";

/** The words of the page. */
export const CHECK_WORDS: Catalogues = { ar: [arPage], fr: [frPage], en: [enPage], zgh: [zghPage] };
