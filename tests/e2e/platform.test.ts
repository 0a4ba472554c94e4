/**
 * Signing in at sites through the trust platform, with everything real: browser, extension, host, card, window, key strokes, the
 * platform's program, and sites on npm openid-client.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Tab, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { RelyingSite } from "./harness/relying_site.ts";
import { EXTENSION, Stage } from "./harness/stage.ts";
import { TrustPlatform } from "./harness/trust_platform.ts";

for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
  describe(name, () => {
    let stage: Stage;
    let platform: TrustPlatform;
    let bank: RelyingSite;
    let clinic: RelyingSite;

    before(async () => {
      stage = await Stage.start(() => start(join(EXTENSION, name)));
      await stage.bed.insert({ personality: "esteid", person: "amina" });
      platform = await TrustPlatform.start((await stage.bed.pki()).issuers, "Bitaqa test authority");
      bank = await RelyingSite.start(platform, "bank");
      clinic = await RelyingSite.start(platform, "clinic");
    });
    afterEach(() => stage.clear());
    after(async () => {
      await bank?.stop();
      await clinic?.stop();
      await platform?.stop();
      await stage?.stop();
    });

    /** Opens an address and waits for what stands on the platform's page. */
    async function opened(address: string, selector: string): Promise<Tab> {
      const tab = await stage.browser.open(address);
      stage.alsoClose(tab);
      await until(() => tab.evaluate<boolean>(`document.querySelector("${selector}") !== null`), "the platform's page");
      return tab;
    }

    let subject = "";

    test("a person signs in at a site with card and PIN", async () => {
      const tab = await opened(await bank.ask(), "#start");
      assert.match(await tab.evaluate<string>("document.querySelector('.asks').textContent"), /The site bank/);
      await tab.bringToFront();
      await tab.click("#start");
      await stage.enter("1234");
      const { claims, userinfo } = await bank.learn();
      subject = claims.sub;
      assert.equal(claims.acr, "urn:bitaqa:acr:test:high");
      assert.deepEqual([claims["amr"], claims["holderVerification"]], [["sc", "pin", "mfa"], "pin"]);
      assert.ok(userinfo.name && userinfo.given_name && userinfo.family_name);
      await stage.desktop.noWindow();
    });

    test("at the next site the same person only agrees, and the answer comes in a form", async () => {
      const tab = await opened(await clinic.ask({ response_mode: "form_post" }), "form[action*='/agree'] button");
      await tab.click("form[action*='/agree'] button");
      const { claims } = await clinic.learn();
      assert.notEqual(claims.sub, subject, "each site has a number of its own");
    });

    test("whoever agrees or cancels gets back, wherever the site sends them on to", async () => {
      const agreeing = await opened(await clinic.ask({ prompt: "consent" }), "form[action*='/agree'] button");
      await agreeing.click("form[action*='/agree'] button");
      assert.ok((await clinic.learn()).claims.sub);
      for (const mode of ["query", "form_post"]) {
        const cancelling = await opened(await clinic.ask({ prompt: "consent", response_mode: mode }), "#back button");
        await cancelling.click("#back button");
        await assert.rejects(clinic.learn(), /access_denied|authorization response/i);
      }
    });

    test("nobody is asked again who agreed, and a wrong PIN signs nobody in", async () => {
      stage.alsoClose(await stage.browser.open(await bank.ask()));
      assert.equal((await bank.learn()).claims.sub, subject);
      const tab = await opened(await bank.ask({ prompt: "login" }), "#start");
      await tab.bringToFront();
      await tab.click("#start");
      await stage.enter("9999");
      await stage.enter("1234");
      assert.equal((await bank.learn()).claims.sub, subject);
      const personal = platform.log.filter((line) => /amina|أمينة/i.test(line));
      assert.deepEqual(personal, []);
    });
  });
}
