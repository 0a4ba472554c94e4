/**
 * Who may ask, and whose answer is it? Portals for which nobody vouches, or not for this; answers that are used again, or
 * elsewhere. With everything real.
 */
import assert from "node:assert/strict";
import { test } from "./harness/bounded_test.ts";
import { until } from "./harness/browser.ts";
import { inBothBrowsers } from "./harness/identity_browsers.ts";
import type { IdentityPortal } from "./harness/identity_portal.ts";
import { type IdentityStage, HOLDER } from "./harness/identity_stage.ts";

const CARD = { personality: "cnie-2", hypothesis: "icao-only", seed: 20 } as const;
const NAMES = ["given_name", "family_name"];

/** What a portal does that it may not do, and what its page hears. */
interface Refusal {
  name: string;
  statement?: (portal: IdentityPortal) => Promise<string> | string;
  required?: string[];
  purpose?: string;
  code: string;
}

const REFUSALS: readonly Refusal[] = [
  { name: "a statement of a platform that nobody knows", statement: (portal) => portal.issue({ key: "stranger" }), code: "portal-unknown" },
  { name: "a statement by a revoked key", statement: (portal) => portal.issue({ key: "retired" }), code: "portal-unknown" },
  { name: "a statement that has expired", statement: expired, code: "portal-unknown" },
  {
    name: "a statement that somebody changed",
    statement: (portal) => portal.issue().replace(/\.([^.]{9})(.)/, (_, before, one) => `.${before}${one === "A" ? "B" : "A"}`),
    code: "portal-unknown",
  },
  {
    name: "a statement about an origin that its issuer may not speak for",
    statement: (portal) => portal.issue({ origins: [portal.origin, "https://bank.example"] }),
    code: "portal-unknown",
  },
  { name: "more than the statement allows", required: [...NAMES, "signature_image"], code: "claims-exceed-statement" },
  {
    name: "less than what comes along",
    statement: (portal) => portal.issue({ claims: NAMES }),
    code: "claims-exceed-statement",
  },
  { name: "a purpose that is not registered", purpose: "something-else", code: "purpose-unknown" },
];

inBothBrowsers((at) => {
  for (const { name, statement, required = NAMES, purpose = "open-account", code } of REFUSALS) {
    test(`refused before any window opens: ${name}`, async () => {
      at().portal.statement = await statement?.(at().portal);
      await isRefused(at(), code, () => at().ask({ claims: { required }, purpose }));
      at().portal.statement = undefined;
    });
  }

  test("refused: a statement that is used from another origin", async () => {
    // the page of the other portal has this portal's statement
    const { hostname } = new URL(at().other.origin);
    await isRefused(at(), "portal-unknown", () => at().ask({}, "identify", hostname));
  });

  test("refused: where nobody installed a trust pack", async () => {
    await at().restartHost("nothing");
    try {
      await isRefused(at(), "portal-unknown", () => at().ask());
    } finally {
      await at().restartHost("trust-pack");
    }
    assert.equal((await at().answered()).code, null);
  });

  test("an answer counts once", async () => {
    await at().card(CARD);
    const journey = await at().ask({}, "twice");
    await journey.agree(at().number());
    await journey.send();
    const { value } = await journey.end();
    assert.deepEqual(value, [{ valid: true, code: null }, { valid: false, code: "challenge-not-open" }]);
  });

  test("an answer that a portal got with another's challenge is none to that other", async () => {
    await at().card(CARD);
    at().other.believe(at().document);
    at().portal.impersonates = at().other;
    const journey = await at().ask();
    await journey.agree(at().number());
    await journey.send();
    assert.equal((await journey.verdict()).code, "answer-to-another-request");
  });

  test("afterwards an honest portal knows who it is", async () => {
    await at().card(CARD);
    const { code, identity } = await at().answered();
    assert.deepEqual([code, identity?.claims["family_name"]?.value], [null, HOLDER.surname]);
  });
});

/** The page hears this code; no window came, and the card was not touched. */
async function isRefused(at: IdentityStage, code: string, ask: () => ReturnType<IdentityStage["ask"]>): Promise<void> {
  await at.card(CARD);
  await at.stage.bed.log(0, true);
  const answers = at.portal.verdicts.length;
  const seen = await at.stage.desktop.windowsDuring(async () => {
    const journey = await ask();
    assert.equal((await journey.end()).code, code);
    assert.deepEqual(await journey.request.stages(), []);
  });
  assert.equal(seen.size, 0);
  assert.deepEqual((await at.stage.bed.log()).entries, []);
  assert.equal(at.portal.verdicts.length, answers);
}

/** A statement that was good, and is not any more. */
async function expired(portal: IdentityPortal): Promise<string> {
  const statement = portal.issue({ validFor: 1 });
  const { exp } = JSON.parse(Buffer.from(statement.split(".")[1] ?? "", "base64url").toString()) as { exp: number };
  await until(() => Date.now() > exp * 1000, "the end of a statement's time");
  return statement;
}
