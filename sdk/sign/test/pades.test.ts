/**
 * Signatures in PDF, judged by pdfsig and by openssl.
 */
import assert from "node:assert/strict";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { bitaqa } from "./module.ts";
import { Authority } from "./openssl.ts";
import { judge, pdf, run } from "./pdf.ts";

const authority = new Authority();
after(() => authority.remove());

test("a PDF gets a signature that pdfsig and openssl accept, and a second one beside it", async () => {
  let file = pdf(1000);
  const original = file;
  for (const [number, kind] of (["P-384", "RSA-2048"] as const).entries()) {
    const holder = authority.holder(kind);
    const prepared = await bitaqa.prepare({
      certificate: holder.certificate,
      chain: [authority.certificate],
      format: "pades",
      documents: [{ content: file }],
      statement: { signingTime: new Date("2026-11-26T12:00:00Z"), place: { locality: "Rabat" } },
      pdf: { name: "AMINA EXEMPLE", reason: "Accord", appearance: { rectangle: [50, 50 + 100 * number, 250, 120 + 100 * number], lines: ["AMINA EXEMPLE", "26/11/2026"] } },
    });
    assert.equal(bitaqa.contentsNeededBy(prepared.state), 0);
    const { kind: made, bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
    assert.equal(made, "appended");
    file = Buffer.concat([file, bytes]);
    const said = judge(authority, file, number + 1);
    assert.match(said, /Signing Time: Nov 26 2026/);
  }
  assert.deepEqual(file.subarray(0, original.length), original);
  assert.match(run("qpdf", "--check", join(authority.folder, "signed.pdf")), /No syntax or stream encoding errors/);
});

test("of a large file only ranges are read into the core, and pieces for the digest", async () => {
  const path = authority.write("large.pdf", pdf(20 << 20));
  const opened = openSync(path, "r");
  after(() => closeSync(opened));
  const { size } = fstatSync(opened);
  const asked: number[] = [];
  const reader = {
    size,
    read(offset: number, count: number): Uint8Array {
      asked.push(count);
      const bytes = Buffer.alloc(count);
      readSync(opened, bytes, 0, count, offset);
      return bytes;
    },
  };
  const holder = authority.holder();
  const prepared = await bitaqa.prepare({ certificate: holder.certificate, format: "pades", documents: [{ content: reader }] });
  const digested = asked.filter((count) => count === 1 << 20).length;
  assert.equal(digested, Math.floor(size / (1 << 20)), "each piece once");
  assert.ok(asked.every((count) => count <= 1 << 20));
  assert.ok(prepared.state.length < 200_000, `${prepared.state.length} bytes of state`);
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  judge(authority, Buffer.concat([reader.read(0, size), bytes]), 1);
});

test("a certified document takes no signature that it does not permit", async () => {
  const holder = authority.holder();
  const request = { certificate: holder.certificate, format: "pades" } as const;
  const file = pdf();
  const prepared = await bitaqa.prepare({ ...request, documents: [{ content: file }], pdf: { certification: "nothing", field: { named: "Certified" } } });
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  const certified = Buffer.concat([file, bytes]);
  judge(authority, certified, 1);
  await assert.rejects(bitaqa.prepare({ ...request, documents: [{ content: certified }] }), { code: "not-permitted" });
});

test("what is no PDF, and what cannot be shown, are refused with their codes", async () => {
  const { certificate } = authority.holder();
  const request = { certificate, format: "pades", documents: [{ content: pdf() }] } as const;
  const rectangle = [0, 0, 100, 50] as const;
  const cases: [bitaqa.Code, Partial<bitaqa.SignRequest>][] = [
    ["document-invalid", { documents: [{ content: Buffer.from("no PDF") }] }],
    ["document-invalid", { documents: [{ content: { size: 1000, read: () => new Uint8Array(3) } }] }],
    ["document-invalid", { documents: [{ content: { size: 1e15, read: (_, count) => new Uint8Array(Math.min(count, 1 << 20)) } }] }],
    ["document-missing", { documents: [{ digest: new Uint8Array(32) }] }],
    ["field-invalid", { pdf: { field: { existing: "none" } } }],
    ["appearance-invalid", { pdf: { appearance: { rectangle, page: 7 } } }],
    ["appearance-invalid", { pdf: { appearance: { rectangle: [0, 0, 0, 0] } } }],
    ["appearance-invalid", { pdf: { appearance: { rectangle, lines: ["توقيع"] } } }],
    ["appearance-invalid", { pdf: { appearance: { rectangle, image: Buffer.from("GIF89a") } } }],
    ["statement-invalid", { pdf: { reason: "Accord" }, statement: { commitments: ["proof-of-approval"] } }],
    ["request-invalid", { packaging: "detached", pdf: { file: {} } as object }],
  ];
  for (const [code, part] of cases) {
    await assert.rejects(bitaqa.prepare({ ...request, ...part }), { name: "SignError", code }, `${code} ${JSON.stringify(part.pdf)}`);
  }
});

test("what the function for ranges throws ends in a refusal", async () => {
  const { certificate } = authority.holder();
  const read = (): Uint8Array => {
    throw new Error("the disk is gone");
  };
  await assert.rejects(bitaqa.prepare({ certificate, format: "pades", documents: [{ content: { size: 1000, read } }] }), { code: "document-invalid" });
});

test("a large file by ranges is looked at, verified and raised without being held", async () => {
  const original = pdf(5 << 20);
  const holder = authority.holder("P-256", "nonRepudiation", "http://ca.example/list.crl");
  const byRanges = (file: Uint8Array) => {
    const asked: number[] = [];
    const read = (offset: number, count: number): Uint8Array => {
      asked.push(count);
      return file.subarray(offset, offset + count);
    };
    return { size: file.length, read, asked };
  };
  const unsigned = byRanges(original);
  const overview = bitaqa.inspect(unsigned);
  assert.deepEqual(overview, bitaqa.inspect(original));
  assert.ok(unsigned.asked.reduce((sum, count) => sum + count) < 1 << 20, "the structure alone");
  assert.deepEqual([overview.pages, overview.pageSizes.length, overview.signatureFields.length], [1, 1, 0]);
  assert.deepEqual(overview.pageSizes[0], { left: 0, bottom: 0, right: 595, top: 842, rotation: 0 });
  assert.ok(Object.values(overview.risks).every((risk) => !risk));
  const prepared = await bitaqa.prepare({ certificate: holder.certificate, format: "pades", documents: [{ content: unsigned }] });
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  const signed = Buffer.concat([original, bytes]);
  assert.deepEqual(bitaqa.inspect(signed).signatureFields.map(({ isSigned }) => isSigned), [true]);
  const trust = [authority.certificate];
  const fetch: bitaqa.Fetch = async (need) => {
    if (need.kind === "time-stamp") return authority.timeStamp(need.request);
    return need.kind === "crl" ? authority.list() : undefined;
  };
  const raised = await bitaqa.augment(byRanges(signed), { level: "B-LT", trust, fetch });
  assert.deepEqual([raised.kind, raised.level], ["appended", "B-LT"]);
  assert.ok(raised.bytes.length < 200_000);
  const whole = byRanges(Buffer.concat([signed, raised.bytes]));
  const report = await bitaqa.verify(whole, { trust, fetch });
  assert.equal(report.indication, "TOTAL-PASSED", JSON.stringify(report.signatures[0]?.steps));
  assert.ok(whole.asked.every((count) => count <= 1 << 20));
});

test("a visible signature in Arabic is set in a font that is embedded", async () => {
  const font = readFileSync(new URL("../../../host/fonts/BitaqaSans-Regular.ttf", import.meta.url));
  const holder = authority.holder();
  const file = pdf();
  const rectangle = [50, 50, 250, 120] as const;
  const request = { certificate: holder.certificate, format: "pades", documents: [{ content: file }] } as const;
  const prepared = await bitaqa.prepare({ ...request, pdf: { appearance: { rectangle, font, lines: ["وقعته أمينة", "AMINA"] } } });
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  const signed = Buffer.concat([file, bytes]);
  judge(authority, signed, 1);
  const path = authority.write("arabic.pdf", signed);
  const text = run("pdftotext", path, "-");
  assert.match(text, /AMINA/);
  assert.match(text, /وقعته أمينة/);
  assert.match(run("pdffonts", path), /[A-Z]{6}\+SignatureFont .* yes yes yes /);
  assert.ok(bytes.length < font.length, "of the font there are the glyphs that are used");
  await assert.rejects(bitaqa.prepare({ ...request, pdf: { appearance: { rectangle, font, lines: ["漢"] } } }), { code: "appearance-invalid" });
  await assert.rejects(bitaqa.prepare({ ...request, pdf: { appearance: { rectangle, font: Buffer.from("none"), lines: ["a"] } } }), { code: "appearance-invalid" });
});
