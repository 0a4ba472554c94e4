/**
 * Signatures in XML, judged by xmlsec1.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import { bitaqa } from "./module.ts";
import { Authority, type KeyKind } from "./openssl.ts";

const authority = new Authority();
after(() => authority.remove());
const offer = Buffer.from('<?xml version="1.0"?>\n<offer><amount currency="MAD">1200</amount><note>مرحبا</note></offer>\n');

/** Whether xmlsec1 accepts the signature by the certificate in it, whose issuer it knows. */
function accepts(file: Uint8Array, ...more: string[]): boolean {
  const path = authority.write("signed.xml", file);
  const known = ["--trusted-pem", "ca.pem", "--enabled-key-data", "x509", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object"];
  const { status, stderr } = spawnSync("xmlsec1", ["--verify", ...known, ...more, path], { cwd: authority.folder, encoding: "utf8" });
  assert.ok(status !== null, "xmlsec1 did not run");
  if (status !== 0) lastWords = stderr;
  return status === 0;
}
let lastWords = "";

test("xmlsec1 accepts an enveloped signature of each kind of key, and no other document", async () => {
  for (const kind of ["P-256", "P-384", "RSA-2048"] as KeyKind[]) {
    const holder = authority.holder(kind);
    const request = { certificate: holder.certificate, chain: [authority.certificate], format: "xades", packaging: "enveloped" } as const;
    const prepared = await bitaqa.prepare({ ...request, documents: [{ content: offer, mediaType: "text/xml" }], statement: { roles: ["Notaire"] } });
    const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared), contents: [offer] });
    assert.ok(accepts(bytes), `${kind}: ${lastWords}`);
    const changed = Buffer.from(bytes).toString().replace(">1200<", ">9200<");
    assert.ok(!accepts(Buffer.from(changed)));
  }
});

test("a document inside of its signature, and one that is signed by its digest", async () => {
  const holder = authority.holder();
  const request = { certificate: holder.certificate, chain: [authority.certificate], format: "xades" } as const;
  const letter = Buffer.from("a letter\n");
  const inside = await bitaqa.prepare({ ...request, packaging: "enveloping", documents: [{ content: letter, mediaType: "text/plain" }] });
  const enveloping = await bitaqa.finish({ state: inside.state, signature: holder.sign(inside), contents: [letter] });
  assert.ok(accepts(enveloping.bytes), lastWords);
  assert.ok(Buffer.from(enveloping.bytes).includes(letter.toString("base64")));
  const digest = createHash("sha256").update(letter).digest();
  const outside = await bitaqa.prepare({ ...request, packaging: "detached", documents: [{ name: "letter.txt", mediaType: "text/plain", digest }] });
  assert.equal(bitaqa.contentsNeededBy(outside.state), 0);
  const detached = await bitaqa.finish({ state: outside.state, signature: holder.sign(outside) });
  const beside = authority.write("letter.txt", letter);
  assert.ok(accepts(detached.bytes, "--url-map:letter.txt", beside), lastWords);
  authority.write("letter.txt", "another letter\n");
  assert.ok(!accepts(detached.bytes, "--url-map:letter.txt", beside));
});

test("what is no XML, and a document with a type definition, are refused", async () => {
  const { certificate } = authority.holder();
  const request = { certificate, format: "xades", packaging: "enveloped" } as const;
  for (const content of ["no XML", "<a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']) {
    await assert.rejects(bitaqa.prepare({ ...request, documents: [{ content: Buffer.from(content) }] }), { code: "document-invalid" }, content);
  }
  await assert.rejects(bitaqa.prepare({ ...request, packaging: "detached", documents: [{ content: offer }] }), { code: "request-invalid" });
});
