/**
 * What is refused, each by its code.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import { bitaqa } from "./module.ts";
import { Authority } from "./openssl.ts";

const authority = new Authority();
after(() => authority.remove());
const holder = authority.holder();
const document = Buffer.from("a document");
const request = { certificate: holder.certificate, format: "cades", packaging: "detached", documents: [{ content: document }] } as const;
const prepared = await bitaqa.prepare(request);
const signature = holder.sign(prepared);

const refused = (code: bitaqa.Code) => ({ name: "SignError", code });

test("a certificate for signing in signs no document", async () => {
  for (const usage of ["digitalSignature", "digitalSignature,keyAgreement", "keyEncipherment"]) {
    const { certificate } = authority.holder("P-256", usage);
    assert.throws(() => bitaqa.algorithmOf({ certificate }), refused("certificate-not-for-documents"));
    await assert.rejects(bitaqa.prepare({ ...request, certificate }), refused("certificate-not-for-documents"));
  }
});

test("a wrong signature never lands in a file", async () => {
  const other = authority.holder();
  const swapped = Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]);
  const wrong = [other.sign(prepared), swapped, signature.subarray(1), new Uint8Array(64), new Uint8Array(), Buffer.concat([signature, Buffer.alloc(1)])];
  for (const one of wrong) await assert.rejects(bitaqa.finish({ state: prepared.state, signature: one }), refused("signature-invalid"));
});

test("the state of another signature is refused", async () => {
  const statement = { roles: ["another"] };
  const foreign = await bitaqa.prepare({ ...request, statement });
  await assert.rejects(bitaqa.finish({ state: foreign.state, signature }), refused("signature-invalid"));
  const others = await bitaqa.prepare({ ...request, certificate: authority.holder().certificate });
  await assert.rejects(bitaqa.finish({ state: others.state, signature }), refused("signature-invalid"));
});

test("a state that was changed anywhere is refused", async () => {
  const { state } = prepared;
  for (let at = 0; at < state.length; at += 1) {
    const changed = Uint8Array.from(state);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await assert.rejects(bitaqa.finish({ state: changed, signature }), refused("state-invalid"));
  }
  for (const length of [0, 1, 12, 43, 44, state.length - 1]) {
    await assert.rejects(bitaqa.finish({ state: state.subarray(0, length), signature }), refused("state-invalid"));
  }
  assert.throws(() => bitaqa.contentsNeededBy(Buffer.from("{}")), refused("state-invalid"));
});

test("a state whose hash was made anew is still judged by what it says", async () => {
  const body = Buffer.from(prepared.state.subarray(44)).toString();
  const remade = (text: string): Uint8Array => {
    const head = Buffer.from("bitaqa-sign\x01", "latin1");
    return Buffer.concat([head, createHash("sha256").update(head).update(text).digest(), Buffer.from(text)]);
  };
  assert.deepEqual(Buffer.from(remade(body)), Buffer.from(prepared.state));
  const { bytes } = await bitaqa.finish({ state: remade(body), signature });
  authority.verifyCades(bytes, document);
  const seconds = /"signingTime":(\d+)/.exec(body)?.[1] ?? assert.fail("no time");
  const later = body.replace(seconds, String(Number(seconds) + 60));
  await assert.rejects(bitaqa.finish({ state: remade(later), signature }), refused("document-changed"));
  const entry = authority.holder("P-256", "digitalSignature").certificate;
  const own = Buffer.from(holder.certificate).toString("base64");
  await assert.rejects(
    bitaqa.finish({ state: remade(body.replace(own, Buffer.from(entry).toString("base64"))), signature }),
    refused("certificate-not-for-documents"),
  );
  await assert.rejects(bitaqa.finish({ state: remade(body.replace('"documents"', '"document"')), signature }), refused("state-invalid"));
});

test("what cannot be meant is refused before anything is signed", async () => {
  const cases: [bitaqa.Code, object][] = [
    ["request-invalid", { format: "pkcs7" }],
    ["request-invalid", { colour: "blue" }],
    ["request-invalid", { documents: [] }],
    ["request-invalid", { documents: [{ content: document }, { content: document }] }],
    ["request-invalid", { documents: [{ content: document, path: "/etc/passwd" }] }],
    ["request-invalid", { pdf: { reason: "none" } }],
    ["request-invalid", { serialization: "compact" }],
    ["packaging-invalid", { packaging: undefined }],
    ["packaging-invalid", { format: "pades" }],
    ["certificate-invalid", { certificate: "none" }],
    ["certificate-invalid", { certificate: holder.certificate + authority.certificate }],
    ["certificate-invalid", { chain: ["none"] }],
    ["certificate-invalid", { chain: Array(17).fill(authority.certificate) }],
    ["algorithm-invalid", { algorithm: { scheme: "rsa-pss" } }],
    ["request-invalid", { algorithm: { hash: "SHA-1" } }],
    ["document-missing", { documents: [{}] }],
    ["document-missing", { packaging: "attached", documents: [{ digest: new Uint8Array(32) }] }],
    ["digest-invalid", { documents: [{ digest: new Uint8Array(20) }] }],
    ["statement-invalid", { statement: { commitments: ["proof-of-nothing"] } }],
    ["statement-invalid", { statement: { roles: [""] } }],
    ["statement-invalid", { statement: { policy: { identifier: "1.2.3", digest: new Uint8Array(20), hash: "SHA-256" } } }],
    ["request-invalid", { statement: { signingTime: new Date("1960-01-01") } }],
    ["statement-invalid", { statement: { signingTime: new Date(8.64e15) } }],
  ];
  for (const [code, part] of cases) {
    await assert.rejects(bitaqa.prepare({ ...request, ...part } as bitaqa.SignRequest), refused(code), JSON.stringify(part));
  }
});
