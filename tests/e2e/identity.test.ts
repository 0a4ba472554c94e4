/**
 * Who is this? With everything real: browser, extension, host with an administrator's trust pack, pcscd, card, window, key
 * strokes; and a portal's server that verifies what it gets.
 */
import assert from "node:assert/strict";
import { test } from "./harness/bounded_test.ts";
import { until } from "./harness/browser.ts";
import { inBothBrowsers } from "./harness/identity_browsers.ts";
import { type IdentityStage, HOLDER, type Journey } from "./harness/identity_stage.ts";
import type { Asked, Verdict } from "./harness/identity_portal.ts";
import type { CardSpec } from "./harness/test_bed.ts";

const NAMES = ["given_name", "family_name"];
const PHOTO_TOO = { required: NAMES, optional: ["photo"] };

/** A card, how it is opened, what is asked of it beside the names, and what is known of the chip then. */
interface Row {
  name: string;
  card: CardSpec;
  opens: (at: IdentityStage) => () => Promise<void>;
  asked?: Partial<Asked>;
  chip: string;
  level: string;
  /** How often the card is opened with what was typed once: 1. */
  openings?: number;
}

const withNumber: Row["opens"] = (at) => at.number();
const withZone: Row["opens"] = (at) => at.zone();
/** As long as every seed of these tests allows. */
const PIN = "582039";
const OF_BAHRAIN = { ...HOLDER, country: "BH", serialNumber: "PNOBH-900123456" };

// a chip that proves itself to the portal's key alone is opened once more for that, in a second call
const ROWS: readonly Row[] = [
  {
    name: "cnie-2, IAS ECC behind PACE-CAM",
    card: { personality: "cnie-2", hypothesis: "ias-ecc-cam", seed: 1 },
    ...{ opens: withNumber, asked: { chipAuthentication: true }, chip: "chip-authentication", level: "low", openings: 2 },
  },
  {
    name: "cnie-2, PKCS#15 behind PACE-GM",
    card: { personality: "cnie-2", hypothesis: "pkcs15-gm", seed: 2 },
    ...{ opens: withNumber, asked: { chipAuthentication: true }, chip: "chip-authentication", level: "low", openings: 2 },
  },
  {
    name: "cnie-2, PKCS#15 behind PACE-GM, for the data only",
    card: { personality: "cnie-2", hypothesis: "pkcs15-gm", seed: 2 },
    ...{ opens: withNumber, asked: { proof: "data-only" }, chip: "data-only", level: "none" },
  },
  {
    name: "cnie-2, ICAO alone",
    card: { personality: "cnie-2", hypothesis: "icao-only", seed: 3 },
    ...{ opens: withNumber, chip: "active-authentication", level: "low" },
  },
  {
    name: "cnie-2, ICAO alone, opened with its zone",
    card: { personality: "cnie-2", hypothesis: "icao-only", seed: 4 },
    ...{ opens: otherEntry(withZone), asked: { chipAuthentication: true }, chip: "active-authentication", level: "low" },
  },
  {
    name: "bahrain-2025",
    card: { personality: "bahrain-2025", seed: 5, person: OF_BAHRAIN },
    ...{ opens: withNumber, chip: "active-authentication", level: "low" },
  },
  {
    name: "passport-bac",
    card: { personality: "passport-bac" },
    ...{ opens: withZone, chip: "active-authentication", level: "low" },
  },
];

/** Has the window ask for the other thing that opens the card: the button behind the field that has the keyboard. */
function otherEntry(opens: Row["opens"]): Row["opens"] {
  return (at) => async () => {
    const { desktop } = at.stage;
    await desktop.press("Tab", "Tab", "space");
    await opens(at)();
  };
}

inBothBrowsers((at) => {
  for (const { name, card, opens, asked, chip, level, openings = 1 } of ROWS) {
    test(`${name}: one window, one entry, and the portal's server knows who it is`, async () => {
      await at().card(card);
      const journey = await at().ask({ ...asked, claims: PHOTO_TOO });
      await journey.agree(opens(at()));
      await journey.send();
      const verdict = await journey.verdict();
      isTheHolder(verdict);
      assert.deepEqual([verdict.identity?.chip, verdict.identity?.level], [chip, level]);
      assert.deepEqual(verdict.identity?.consent.groups, ["dg1", "dg2"]);
      assert.ok(verdict.identity?.claims["photo"]);
      assert.deepEqual([journey.windows.size, journey.entries], [1, 1]);
      assert.equal(await at().openings(), openings);
      assert.equal(await at().stage.bed.verifyCount(), 0, "no PIN was presented");
      const stages = ["reading", "waiting-for-person", "reading", "waiting-for-person", "sending"];
      assert.deepEqual(await journey.request.stages(), stages);
    });
  }

  test("bahrain-2016: one window, no entry, and the portal's server knows that nobody signed what it got", async () => {
    await at().card({ personality: "bahrain-2016", person: OF_BAHRAIN });
    const journey = await at().ask({ proof: "unsigned", claims: { required: [...NAMES, "photo"] } });
    await journey.agreeToReading();
    await journey.send();
    const verdict = await journey.verdict();
    assert.equal(verdict.code, null, JSON.stringify([verdict.message, verdict.checks]));
    const { claims, chip, level, assurance } = verdict.identity ?? assert.fail();
    assert.deepEqual([chip, level, assurance], ["unsigned", "none", "test"]);
    assert.deepEqual(claims["family_name"], { value: OF_BAHRAIN.surname, provenance: "unauthenticated" });
    assert.deepEqual(Object.keys(claims).sort(), ["family_name", "given_name", "photo"]);
    assert.deepEqual([journey.windows.size, journey.entries], [1, 0]);
    assert.deepEqual([await at().openings(), await at().stage.bed.verifyCount()], [0, 0]);
  });

  test("bahrain-2016: who would take a copy gets nothing, and the person is asked nothing", async () => {
    await at().card({ personality: "bahrain-2016", person: OF_BAHRAIN });
    await gotNothing(await at().ask({ proof: "data-only" }), "claims-unavailable");
  });

  test("with the PIN: one window, two entries, and the card signed what was agreed to", async () => {
    await at().card({ personality: "bahrain-2025", seed: 14, pin: PIN, person: OF_BAHRAIN });
    const journey = await at().ask({ holder: "pin" });
    await journey.agree(at().number());
    await journey.send();
    await journey.pin(PIN);
    const verdict = await journey.verdict();
    assert.equal(verdict.code, null, JSON.stringify([verdict.message, verdict.checks]));
    assert.deepEqual([verdict.identity?.holderVerification, verdict.identity?.chip], ["pin", "active-authentication"]);
    assert.deepEqual([journey.windows.size, journey.entries], [1, 2]);
  });

  test("no other window is on the screen at any time", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 6 });
    const seen = await at().stage.desktop.windowsDuring(async () => isTheHolder(await at().answered()));
    assert.equal(seen.size, 1);
  });

  test("what is optional and refused is not read, and the rest is an answer", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 7 });
    const journey = await at().ask({ claims: PHOTO_TOO });
    // the keyboard starts at the one switch that can be turned
    await journey.agree(at().number(), ["space"]);
    await journey.send();
    const verdict = await journey.verdict();
    isTheHolder(verdict);
    assert.deepEqual(verdict.identity?.consent.groups, ["dg1"]);
    assert.deepEqual(Object.keys(verdict.identity?.claims ?? {}).sort(), ["family_name", "given_name"]);
    const { entries } = await at().stage.bed.log();
    const reads = (group: string): boolean => entries.some(({ header }) => header.startsWith(`0CB08${group}`));
    assert.deepEqual([reads("1"), reads("2")], [true, false]);
  });

  test("a wrong number, then the right one, in one window", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 8 });
    const journey = await at().ask();
    await journey.agree(at().number("999999"));
    await journey.agree(at().number());
    await journey.send();
    isTheHolder(await journey.verdict());
    assert.deepEqual([journey.windows.size, journey.entries, await at().openings()], [1, 2, 2]);
  });

  test("a remembered number opens its card without an entry, and is tried once with another, whose number is typed then", async () => {
    await at().withKeystore(async (keystore) => {
      await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 8 });
      keystore.put("My card", at().document.accessNumber);
      const own = await at().ask();
      await own.agreeToReading();
      await own.send();
      isTheHolder(await own.verdict());
      assert.deepEqual([own.windows.size, own.entries, await at().tries()], [1, 0, 1]);

      // every card of these tests has the same number
      keystore.put("Another card", "999999");
      await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 15 });
      const another = await at().ask();
      await another.agreeToReading();
      await another.agree(at().number());
      await another.send();
      isTheHolder(await another.verdict());
      assert.deepEqual([another.windows.size, another.entries, await at().tries()], [1, 1, 2]);
      // nobody turned the switch
      assert.deepEqual(keystore.list().map(([label]) => label).sort(), ["Another card", "My card"]);
    });
  });

  test("whoever gives up after a wrong number hears of it", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 9 });
    const journey = await at().ask();
    await journey.agree(at().number("999999"));
    await journey.question();
    await at().stage.cancel();
    assert.equal((await journey.end()).code, "can-wrong");
  });

  test("cancelled before anything is read", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 10 });
    const journey = await at().ask();
    await journey.question();
    await at().stage.cancel();
    await gotNothing(journey, "user-cancelled");
    assert.equal(await at().openings(), 0);
  });

  for (const [how, refuse] of [
    ["Escape", () => at().stage.cancel()],
    // the keyboard is at "Do not send" when the question comes
    ["Enter", () => at().stage.desktop.enter(() => at().stage.desktop.press("Return"), () => closed())],
  ] as const) {
    test(`read and not sent: ${how}`, async () => {
      await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 11 });
      const journey = await at().ask({ claims: PHOTO_TOO });
      await journey.agree(at().number());
      await journey.question();
      await refuse();
      await gotNothing(journey, "user-cancelled");
    });
  }

  for (const [when, arrive] of [
    ["first", async (journey) => void (await journey.question())],
    ["second", async (journey) => {
      await journey.agree(at().number());
      await journey.question();
    }],
  ] as const satisfies readonly (readonly [string, (journey: Journey) => Promise<void>])[]) {
    test(`the page is closed at the ${when} question: the window goes, and nothing is sent`, async () => {
      await at().card({ personality: "cnie-2", hypothesis: "icao-only", seed: 12 });
      const answers = at().portal.verdicts.length;
      const journey = await at().ask();
      await arrive(journey);
      await at().leave(journey.tab);
      await at().stage.desktop.noWindow();
      assert.equal(at().portal.verdicts.length, answers);
      isTheHolder(await at().answered());
    });
  }

  test("the page is closed while the chip waits for the portal's server: the window goes, and the card is free", async () => {
    await at().card({ personality: "cnie-2", hypothesis: "pkcs15-gm", seed: 13 });
    const { portal } = at();
    [portal.begins, portal.waiting] = ["never", 0];
    const answers = portal.verdicts.length;
    const journey = await at().ask({ chipAuthentication: true });
    await journey.agree(at().number());
    await journey.send();
    await until(() => portal.waiting > 0, "the portal's server to be asked");
    await at().leave(journey.tab);
    await at().stage.desktop.noWindow();
    assert.equal(portal.verdicts.length, answers);
    portal.begins = "at once";
    isTheHolder(await at().answered({ chipAuthentication: true }));
  });

  async function closed(): Promise<boolean> {
    return (await at().stage.desktop.windows()).length === 0;
  }

  /** The page heard this code, and the portal's server nothing at all. */
  async function gotNothing(journey: Journey, code: string): Promise<void> {
    const answers = at().portal.verdicts.length;
    assert.equal((await journey.end()).code, code);
    await at().stage.desktop.noWindow();
    assert.equal(at().portal.verdicts.length, answers);
  }
});

/** The answer holds, is about the holder, and says on whose word. */
function isTheHolder(verdict: Verdict): void {
  assert.equal(verdict.code, null, JSON.stringify(verdict.checks));
  const signed = (value: string) => ({ value, provenance: "issuer-signed", group: "dg1" });
  assert.deepEqual(verdict.identity?.claims["family_name"], signed(HOLDER.surname));
  assert.deepEqual(verdict.identity?.claims["given_name"], signed(HOLDER.givenName));
  assert.deepEqual([verdict.identity?.assurance, verdict.identity?.holderVerification], ["test", "none"]);
  assert.deepEqual([verdict.identity?.consent.portal, verdict.identity?.consent.purpose], ["Example Portal", "Open an account"]);
}
