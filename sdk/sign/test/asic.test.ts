/**
 * Containers, judged by unzip, openssl and xmlsec1.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { bitaqa } from "./module.ts";
import { Authority } from "./openssl.ts";

const authority = new Authority();
after(() => authority.remove());
mkdirSync(join(authority.folder, "annexes"));
const holder = authority.holder("P-256", "nonRepudiation", "http://ca.example/list.crl");
const letter = { name: "letter.txt", mediaType: "text/plain", content: Buffer.from("a letter\n") };
const table = { name: "annexes/table.csv", mediaType: "text/csv", content: Buffer.from("amount\n1200\n") };
// where xmlsec1 looks for what the signatures name
for (const { name, content } of [letter, table]) authority.write(name, content);
type Kind = "asic-s" | "asic-e";
type Way = "cades" | "xades";

async function container(format: Kind, containerSignature: Way): Promise<Uint8Array> {
  const documents = format === "asic-s" ? [letter] : [letter, table];
  const prepared = await bitaqa.prepare({ certificate: holder.certificate, chain: [authority.certificate], format, containerSignature, documents });
  assert.equal(bitaqa.contentsNeededBy(prepared.state), documents.length);
  const contents = documents.map(({ content }) => content);
  const made = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared), contents });
  assert.equal(made.kind, "file");
  return made.bytes;
}

/** A reader of a container's files. */
function unpacked(bytes: Uint8Array): (name: string) => Buffer {
  const path = authority.write("container.zip", bytes);
  return (name) => execFileSync("unzip", ["-p", path, name]);
}

test("each kind of container holds its files, and a signature over them that others accept", async () => {
  for (const format of ["asic-s", "asic-e"] as const) {
    for (const way of ["cades", "xades"] as const) {
      const bytes = await container(format, way);
      const read = unpacked(bytes);
      assert.equal(read("mimetype").toString(), `application/vnd.etsi.${format}+zip`);
      assert.deepEqual(read("letter.txt"), letter.content);
      if (way === "cades") {
        const [signature, signed] = format === "asic-s" ? ["META-INF/signature.p7s", "letter.txt"] : ["META-INF/signature001.p7s", "META-INF/ASiCManifest001.xml"];
        authority.verifyCades(read(signature), read(signed));
      } else {
        const name = format === "asic-s" ? "META-INF/signatures.xml" : "META-INF/signatures001.xml";
        const known = ["--trusted-pem", "ca.pem", "--enabled-key-data", "x509", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"];
        const judged = spawnSync("xmlsec1", ["--verify", ...known, authority.write("signatures.xml", read(name))], { cwd: authority.folder, encoding: "utf8" });
        assert.equal(judged.status, 0, judged.stderr);
      }
      const report = await bitaqa.verify(bytes, { trust: [authority.certificate], onMissingRevocation: "accept" });
      assert.equal(report.indication, "TOTAL-PASSED", JSON.stringify(report.signatures[0]?.steps));
    }
  }
});

test("a second signature is added to a container, and both are raised", async () => {
  for (const way of ["cades", "xades"] as const) {
    const first = await container("asic-e", way);
    const request = { certificate: holder.certificate, format: "asic-e", packaging: "added", containerSignature: way } as const;
    const prepared = await bitaqa.prepare({ ...request, documents: [{ content: first }] });
    const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared), contents: [first] });
    const fetch: bitaqa.Fetch = async (need) => {
      if (need.kind === "time-stamp") return authority.timeStamp(need.request);
      return need.kind === "crl" ? authority.list() : undefined;
    };
    const raised = await bitaqa.augment(bytes, { level: "B-LT", trust: [authority.certificate], fetch });
    assert.deepEqual([raised.kind, raised.level, raised.notices], ["file", "B-LT", []]);
    const report = await bitaqa.verify(raised.bytes, { trust: [authority.certificate], fetch });
    assert.deepEqual([report.indication, report.signatures.length], ["TOTAL-PASSED", 2], JSON.stringify(report.signatures[0]?.steps));
  }
});

test("what cannot be a container is refused with its code", async () => {
  const request = { certificate: holder.certificate, format: "asic-e", documents: [letter] } as const;
  const cases: [bitaqa.Code, Partial<bitaqa.SignRequest>][] = [
    ["request-invalid", { documents: [{ content: letter.content }] }],
    ["request-invalid", { documents: [letter, letter] }],
    ["request-invalid", { documents: [{ ...letter, name: "META-INF/letter.txt" }] }],
    ["document-invalid", { documents: [{ ...letter, name: "../letter.txt" }] }],
    ["request-invalid", { format: "asic-s", documents: [letter, table] }],
    ["packaging-invalid", { format: "asic-s", packaging: "added" }],
    ["document-invalid", { packaging: "added" }],
    ["document-missing", { documents: [{ name: "letter.txt", digest: new Uint8Array(32) }] }],
    ["request-invalid", { format: "cades", packaging: "attached", containerSignature: "xades" }],
  ];
  for (const [code, part] of cases) {
    await assert.rejects(bitaqa.prepare({ ...request, ...part }), { name: "SignError", code }, `${code} ${JSON.stringify(part)}`);
  }
  const prepared = await bitaqa.prepare(request);
  const signature = holder.sign(prepared);
  const other = [Buffer.from("another letter\n")];
  await assert.rejects(bitaqa.finish({ state: prepared.state, signature, contents: other }), { code: "document-changed" });
});
