/**
 * Is it genuine? Copies, chips that hide what would give them away, files that are not as they were signed, signers that are not
 * believed. The person sees nothing of it and agrees; the portal's server is not deceived. With everything real.
 */
import assert from "node:assert/strict";
import { test } from "./harness/bounded_test.ts";
import { inBothBrowsers } from "./harness/identity_browsers.ts";
import type { Asked } from "./harness/identity_portal.ts";
import type { IdentityStage } from "./harness/identity_stage.ts";
import type { CardSpec, DocumentOrder } from "./harness/test_bed.ts";

/** The kind that signs for itself (DG15), and the kind that proves itself to the portal's key alone (DG14). */
const SIGNS: CardSpec = { personality: "cnie-2", hypothesis: "icao-only", seed: 30 };
const AGREES: CardSpec = { personality: "cnie-2", hypothesis: "pkcs15-gm", seed: 31 };

/** What is wrong, and with which step and code the portal's server says so. */
interface Forgery {
  name: string;
  card?: CardSpec;
  faults?: DocumentOrder["faults"];
  asked?: Partial<Asked>;
  /** Changes whom the portal believes. */
  portal?: (at: IdentityStage) => unknown;
  code: string;
}

/** Tag, length and zone of DG1: `61 5D 5F1F 5A`, and then the three lines. */
const THIRD_LINE = 5 + 60;

const FORGERIES: readonly Forgery[] = [
  { name: "a copy of the files with another key", faults: { copied: true }, code: "chip-proof-invalid" },
  { name: "a chip that hides DG15, which EF.SOD lists", faults: { hiddenGroups: [15] }, code: "chip-proof-missing" },
  { name: "a chip that hides DG14, which EF.SOD lists", card: AGREES, faults: { hiddenGroups: [14] }, code: "chip-proof-missing" },
  {
    name: "a chip that hides DG14 from a server that would have asked it",
    ...{ card: AGREES, faults: { hiddenGroups: [14] }, asked: { chipAuthentication: true }, code: "chip-proof-missing" },
  },
  { name: "a chip that hides both", faults: { hiddenGroups: [14, 15] }, code: "chip-proof-missing" },
  { name: "a chip that proves itself to a key that it did not get", card: AGREES, code: "chip-proof-missing" },
  { name: "a letter of the name in DG1", faults: { altered: { group: 1, at: THIRD_LINE, bits: 0x02 } }, code: "document-not-genuine" },
  { name: "a byte of the photo in DG2", faults: { altered: { group: 2, at: -40, bits: 0x01 } }, code: "document-not-genuine" },
  { name: "the last byte of EF.SOD", faults: { altered: { at: -1, bits: 0x01 } }, code: "document-not-genuine" },
  { name: "a document signer that expired", faults: { signer: "expired" }, code: "document-not-genuine" },
  {
    name: "a document signer that was revoked",
    portal: (at) => at.portal.believe(at.document, "with-revocation-list"),
    code: "document-not-genuine",
  },
  {
    name: "a country that the portal does not know",
    portal: async (at) => at.portal.believe(await at.stage.bed.document({ personality: "bahrain-2025", person: "maryam" })),
    code: "document-not-genuine",
  },
];

/** What the host itself cannot read, so that nobody could see what would be sent. */
const UNREADABLE: readonly Omit<Forgery, "code">[] = [
  { name: "the tag of DG1", faults: { altered: { group: 1, at: 0, bits: 0x01 } } },
  { name: "the length of DG1", faults: { altered: { group: 1, at: 1, bits: 0x01 } } },
  { name: "the length of the zone in DG1", faults: { altered: { group: 1, at: 4, bits: 0x01 } } },
  { name: "the tag of EF.SOD", faults: { altered: { at: 0, bits: 0x01 } } },
];

inBothBrowsers((at) => {
  for (const { name, card = SIGNS, faults = {}, asked, portal, code } of FORGERIES) {
    test(`the portal's server refuses: ${name}`, async () => {
      await at().card({ ...card, document: { faults } });
      await portal?.(at());
      const verdict = await at().answered({ ...asked, claims: { required: ["given_name", "family_name"], optional: ["photo"] } });
      assert.deepEqual([verdict.valid, verdict.code, verdict.identity], [false, code, null]);
      const failed = verdict.checks.filter(({ outcome }) => outcome === "failed").map(({ step }) => step);
      assert.deepEqual(failed, [code === "document-not-genuine" ? "document" : "chip"]);
    });
  }

  test("a copy cannot answer to the key of the portal's server", async () => {
    await at().card({ ...AGREES, document: { faults: { copied: true } } });
    const answers = at().portal.verdicts.length;
    const journey = await at().ask({ chipAuthentication: true });
    await journey.agree(at().number());
    await journey.send();
    assert.equal((await journey.end()).code, "chip-proof-missing");
    assert.equal(at().portal.verdicts.length, answers, "the server was never told that it is done");
  });

  for (const { name, faults = {} } of UNREADABLE) {
    test(`nothing is sent: ${name}`, async () => {
      await at().card({ ...SIGNS, document: { faults } });
      const answers = at().portal.verdicts.length;
      const journey = await at().ask();
      await journey.agree(at().number());
      assert.equal((await journey.end()).code, "card-misbehaved");
      await at().stage.desktop.closeWindows();
      assert.equal(at().portal.verdicts.length, answers);
    });
  }

  test("the same card without a fault is believed", async () => {
    await at().card(SIGNS);
    assert.equal((await at().answered()).code, null);
  });
});
