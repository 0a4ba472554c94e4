/**
 * Signatures in CMS. Keys and certificates are openssl's, the card is `node:crypto`, and openssl judges.
 */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { bitaqa } from "./module.ts";
import { Authority, type KeyKind } from "./openssl.ts";

const authority = new Authority();
after(() => authority.remove());
const document = Buffer.from("Contrat de vente, عقد البيع\n");
const signingTime = new Date("2026-11-26T12:00:00Z");

test("openssl accepts a detached signature of each kind of key, made from a digest alone", async () => {
  const chosen = { "P-256": {}, "P-384": {}, "P-521": {}, brainpoolP256r1: {}, "RSA-2048": { scheme: "rsa-pss", hash: "SHA-512" } } as const;
  for (const [kind, algorithm] of Object.entries(chosen) as [KeyKind, bitaqa.AlgorithmChoice][]) {
    const holder = authority.holder(kind);
    const signer = { certificate: holder.certificate, chain: [authority.certificate], algorithm };
    const { hash } = bitaqa.algorithmOf(signer);
    const digest = await bitaqa.digestOf(document, hash);
    const prepared = await bitaqa.prepare({ ...signer, format: "cades", packaging: "detached", documents: [{ digest }], statement: { signingTime } });
    assert.equal(prepared.algorithm.hash, hash);
    assert.deepEqual(Buffer.from(prepared.digest), createHash(hash.replace("-", "").toLowerCase()).update(prepared.toBeSigned).digest());
    assert.equal(bitaqa.contentsNeededBy(prepared.state), 0);
    const { kind: made, bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
    assert.equal(made, "file");
    authority.verifyCades(bytes, document);
    assert.throws(() => authority.verifyCades(bytes, Buffer.concat([document, Buffer.from(" ")])), kind);
  }
});

test("a signature in DER is taken as well as one of a card, and PKCS #1 is what RSA keys do first", async () => {
  for (const kind of ["P-256", "RSA-2048"] as const) {
    const holder = authority.holder(kind);
    const prepared = await bitaqa.prepare({ certificate: holder.der, format: "cades", packaging: "detached", documents: [{ content: document }] });
    assert.deepEqual(prepared.algorithm, { scheme: kind === "P-256" ? "ecdsa" : "rsa-pkcs1", hash: "SHA-256" });
    const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared, "der") });
    authority.verifyCades(bytes, document);
  }
});

test("an attached document is in the file, and needed in both steps", async () => {
  const holder = authority.holder();
  const request = { certificate: holder.certificate, format: "cades", packaging: "attached", documents: [{ content: document }] } as const;
  const prepared = await bitaqa.prepare(request);
  const signature = holder.sign(prepared);
  assert.equal(bitaqa.contentsNeededBy(prepared.state), 1);
  assert.ok(!Buffer.from(prepared.state).includes("Contrat"), "the state has the document in it");
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature, contents: [document] });
  assert.deepEqual(authority.verifyCades(bytes), document);
  const other = Buffer.from("Contrat de location");
  await assert.rejects(bitaqa.finish({ state: prepared.state, signature }), { name: "SignError", code: "document-missing" });
  await assert.rejects(bitaqa.finish({ state: prepared.state, signature, contents: [other] }), { code: "document-changed" });
  await assert.rejects(bitaqa.finish({ state: prepared.state, signature, contents: [document, other] }), { code: "request-invalid" });
});

test("a document is hashed piece by piece, and is the same as one that is hashed at once", async () => {
  const holder = authority.holder();
  const large = randomBytes(3 << 20);
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < large.length; at += 65_521) yield large.subarray(at, at + 65_521);
  }
  const request = { certificate: holder.certificate, format: "cades", packaging: "detached", statement: { signingTime } } as const;
  const prepared = await bitaqa.prepare({ ...request, documents: [{ content: stream() }] });
  const again = await bitaqa.prepare({ ...request, documents: [{ content: large }] });
  assert.deepEqual(prepared, again);
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  authority.verifyCades(bytes, large);
});

test("what the signer says is signed, as openssl prints it", async () => {
  const holder = authority.holder();
  const prepared = await bitaqa.prepare({
    certificate: holder.certificate,
    format: "cades",
    packaging: "detached",
    documents: [{ content: document }],
    statement: {
      signingTime,
      commitments: ["proof-of-approval", "1.2.3.4"],
      roles: ["Notaire"],
      place: { locality: "Rabat", country: "MA" },
      policy: { identifier: "1.2.3.4.5", digest: createHash("sha256").update("policy").digest(), hash: "SHA-256", uri: "https://example.ma/policy" },
    },
  });
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  authority.verifyCades(bytes, document);
  const printed = authority.openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", authority.write("said.der", bytes)).toString();
  for (const said of ["Nov 26 12:00:00 2026 GMT", "id-smime-cti-ets-proofOfApproval", "1.2.3.4", "Notaire", "Rabat", "1.2.3.4.5", "https://example.ma/policy"]) {
    assert.ok(printed.includes(said), `${said} is not in\n${printed}`);
  }
});
