import assert from "node:assert/strict";
import { after, test } from "node:test";
import { verify } from "./module.ts";
import { Authority } from "./openssl.ts";

const ORIGIN = "https://portal.example.ma";
const authority = new Authority();
const stranger = new Authority("Somebody else");
after(() => [authority, stranger].forEach((one) => one.remove()));

const amina = authority.holder("amina");
const challenge = verify.newChallenge();
const profiles = (more = ""): string => `schema = 1\n[[issuer]]\nname = "Example"\nanchors = ["root.pem"]\nlevel = "high"\n${more}`;
const trust = { issuers: { profiles: profiles(), files: { "root.pem": authority.certificate } } };
const verifier = new verify.Verifier({ origin: ORIGIN, trust });

test("a challenge is 48 random bytes, each time others", () => {
  assert.equal(Buffer.from(challenge, "base64").length, 48);
  assert.notEqual(verify.newChallenge(), challenge);
});

test("a token that holds tells who signed in, by whose word, and each check", async () => {
  const token = amina.token(ORIGIN, challenge);
  const signIn = await verifier.verifySignIn(token, { challenge });
  assert.deepEqual(
    [signIn.subject.personalNumber, signIn.subject.surname, signIn.subject.country],
    ["PNOMA-AB123456", "EXEMPLE", "MA"],
  );
  assert.equal(signIn.certificate.sha256, amina.certificate.fingerprint256.replaceAll(":", "").toLowerCase());
  assert.deepEqual(signIn.issuer, { name: "Example", level: "high", assurance: "production" });
  assert.deepEqual([signIn.level, signIn.assurance, signIn.holderVerification], ["high", "production", "pin"]);
  assert.equal(signIn.revocation, null);
  const outcomes = signIn.checks.map(({ step, outcome }) => `${step} ${outcome}`);
  assert.deepEqual(outcomes, [
    ...["format", "algorithm", "signature", "purpose", "path", "validity", "issuer"].map((step) => `${step} passed`),
    "revocation not-checked",
  ]);
  // the same as text, and in one call
  const again = await verify.verifySignIn(JSON.stringify(token), { origin: ORIGIN, trust, challenge });
  assert.deepEqual(again, signIn);
});

test("an anchor without a profile proves no level", async () => {
  const trust = { certificates: [{ name: "root.pem", content: authority.certificate }] };
  const { level, assurance, issuer } = await verify.verifySignIn(amina.token(ORIGIN, challenge), { origin: ORIGIN, trust, challenge });
  assert.deepEqual([level, assurance, issuer], ["none", null, null]);
});

test("what does not hold is refused with its code and the step", async () => {
  const token = amina.token(ORIGIN, challenge);
  const other = verify.newChallenge();
  const cases: [code: string, step: string, token: object | string, options?: { challenge?: string; now?: Date }][] = [
    ["token-malformed", "format", "no token"],
    ["token-malformed", "format", { ...token, signature: undefined }],
    ["format-unsupported", "format", { ...token, format: "web-eid:2.0" }],
    ["certificate-malformed", "format", { ...token, unverifiedCertificate: "MAA=" }],
    ["algorithm-mismatch", "algorithm", { ...token, algorithm: "ES384" }],
    ["signature-invalid", "signature", amina.token("https://portal.example.bh", challenge)],
    ["signature-invalid", "signature", token, { challenge: other }],
    ["extended-key-usage-wrong", "purpose", authority.holder("mail", { usage: "emailProtection" }).token(ORIGIN, challenge)],
    ["issuer-unknown", "path", stranger.holder("zoe").token(ORIGIN, challenge)],
    ["certificate-expired", "validity", token, { now: new Date(Date.now() + 500 * 24 * 3600 * 1000) }],
    ["certificate-not-yet-valid", "validity", token, { now: new Date("2001-01-01") }],
  ];
  for (const [code, step, given, options] of cases) {
    const text = typeof given === "string" ? given : JSON.stringify(given);
    await assert.rejects(verifier.verifySignIn(text, { challenge, ...options }), (error) => {
      assert.ok(error instanceof verify.SignInRefused, String(error));
      assert.equal(error.code, code);
      assert.equal(error.checks.find(({ outcome }) => outcome === "failed")?.step, step);
      assert.equal(error.checks.length, 8);
      return true;
    });
  }
});

test("what a portal does wrong is no refusal of a person", async () => {
  const token = amina.token(ORIGIN, challenge);
  const code = (code: string) => (error: unknown) => error instanceof verify.UsageError && error.code === code;
  const made = (options: Partial<import("@bitaqa/verify").VerifierOptions>) => () => new verify.Verifier({ origin: ORIGIN, trust, ...options });
  assert.throws(made({ origin: "https://portal.example.ma/" }), code("origin-invalid"));
  assert.throws(made({ trust: { countries: [{ name: "x", content: "nothing" }] } }), code("trust-invalid"));
  assert.throws(made({ trust: { issuers: { profiles: profiles(), files: {} } } }), code("trust-invalid"));
  assert.throws(made({ trust: { packs: [{ pack: "a.b.c", signer: "0".repeat(64) }] } }), code("pack-invalid"));
  assert.throws(made({ keys: ["{}"] }), code("key-invalid"));
  assert.throws(made({ now: new Date(Number.NaN) }), code("time-invalid"));
  await assert.rejects(verifier.verifySignIn(token, { challenge: "short" }), code("challenge-invalid"));
  const nobody = new verify.Verifier({ origin: ORIGIN, trust: {} });
  await assert.rejects(nobody.verifySignIn(token, { challenge }), code("issuers-missing"));
});

test("issuers for tests are taken only by who says so, and every result says it", async () => {
  const forTests = { issuers: { profiles: profiles("test = true\n"), files: { "root.pem": authority.certificate } } };
  const refused = (error: unknown): boolean => error instanceof verify.UsageError && error.code === "trust-is-for-tests";
  assert.throws(() => new verify.Verifier({ origin: ORIGIN, trust: forTests }), refused);
  const trusting = new verify.Verifier({ origin: ORIGIN, trust: { ...forTests, test: true } });
  const { assurance } = await trusting.verifySignIn(amina.token(ORIGIN, challenge), { challenge });
  assert.equal(assurance, "test");
});
