/**
 * What portals and people do with the trust platform, with everything real: browser, extension, host, cards, window, key strokes, the
 * platform's program and its command line, and a bank's site in a process of its own that knows nothing of cards (`fixtures/site.mjs`).
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Tab, until } from "./harness/browser.ts";
import { ACR, certificateSays, PIN, PlatformStage } from "./harness/platform_stage.ts";
import { type Known, read, type Site, siteShows } from "./harness/site.ts";
import { STARTERS } from "./harness/starters.ts";
import type { CardSpec } from "./harness/test_bed.ts";

const HOLDER = { surname: "QUILVANDRESH", givenName: "MIRZOPHENE", country: "MA", serialNumber: "PNOMA-AB123456" };
const CARD: CardSpec = { personality: "esteid", person: HOLDER };
/** A card that the same person got online. */
const LESSER: CardSpec = { ...CARD, certificate: "wrong-policy" };
const NAMES = ["name", "given_name", "family_name"];

/**
 * Cards of one person, each after the other. What the second generation of the Moroccan card has beside its document is a hypothesis; of
 * the first nothing is public, so an earlier card of another state stands in its place.
 */
const RENEWALS: readonly CardSpec[] = [
  { personality: "esteid", generation: "idemia", person: HOLDER },
  { personality: "cnie-2", hypothesis: "ias-ecc-cam", seed: 1, person: HOLDER },
  { personality: "cnie-2", hypothesis: "pkcs15-gm", seed: 2, person: HOLDER },
];

const LOANS = `[[service]]
id = "loan"
scope = "loan"
link = "https://bank.example.ma/loans"
minimum_level = "high"
[service.name]
ar = "القروض"
fr = "Crédits"
en = "Loans"
`;
const ON_NEW_DEVICES = `[[rule]]
id = "new-device"
when = { device = "new" }
then = { minimum_level = "high" }
`;

/** What somebody shows, and what that is worth. */
interface Shown {
  acr: string;
  show: (at: PlatformStage, tab: Tab) => Promise<void>;
}
const withPin = (card: CardSpec, acr: string): Shown => ({
  acr,
  async show(at, tab) {
    await at.card(card);
    await at.showCard(tab);
  },
});

/** Ways to a service of a higher level: what was shown before, and what is shown for it. */
const STEPS: readonly { name: string; before: Shown; then: Shown }[] = [
  { name: "a card that they got online, then one from a counter", before: withPin(LESSER, ACR.low), then: withPin(CARD, ACR.high) },
];

for (const [name, start] of STARTERS) {
  describe(`${name}: the trust platform`, () => {
    let at: PlatformStage;
    let bank: Site;

    before(async () => {
      at = await PlatformStage.start(start);
      bank = await at.site("bank", { claims: [...NAMES, "personal_number"], minimumLevel: "low", tables: LOANS });
    });
    afterEach(async () => {
      await at.signOut();
      await at.stage.clear();
    });
    after(() => at?.stop());

    test("a bank's page opens an account with what the card's certificate says, verified", async () => {
      const says = certificateSays(await at.card(CARD));
      assert.equal(says["serialNumber"], HOLDER.serialNumber);
      const tab = await at.open(bank.origin);
      await tab.click("#open-account");
      await at.shows(tab, "#start");
      const asked = await at.text(tab);
      for (const words of ["The site bank", bank.origin, "your personal number", "how these were verified"]) assert.ok(asked.includes(words), asked);
      await at.showCard(tab);
      const { claims, userinfo } = await siteShows(tab, "account");
      assert.deepEqual([claims.acr, claims.holderVerification], [ACR.high, "pin"]);
      assert.deepEqual(await read(tab), {
        "verified given name": says["givenName"],
        "verified family name": says["surname"],
        "verified number": says["serialNumber"],
        "verified by the rules of": "example_state_id",
        evidence: `document, idcard, ${says["issuer"]}, vcrypt`,
      });
      assert.equal(userinfo.personal_number, says["serialNumber"]);
      const database = Buffer.concat(Object.values(at.platform.kept()));
      // the number and the names went to the bank, and stand nowhere else: what is not secret is found there
      assert.ok(at.platform.log.join("\n").includes('"client":"bank"') && database.includes("bank.example.ma"));
      for (const secret of [HOLDER.serialNumber, HOLDER.serialNumber.slice(6), HOLDER.surname, HOLDER.givenName]) {
        assert.ok(!at.platform.log.join("\n").includes(secret), `${secret} is in the log`);
        assert.ok(!database.includes(secret), `${secret} is in the database`);
        assert.ok(!JSON.stringify(claims).includes(HOLDER.serialNumber), "an ID token comes back in addresses");
      }
    });

    test("a bank that needs verified data opens no account for a card that is worth less", async () => {
      await at.card(LESSER);
      const tab = await at.open(`${bank.origin}/open-account`);
      await at.showCard(tab);
      assert.deepEqual(await siteShows(tab, "error"), { error: "unmet_authentication_requirements" });
    });

    test("cards of two generations sign in at the same portal, which tells no difference, and a renewed one is the same person", async () => {
      const portal = bank.processId;
      const known: Known[] = [];
      for (const card of RENEWALS) {
        if (known.length > 0) await at.signOut();
        await at.card(card);
        const opensWithNumber = card.personality === "cnie-2";
        const tab = await at.open(`${bank.origin}/sign-in`);
        await at.showCard(tab, opensWithNumber ? { number: (await at.stage.bed.document(card)).accessNumber } : {});
        known.push(await siteShows(tab, "account"));
      }
      assert.ok(portal !== undefined && bank.processId === portal, "nobody changed or restarted the portal");
      const told = known.map(({ claims: { sub, acr, amr, holderVerification }, userinfo }) => ({ sub, acr, amr, holderVerification, userinfo }));
      assert.deepEqual(told, told.map(() => told[0]));
      assert.equal(new Set(known.map(({ claims }) => claims.sid)).size, RENEWALS.length, "these were sign-ins of their own");
      assert.equal(told[0]?.userinfo.family_name, HOLDER.surname);
      // and another person's card is another person
      await at.signOut();
      await at.card({ ...CARD, person: "youssef" });
      const tab = await at.open(`${bank.origin}/sign-in`);
      await at.showCard(tab);
      assert.notEqual((await siteShows(tab, "account")).claims.sub, told[0]?.sub);
    });

    test("a card without a key to sign in with signs nobody in: the window waits for another, and goes on with it", async () => {
      await at.card({ personality: "cnie-1", person: HOLDER });
      const tab = await at.open(`${bank.origin}/sign-in`);
      await at.shows(tab, "#start");
      await tab.bringToFront();
      await tab.click("#start");
      await at.stage.desktop.window();
      assert.equal(await tab.evaluate("document.querySelector('#progress').textContent"), "Put your card into the reader…");
      await at.card(CARD);
      await at.stage.enter(PIN);
      assert.equal((await siteShows(tab, "account")).userinfo.family_name, HOLDER.surname);
    });

    for (const { name, before, then } of STEPS) {
      test(`a service of a higher level is reached in the same session: ${name}`, async () => {
        const tab = await at.open(`${bank.origin}/sign-in`);
        await before.show(at, tab);
        const first = await siteShows(tab, "account");
        assert.equal(first.claims.acr, before.acr);

        await tab.click("#loans-link");
        await at.shows(tab, ".services li");
        const asked = await at.text(tab);
        for (const words of ["Loans", "needs you to show your card again", HOLDER.surname]) assert.ok(asked.includes(words), asked);
        await then.show(at, tab);
        const second = await siteShows(tab, "loans");
        // the API refused what was shown before, and takes what is shown now
        assert.deepEqual(second.refused, { error: "insufficient_user_authentication", acr_values: then.acr });
        assert.deepEqual(second.said, { loans: ["a house"], acr: then.acr });
        assert.equal(second.claims.acr, then.acr);
        assert.deepEqual([second.claims.sub, second.claims.sid], [first.claims.sub, first.claims.sid]);
        // what is there now is asked of nobody again
        await tab.goto(`${bank.origin}/loans`);
        assert.deepEqual((await siteShows(tab, "loans")).claims, second.claims);

        // a transfer is confirmed anew, however high the level is; ages are in full seconds
        await until(() => Date.now() / 1000 > second.claims.auth_time + 1, "the next second");
        await tab.goto(`${bank.origin}/transfers`);
        await at.showCard(tab);
        const third = await siteShows(tab, "transfers");
        assert.deepEqual(third.refused, { error: "insufficient_user_authentication", max_age: "0" });
        assert.deepEqual(third.said, { confirmed: third.claims.auth_time });
        assert.ok(third.claims.auth_time > second.claims.auth_time);
        assert.deepEqual([third.claims.sub, third.claims.sid, third.claims.acr], [first.claims.sub, first.claims.sid, then.acr]);
      });
    }

    test("on a new device a rule wants the better card, and takes the lesser one there from then on", async () => {
      const clinic = await at.site("clinic", { claims: NAMES, minimumLevel: "low", tables: ON_NEW_DEVICES });
      const signIn = async (card: CardSpec, page: string): Promise<Known> => {
        await at.card(card);
        const tab = await at.open(`${clinic.origin}/sign-in`);
        await at.showCard(tab);
        const known = await siteShows(tab, page);
        await at.signOut();
        return known;
      };
      assert.equal((await signIn(LESSER, "error")).error, "unmet_authentication_requirements");
      assert.equal((await signIn(CARD, "account")).claims.acr, ACR.high);
      assert.equal((await signIn(LESSER, "account")).claims.acr, ACR.low);
    });

    test("whoever is on the page when the portal is suspended is refused there, and its tokens end at once", async () => {
      const shop = await at.site("shop", { claims: NAMES });
      await at.card(CARD);
      const account = await at.open(`${shop.origin}/sign-in`);
      await at.showCard(account);
      const { auth_time } = (await siteShows(account, "account")).claims;
      await until(() => Date.now() / 1000 > auth_time + 1, "the next second");
      const tab = await at.open(`${shop.origin}/transfers`);
      await at.shows(tab, "#start");
      await tab.bringToFront();
      await tab.click("#start");
      await at.stage.desktop.window();

      at.platform.operate("client", "suspend", "shop", "--key", "onboarder.key", "--reason", "complaints");

      await at.stage.enter(PIN);
      await at.shows(tab, "#failure .code");
      assert.equal(await tab.evaluate("document.querySelector('#failure code').textContent"), "interaction-ended");
      await tab.reload();
      assert.match(await at.text(tab), /This request has ended[^]*may not ask for your data any more/);
      // the shop knows nobody any more, and can ask for nobody
      await account.reload();
      assert.equal((await siteShows(account, "error")).error, "invalid_token");
      await account.goto(`${shop.origin}/sign-in`);
      assert.equal((await siteShows(account, "error")).error, "invalid_client");
      // which is nothing to others
      await at.signOut();
      await tab.goto(`${bank.origin}/sign-in`);
      await at.shows(tab, "#start");
    });
  });
}
