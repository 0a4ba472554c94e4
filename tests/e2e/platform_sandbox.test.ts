/**
 * What somebody does who builds a portal: registers it at the sandbox, prints the people who do not exist, puts their cards into the
 * test bed, and signs them in, at each level that there is.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { until } from "./harness/browser.ts";
import { ACR, PlatformStage } from "./harness/platform_stage.ts";
import { type Site, siteShows } from "./harness/site.ts";
import { STARTERS } from "./harness/starters.ts";
import type { CardSpec } from "./harness/test_bed.ts";
import type { Proofing } from "./harness/trust_platform.ts";

/** As docs/platform.md says. */
const LEVELS: readonly (readonly [Proofing, string])[] = [
  ["none", ACR.none],
  ["online", ACR.low],
  ["video", ACR.substantial],
  ["centre", ACR.high],
];

const ISSUER = "Bitaqa test authority";
const text = (word: string): Record<string, string> => ({ ar: word, fr: word, en: word });

/** A line of `sandbox persons`. */
interface TestCard {
  issuer: string;
  acr: string;
  card: CardSpec & { pin: string; person: { surname: string; givenName: string } };
}

for (const [name, start] of STARTERS) {
  describe(`${name}: the sandbox`, () => {
    let at: PlatformStage;
    let site: Site;

    before(async () => {
      at = await PlatformStage.start(start, [{ name: ISSUER, proofing: "none" }]);
      site = await at.siteOfItsOwn();
    });
    afterEach(() => at.stage.clear());
    after(() => at?.stop());

    test("a portal registers itself", async () => {
      const answer = await fetch(`${at.platform.origin}/register-portal`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          authentication: "none",
          redirect_uris: [site.redirectUri],
          claims: ["name", "given_name", "family_name"],
          require_pushed_requests: false,
          minimum_level: "none",
          contact: "dev@example.ma",
          legal_basis: "to try it",
          legal_name: text("Trial"),
          name: text("Trial"),
          purpose: text("to try it"),
        }),
      });
      const registered = (await answer.json()) as { client_id: string; issuer: string };
      assert.deepEqual([answer.status, registered.issuer], [201, at.platform.origin]);
      await site.join(registered.issuer, registered.client_id, ACR.high, true);
    });

    for (const [index, [proofing, acr]] of LEVELS.entries()) {
      test(`a person of the sandbox signs in where the issuer's proofing is "${proofing}"`, async () => {
        await at.platform.restart([{ name: ISSUER, proofing }]);
        const printed = at.platform.operate("sandbox", "persons").trim().split("\n").map((line) => JSON.parse(line) as TestCard);
        assert.equal(printed.length, LEVELS.length, "there is somebody for each of these tests");
        const { card, acr: promised } = printed[index] ?? assert.fail();
        assert.equal(promised, acr);
        await at.card(card);
        // somebody else was here before
        if (index > 0) await at.signOut();
        const tab = await at.open(`${site.origin}/sign-in`);
        await at.shows(tab, "main .test");
        await at.showCard(tab, { pin: card.pin });
        const { claims, userinfo } = await siteShows(tab, "account");
        assert.equal(claims.acr, acr);
        assert.deepEqual([userinfo.given_name, userinfo.family_name], [card.person.givenName, card.person.surname]);
        await until(() => at.platform.log.some((line) => line.includes('"event":"sign-in"') && line.includes(acr)), "the sign-in in the log");
      });
    }
  });
}
