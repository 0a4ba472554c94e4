/**
 * JSON web signatures, judged by `jose`.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import { compactVerify, decodeProtectedHeader, flattenedVerify, type FlattenedJWSInput } from "jose";
import { bitaqa } from "./module.ts";
import { Authority, type KeyKind } from "./openssl.ts";

const authority = new Authority();
after(() => authority.remove());
const document = Buffer.from('{"amount":"1200 MAD","مبلغ":1200}');
const header = (jws: string): Record<string, unknown> => decodeProtectedHeader(jws);

test("jose accepts a compact signature of each kind of key", async () => {
  const kinds: [KeyKind, bitaqa.AlgorithmChoice, string][] = [
    ["P-256", {}, "ES256"],
    ["P-384", {}, "ES384"],
    ["P-521", {}, "ES512"],
    ["RSA-2048", {}, "RS256"],
    ["RSA-2048", { scheme: "rsa-pss", hash: "SHA-384" }, "PS384"],
  ];
  for (const [kind, algorithm, name] of kinds) {
    const holder = authority.holder(kind);
    const request = { certificate: holder.certificate, algorithm, format: "jades", packaging: "attached", serialization: "compact" } as const;
    const prepared = await bitaqa.prepare({ ...request, documents: [{ content: document, mediaType: "application/json" }] });
    const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared), contents: [document] });
    const jws = Buffer.from(bytes).toString();
    const { payload, protectedHeader } = await compactVerify(jws, holder.publicKey);
    assert.deepEqual(Buffer.from(payload), document);
    assert.equal(protectedHeader.alg, name);
    assert.equal(protectedHeader.cty, "json");
    assert.deepEqual(header(jws)["x5c"], [Buffer.from(holder.der).toString("base64")]);
    const [head = "", , value = ""] = jws.split(".");
    await assert.rejects(compactVerify([head, Buffer.from("{}").toString("base64url"), value].join("."), holder.publicKey));
  }
});

test("detached documents are signed by their digests, streamed or known", async () => {
  const holder = authority.holder();
  const contents = [document, Buffer.alloc(100_001, "x")];
  async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }
  const [first = document, second = document] = contents;
  const prepared = await bitaqa.prepare({
    certificate: holder.certificate,
    format: "jades",
    packaging: "detached",
    documents: [
      { name: "offer.json", mediaType: "application/json", digest: await bitaqa.digestOf(first, "SHA-256", "base64url") },
      { name: "annex.txt", mediaType: "text/plain", content: stream(second) },
    ],
    statement: { roles: ["Notaire"], place: { locality: "الرباط", country: "MA" } },
  });
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  const jws = JSON.parse(Buffer.from(bytes).toString()) as FlattenedJWSInput;
  const { protectedHeader } = await flattenedVerify({ ...jws, payload: "" }, holder.publicKey, { crit: { sigD: true } });
  const sigD = protectedHeader?.["sigD"] as { mId: string; pars: string[]; hashM: string; hashV: string[] };
  assert.equal(sigD.mId, "http://uri.etsi.org/19182/ObjectIdByURIHash");
  assert.deepEqual(sigD.pars, ["offer.json", "annex.txt"]);
  assert.deepEqual(sigD.hashV, contents.map((content) => createHash("sha256").update(content.toString("base64url")).digest("base64url")));
  assert.match(JSON.stringify(protectedHeader), /Notaire.*الرباط|الرباط.*Notaire/);
});

test("a detached document without a name, and one of another length of digest, are refused", async () => {
  const { certificate } = authority.holder();
  const request = { certificate, format: "jades", packaging: "detached" } as const;
  await assert.rejects(bitaqa.prepare({ ...request, documents: [{ content: document }] }), { code: "request-invalid" });
  await assert.rejects(bitaqa.prepare({ ...request, documents: [{ name: "a", digest: new Uint8Array(48) }] }), { code: "digest-invalid" });
  const brainpool = authority.holder("brainpoolP256r1");
  await assert.rejects(
    bitaqa.prepare({ ...request, certificate: brainpool.certificate, documents: [{ name: "a", content: document }] }),
    { code: "algorithm-invalid" },
    "brainpool has no registered name",
  );
});
