import arErrors from "../../locales/ar/errors.ftl";
import enErrors from "../../locales/en/errors.ftl";
import frErrors from "../../locales/fr/errors.ftl";
import zghErrors from "../../locales/zgh/errors.ftl";
import type { Catalogues } from "./catalogue.ts";

/** The error catalogue in every language. */
export const ERRORS: Catalogues = { ar: [arErrors], fr: [frErrors], en: [enErrors], zgh: [zghErrors] };
