import arPage from "../../../locales/ar/sign.ftl";
import enPage from "../../../locales/en/sign.ftl";
import frPage from "../../../locales/fr/sign.ftl";
import zghPage from "../../../locales/zgh/sign.ftl";
import type { Catalogues } from "../catalogue.ts";

/** The words of the pages on which documents are signed. */
export const SIGN_WORDS: Catalogues = { ar: [arPage], fr: [frPage], en: [enPage], zgh: [zghPage] };
