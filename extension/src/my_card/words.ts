import arPage from "../../../locales/ar/my_card.ftl";
import arWindow from "../../../locales/ar/window.ftl";
import enPage from "../../../locales/en/my_card.ftl";
import enWindow from "../../../locales/en/window.ftl";
import frPage from "../../../locales/fr/my_card.ftl";
import frWindow from "../../../locales/fr/window.ftl";
import zghPage from "../../../locales/zgh/my_card.ftl";
import zghWindow from "../../../locales/zgh/window.ftl";
import type { Catalogues } from "../catalogue.ts";

/** The page's words, and those of the host's window: what is on a card has one name in both. */
export const MY_CARD_WORDS: Catalogues = {
  ar: [arWindow, arPage],
  fr: [frWindow, frPage],
  en: [enWindow, enPage],
  zgh: [zghWindow, zghPage],
};
