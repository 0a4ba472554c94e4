/**
 * Identity answers of software cards. What a host could do wrong is done here, and encrypted again by npm `jose`.
 */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { CompactEncrypt, compactDecrypt, importJWK } from "jose";
import type { DocumentStatus, IdentityOptions, IdentityRequest } from "@bitaqa/verify";
import { canonical } from "./canonical.ts";
import { verify } from "./module.ts";
import { Authority, type Holder, hash } from "./openssl.ts";
import { type Answered, type Content, Person } from "./person.ts";

const ORIGIN = "https://portal.example.ma";
const key = (kid: string): object => ({ ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), kid });
const publicPart = (jwk: object): object => Object.fromEntries(Object.entries(jwk).filter(([name]) => name !== "d"));
const [portalKey, olderKey] = [key("2026-01"), key("2025-01")];

/** What this session asked; the statement is only compared here, the host judged it. */
const request: IdentityRequest = {
  challenge: verify.newChallenge(),
  statement: "e30.e30.AAAA",
  purpose: "open-account",
  claims: { required: ["given_name", "family_name", "age_over_18", "document_number"], optional: ["photo"] },
  holder: "none",
  proof: "chip",
};
const bahrain = { personality: "bahrain-2025" };

const person = new Person();
const issuer = new Authority();
after(async () => {
  await person.leave();
  issuer.remove();
});

const asking = (card: { personality: string; [name: string]: unknown }, asked = request): Promise<Answered> =>
  person.answer({ card, origin: ORIGIN, request: asked, recipient: publicPart(portalKey) });
const trusting = ({ authority }: Answered, keys = [olderKey, portalKey]) =>
  new verify.Verifier({
    origin: ORIGIN,
    trust: {
      test: true,
      countries: [{ name: "csca.cer", content: Buffer.from(authority, "base64") }],
      certificates: [{ name: "root.pem", content: issuer.certificate }],
    },
    keys,
  });

const given = await asking(bahrain);
const verifier = trusting(given);

/** Encrypts as a host does, by npm `jose`. */
async function sealed(content: unknown, { origin = ORIGIN, challenge = request.challenge, kid = "2026-01", to = portalKey } = {}): Promise<string> {
  const header = { alg: "ECDH-ES", enc: "A256GCM", typ: "bitaqa-identity+jwe", kid, origin, challengeHash: hash(challenge).toString("base64url") };
  return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader(header)
    .encrypt(await importJWK(publicPart(to), "ECDH-ES"));
}

/** The answer, changed. */
function changed(change: (content: Content) => void, from = given): Content {
  const content = structuredClone(from.content);
  change(content);
  return content;
}

async function refusal(answer: string, options: Partial<IdentityOptions> = {}, by = verifier): Promise<{ code: string; step: string; reasons: readonly string[] }> {
  const error: unknown = await by.verifyIdentity(answer, { ...request, ...options }).then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof verify.IdentityRefused, String(error));
  assert.equal(error.checks.length, 8);
  const step = error.checks.find(({ outcome }) => outcome === "failed")?.step;
  return { code: error.code, step: step ?? "", reasons: error.reasons };
}

test("an answer tells who it is, and how each claim is known", async () => {
  const identity = await verifier.verifyIdentity(given.answer, request);
  const { claims } = identity;
  assert.deepEqual(Object.keys(claims).sort(), ["age_over_18", "document_number", "family_name", "given_name", "photo"]);
  assert.deepEqual(claims.family_name, { value: given.holder.surname, provenance: "issuer-signed", group: "dg1" });
  assert.deepEqual(claims.age_over_18, { value: true, provenance: "derived", group: "dg1" });
  const photo = claims.photo?.value;
  assert.ok(typeof photo === "object" && "mediaType" in photo && "data" in photo);
  assert.ok(/^image\/j/.test(String(photo.mediaType)) && photo.data instanceof Uint8Array && photo.data.length > 100);
  assert.ok(Buffer.from(given.content.document.groups["dg2"] ?? "", "base64").includes(Buffer.from(photo.data)));
  assert.deepEqual([identity.level, identity.assurance, identity.chip], ["low", "test", "active-authentication"]);
  assert.deepEqual([identity.holderVerification, identity.status, identity.token], ["none", "not-checked", undefined]);
  assert.equal(identity.fingerprint, hash(Buffer.from(given.content.document.sod, "base64")).toString("hex"));
  assert.deepEqual(identity.hostAsserted, given.content.hostAsserted);
  const passed = ["encryption", "content", "request", "consent", "document", "chip"];
  const expected = [...passed.map((step) => ({ step, outcome: "passed" })), ...["holder", "status"].map((step) => ({ step, outcome: "not-checked" }))];
  assert.deepEqual(identity.checks, expected);
});

test("npm jose opens what the host encrypted, and what it encrypts is opened here", async () => {
  const { plaintext, protectedHeader } = await compactDecrypt(given.answer, await importJWK(portalKey, "ECDH-ES"));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(plaintext)), given.content);
  assert.equal(protectedHeader["origin"], ORIGIN);
  const identity = await verifier.verifyIdentity(await sealed(given.content), request);
  assert.equal(identity.claims.family_name?.value, given.holder.surname);
});

test("every make of document is believed, in one call or two", async () => {
  for (const card of [{ personality: "passport-bac" }, ...["icao-only", "pkcs15-gm", "ias-ecc-cam"].map(cnie2)]) {
    const asked = { ...request, proof: "chip-authentication" as const };
    const answered = await asking(card, asked);
    const own = trusting(answered);
    const step = await own.beginIdentity(answered.answer, asked);
    if (step.state === "verified") {
      assert.equal(step.identity.chip, "active-authentication", JSON.stringify(card));
      continue;
    }
    assert.equal((await refusal(answered.answer, asked, own)).code, "chip-proof-missing");
    // nothing is asked of a chip on behalf of another request
    await assert.rejects(own.beginIdentity(answered.answer, { ...asked, purpose: "other" }), { code: "answer-to-another-request" });
    const chipAnswer = await person.chip(step.challenge);
    const identity = await own.completeIdentity(answered.answer, asked, { secret: step.secret, chipAnswer });
    assert.deepEqual([identity.chip, identity.level], ["chip-authentication", "low"], JSON.stringify(card));
    const late = { ...asked, now: new Date(Date.now() + 600_000) };
    await assert.rejects(own.completeIdentity(answered.answer, late, { secret: step.secret, chipAnswer }), { code: "chip-proof-late" });
    const forged = Buffer.from(chipAnswer, "base64");
    forged[3] = (forged[3] ?? 0) ^ 1;
    const chip = { secret: step.secret, chipAnswer: forged.toString("base64") };
    await assert.rejects(own.completeIdentity(answered.answer, asked, chip), { code: "chip-proof-invalid" });
    await assert.rejects(own.completeIdentity(answered.answer, asked, { ...chip, secret: "none" }), { code: "chip-answer-invalid" });
  }
});

const cnie2 = (hypothesis: string): { personality: string; hypothesis: string; seed: number } => ({ personality: "cnie-2", hypothesis, seed: 1 });

test("a chip whose key only a terminal with a certificate reaches has no proof for a portal", async () => {
  const asked = { ...request, proof: "chip-authentication" as const };
  const answered = await asking({ personality: "eac-2" }, asked);
  const { code, step } = await refusal(answered.answer, asked, trusting(answered));
  assert.deepEqual([code, step], ["chip-proof-missing", "chip"]);
});

test("what does not open, or is for another, is refused", async () => {
  const encryption = (code: string) => ({ code, step: "encryption", reasons: [] });
  const stranger = key("2024-01");
  assert.deepEqual(await refusal(""), encryption("answer-not-decrypted"));
  assert.deepEqual(await refusal(`${given.answer.slice(0, -2)}AA`), encryption("answer-not-decrypted"));
  assert.deepEqual(await refusal(await sealed(given.content, { to: stranger, kid: "2024-01" })), encryption("answer-for-another-key"));
  assert.deepEqual(await refusal(await sealed(given.content, { to: stranger })), encryption("answer-not-decrypted"));
  assert.deepEqual(await refusal(await sealed(given.content, { origin: "https://portal.example.bh" })), encryption("answer-to-another-request"));
  assert.deepEqual(await refusal(given.answer, { challenge: verify.newChallenge() }), encryption("answer-to-another-request"));
  // a key of the portal, but not the one that the chip signed for
  assert.deepEqual(await refusal(await sealed(given.content, { to: olderKey, kid: "2025-01" })), { code: "chip-proof-invalid", step: "chip", reasons: [] });
});

test("an answer to another request of the same session is refused", async () => {
  const other: Partial<IdentityOptions>[] = [
    { statement: "e30.e30.BBBB" },
    { purpose: "other" },
    { claims: { required: ["given_name"], optional: [] } },
    { proof: "data-only" },
    { holder: "pin" },
  ];
  for (const options of other) {
    assert.deepEqual(await refusal(given.answer, options), { code: "answer-to-another-request", step: "request", reasons: [] });
  }
});

test("what a host must not do is refused at its step", async () => {
  const group = (name: string, at: number) => (content: Content) => {
    const file = Buffer.from(content.document.groups[name] ?? "", "base64");
    file[file.length - at] = (file[file.length - at] ?? 0) ^ 1;
    content.document.groups[name] = file.toString("base64");
  };
  // the keys that EF.SOD lists
  const hiding = ({ document: { groups }, proofs }: Content): void => {
    delete groups["dg14"];
    delete groups["dg15"];
    delete proofs.activeAuthentication;
  };
  const cases: [code: string, step: string, change: (content: Content) => void, reasons?: string[]][] = [
    ["answer-malformed", "content", (content) => Object.assign(content, { more: 1 })],
    ["answer-malformed", "content", (content) => Object.assign(content, { format: "bitaqa-identity:2" })],
    ["beyond-consent", "consent", (content) => void content.consent.groups.pop()],
    ["consent-incomplete", "consent", (content) => void content.consent.claims.pop()],
    ["document-unreadable", "document", (content) => void (content.document.sod = "AAAA")],
    ["document-not-genuine", "document", group("dg1", 5), ["group-altered"]],
    ["document-not-genuine", "document", group("dg2", 50), ["group-altered"]],
    ["document-not-genuine", "document", group("dg15", 9), ["group-altered"]],
    ["chip-proof-missing", "chip", (content) => delete content.proofs.activeAuthentication],
    ["chip-proof-missing", "chip", hiding],
    ["chip-proof-invalid", "chip", (content) => content.proofs.activeAuthentication?.reverse()],
  ];
  for (const [code, step, change, reasons = []] of cases) {
    assert.deepEqual(await refusal(await sealed(changed(change))), { code, step, reasons });
  }
  const nobody = new verify.Verifier({ origin: ORIGIN, trust: {}, keys: [portalKey] });
  assert.deepEqual(await refusal(given.answer, {}, nobody), { code: "document-not-genuine", step: "document", reasons: ["csca-unknown"] });
  const keyless = new verify.Verifier({ origin: ORIGIN, trust: {} });
  await assert.rejects(keyless.verifyIdentity(given.answer, request), { code: "keys-missing" });
  await assert.rejects(verifier.verifyIdentity(given.answer, { ...request, purpose: "NOT ONE" }), { code: "request-invalid" });
});

test("data without a proof are told only to who asked for them by name", async () => {
  const asked = { ...request, proof: "data-only" as const };
  const answered = await asking(bahrain, asked);
  const content = changed((content) => delete content.proofs.activeAuthentication, answered);
  const identity = await verifier.verifyIdentity(await sealed(content), asked);
  assert.deepEqual([identity.chip, identity.level], ["data-only", "none"]);
});

test("values that nobody signed are told only to who asked for unsigned data, and no source of status is asked about them", async () => {
  const unsigned = async (proof: NonNullable<IdentityRequest["proof"]>): Promise<{ answer: string; asked: IdentityRequest }> => {
    const asked = { ...request, claims: { required: ["given_name" as const], optional: [] }, proof };
    const content = changed((content) => {
      content.consent.claims = content.consent.claims.filter((claim) => claim === "given_name");
      Object.assign(content, { document: { kind: "host-asserted", claims: { given_name: "ANYBODY" } }, proofs: {} });
    }, await asking(bahrain, asked));
    return { answer: await sealed(content), asked };
  };
  const { answer, asked } = await unsigned("unsigned");
  const status = () => assert.fail("there is nothing to ask by");
  const identity = await verifier.verifyIdentity(answer, { ...asked, status });
  assert.deepEqual(identity.claims, { given_name: { value: "ANYBODY", provenance: "unauthenticated" } });
  assert.deepEqual([identity.chip, identity.level, identity.status], ["unsigned", "none", "not-checked"]);
  assert.deepEqual([identity.fingerprint, identity.signer], [undefined, undefined]);
  for (const proof of ["chip", "chip-authentication", "data-only"] as const) {
    const { answer, asked } = await unsigned(proof);
    assert.deepEqual(await refusal(answer, asked), { code: "document-unauthenticated", step: "document", reasons: [] }, proof);
  }
});

/** The answer with a token of this holder, whose nonce covers request and consent. */
function withToken(holder: Holder, content: Content): Content {
  const parts = ["bitaqa-consent-1", request.challenge, canonical(content.request), canonical(content.consent)].map((part) => Buffer.from(part));
  const joined = parts.flatMap((part) => [Buffer.from(Uint32Array.of(part.length).buffer).reverse(), part]);
  return { ...content, token: holder.token(ORIGIN, Buffer.concat([Buffer.from("bitaqa-consent-1"), hash(Buffer.concat(joined))]).toString("base64")) };
}

test("a PIN is believed from the card of the same person only", async () => {
  const asked = { ...request, holder: "pin" as const };
  const answered = await asking(bahrain, asked);
  const { documentNumber } = answered.holder;
  const owner = issuer.holder("owner", { number: `IDCMA-${documentNumber}` });
  const identity = await verifier.verifyIdentity(await sealed(withToken(owner, answered.content)), asked);
  assert.deepEqual([identity.holderVerification, identity.link], ["pin", "by-document-number"]);
  assert.equal(identity.token?.subject.surname, "EXEMPLE");
  assert.equal(identity.token?.revocation, null);
  const holder = (code: string, reasons: string[] = []) => ({ code, step: "holder", reasons });
  const by = async (content: Content) => refusal(await sealed(content), asked);
  assert.deepEqual(await by(answered.content), holder("holder-verification-missing"));
  const another = issuer.holder("another", { number: "IDCMA-ZZ999999" });
  assert.deepEqual(await by(withToken(another, answered.content)), holder("not-linked"));
  const agreed = withToken(owner, answered.content);
  assert.deepEqual(await by({ ...agreed, consent: { ...agreed.consent, portal: "Another" } }), holder("token-invalid", ["signature-invalid"]));
  const without = new verify.Verifier({
    origin: ORIGIN,
    trust: { test: true, countries: [{ name: "csca.cer", content: Buffer.from(given.authority, "base64") }] },
    keys: [portalKey],
  });
  assert.deepEqual(await refusal(await sealed(agreed), asked, without), holder("holder-verification-unexpected"));

  // revocation of the card's certificate, by a list
  const crls = [issuer.list()];
  const revocation = { onMissing: "refuse" as const, crls };
  const checked = await verifier.verifyIdentity(await sealed(agreed), { ...asked, revocation });
  assert.equal(checked.token?.revocation?.[0]?.status, "good");
  issuer.revoke("owner");
  const late = { ...asked, revocation: { onMissing: "refuse" as const, crls: [issuer.list()] } };
  assert.deepEqual(await refusal(await sealed(agreed), late), holder("token-invalid", ["certificate-revoked"]));
});

test("a source of status is asked by the hash of EF.SOD, and only about answers that hold", async () => {
  const register = new Map<string, DocumentStatus>();
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const fingerprint = (incoming.url ?? "").slice(1);
    asked.push(fingerprint);
    outgoing.end(JSON.stringify(register.get(fingerprint) ?? { status: "not-checked" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const status = async (fingerprint: string): Promise<DocumentStatus> => {
    const answer = await fetch(`http://127.0.0.1:${address.port}/${fingerprint}`);
    return (await answer.json()) as DocumentStatus;
  };
  try {
    const { fingerprint, status: unknown } = await verifier.verifyIdentity(given.answer, { ...request, status });
    assert.ok(fingerprint !== undefined);
    assert.equal(unknown, "not-checked");
    register.set(fingerprint, { status: "in-use" });
    const known = await verifier.verifyIdentity(given.answer, { ...request, status });
    assert.equal(known.status, "in-use");
    assert.deepEqual(known.checks.at(-1), { step: "status", outcome: "passed" });
    register.set(fingerprint, { status: "withdrawn", reason: "lost" });
    assert.deepEqual(await refusal(given.answer, { status }), { code: "document-withdrawn", step: "status", reasons: [] });
    assert.deepEqual(asked, [fingerprint, fingerprint, fingerprint]);
    await refusal(await sealed(changed((content) => delete content.proofs.activeAuthentication)), { status });
    assert.equal(asked.length, 3);
  } finally {
    server.close();
  }
  const none = { status: () => Promise.reject(new Error("no network")) };
  await assert.rejects(verifier.verifyIdentity(given.answer, { ...request, ...none }), /no network/);
  const saying = (told: unknown) => verifier.verifyIdentity(given.answer, { ...request, status: async () => told as DocumentStatus });
  // a source that forgot to answer is no source that cannot tell
  for (const told of [{ status: "lost" }, {}, undefined, null, "", "in-use", 0, false, [], ["in-use"]]) {
    await assert.rejects(saying(told), (error: unknown) => error instanceof verify.UsageError && error.code === "status-invalid", JSON.stringify(told));
  }
  assert.equal((await saying({ status: "not-checked" })).status, "not-checked");
});

test("documents without a list of their country can be refused", async () => {
  const strict = new verify.Verifier({
    origin: ORIGIN,
    trust: { test: true, countries: [{ name: "csca.cer", content: Buffer.from(given.authority, "base64") }] },
    keys: [portalKey],
    demandRevocationLists: true,
  });
  const { code, reasons } = await refusal(given.answer, {}, strict);
  assert.deepEqual([code, reasons.length], ["document-not-genuine", 1]);
});
