/**
 * The trust platform's pages as people meet them: in Arabic where the browser wants a language that they are not in, in another
 * language from then on, on a telephone, and when somebody changes their mind or pulls the card.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { resize, type Tab, until } from "./harness/browser.ts";
import { GERMAN, PIN, PlatformStage } from "./harness/platform_stage.ts";
import { type Site, siteShows } from "./harness/site.ts";
import type { CardSpec } from "./harness/test_bed.ts";

const CARD: CardSpec = { personality: "esteid", person: "amina" };
const LANGUAGES = ["ar", "zgh", "fr", "en"];

const service = (id: string, ar: string, fr: string, en: string): string => `[[service]]
id = "${id}"
scope = "${id}"
link = "https://office.example.ma/${id}"
minimum_level = "high"
[service.name]
ar = "${ar}"
fr = "${fr}"
en = "${en}"
`;
/** A name as long as one may be, which breaks nowhere. */
const LONG = "Loans".repeat(40);
const SERVICES = [service("loan", "القروض", "Crédits", "Loans"), service("long", LONG, LONG, LONG)].join("");

for (const [name, start] of GERMAN) {
  describe(`${name}: pages of the trust platform`, () => {
    let at: PlatformStage;
    let bank: Site;
    let clinic: Site;

    before(async () => {
      at = await PlatformStage.start(start);
      const claims = ["name", "given_name", "family_name", "personal_number"];
      bank = await at.site("bank", { claims, tables: SERVICES });
      clinic = await at.site("clinic", { claims });
      await at.card(CARD);
    });
    afterEach(() => at.stage.clear());
    after(() => at?.stop());

    const language = (tab: Tab): Promise<string[]> => tab.evaluate("[document.documentElement.lang, document.documentElement.dir, document.querySelector('h1').innerText]");

    test("who cancels in the window is told so and goes back to the site with nothing", async () => {
      const tab = await at.open(`${bank.origin}/sign-in`);
      await at.shows(tab, "#start");
      await tab.bringToFront();
      await tab.click("#start");
      await at.stage.cancel();
      await at.shows(tab, "#failure code");
      assert.equal(await tab.evaluate<string>("document.querySelector('#failure code').textContent"), "user-cancelled");
      await tab.click("#back button");
      assert.deepEqual(await siteShows(tab, "error"), { error: "access_denied" });
    });

    test("who pulls the card is asked for it on the page, puts it back, and goes on", async () => {
      const tab = await at.open(`${bank.origin}/sign-in`);
      await at.shows(tab, "#start");
      await tab.bringToFront();
      await tab.click("#start");
      await at.stage.desktop.window();
      const says = async (words: string): Promise<unknown> =>
        until(async () => (await tab.evaluate<string>("document.querySelector('#progress').textContent")) === words, words);
      await says("تابع في نافذة «بطاقة»…");
      await at.stage.bed.remove();
      await says("ضع بطاقتك في القارئ…");
      await at.stage.bed.insertAgain();
      await at.stage.enter(PIN);
      await siteShows(tab, "account");
      await at.signOut();
    });

    test("the page is in Arabic, and in the language that the person chooses from then on", async () => {
      const tab = await at.open(`${bank.origin}/sign-in`);
      await at.shows(tab, "#start");
      assert.deepEqual(await language(tab), ["ar", "rtl", "سجّل دخولك ببطاقتك الوطنية"]);
      for (const [tag, direction] of [["zgh", "ltr"], ["fr", "ltr"], ["ar", "rtl"], ["en", "ltr"]] as const) {
        await tab.click(`nav a[lang="${tag}"]`);
        await at.shows(tab, `html[lang="${tag}"] #start`);
        assert.deepEqual((await language(tab)).slice(0, 2), [tag, direction]);
        assert.equal(await tab.evaluate("document.querySelector('nav a[aria-current]').lang"), tag);
      }
      assert.match(await at.text(tab), /Sign in with your national card/);
      // it stays when something happened in between, and the request goes on
      await at.showCard(tab, { pin: "999999" });
      await at.stage.enter(PIN);
      await siteShows(tab, "account");
    });

    test("another person takes over at the next site, with a card of their own", async () => {
      const tab = await at.open(`${clinic.origin}/sign-in`);
      await at.shows(tab, "form[action*='/agree'] button");
      assert.match(await at.text(tab), /AMINA EXEMPLE/);
      await tab.click("form[action*='/other-card'] button");
      await at.card({ ...CARD, person: "zoe" });
      await at.showCard(tab);
      assert.equal((await siteShows(tab, "account")).userinfo.name, "ZOÉ ÉLODIE DÉMONSTRATION");
      // whoever was here before is not signed in any more
      await tab.goto(`${bank.origin}/sign-in`);
      await at.shows(tab, "form[action*='/agree'] button");
      assert.match(await at.text(tab), /ZOÉ ÉLODIE DÉMONSTRATION/);
    });

    test("on a telephone everything is there without scrolling sideways, in every language", async () => {
      const tab = await at.open(`${bank.origin}/nowhere`);
      await resize(tab, 390, 844);
      assert.ok(!(await isTooWide(tab)), "a page of a site");
      await tab.evaluate(`document.body.insertAdjacentHTML("beforeend", "<p style='inline-size: 500px'>wide</p><button style='block-size: 20px'>tiny</button>")`);
      assert.ok(await isTooWide(tab), "what is too wide is noticed");
      assert.ok((await tooSmall(tab)).includes("tiny"), "what is too small is noticed");

      /** Looks at a page in every language. */
      const fits = async (address: string, selector: string): Promise<void> => {
        for (const tag of LANGUAGES) {
          await tab.goto(`${address}?lang=${tag}`);
          await at.shows(tab, `html[lang="${tag}"] ${selector}`);
          assert.ok(!(await isTooWide(tab)), `${address} in ${tag}`);
          assert.deepEqual(await tooSmall(tab), [], `${address} in ${tag}`);
        }
      };
      const asked = async (): Promise<string> => {
        await tab.goto(`${bank.origin}/open-account`);
        return tab.evaluate<string>("location.origin + location.pathname");
      };
      await fits(await asked(), "form[action*='/agree'] button");
      await at.signOut();
      await fits(await asked(), "#start");
      for (const [path, selector] of [["services", "main li"], ["register-portal", "form.register"], ["interaction/none", "h1"]] as const) {
        await fits(`${at.platform.origin}/${path}`, selector);
      }
    });
  });
}

/** Whether a person would have to scroll sideways. */
function isTooWide(tab: Tab): Promise<boolean> {
  return tab.evaluate<boolean>("document.documentElement.scrollWidth > document.documentElement.clientWidth");
}

/** Buttons, fields and languages that a finger misses (WCAG 2.2, target size: 24 pixels). */
function tooSmall(tab: Tab): Promise<string[]> {
  return tab.evaluate(`[...document.querySelectorAll("button, nav a, input, textarea")]
    .filter((one) => one.checkVisibility())
    .filter((one) => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24)
    .map((one) => one.textContent || one.id)`);
}
