/**
 * Documents of 100 MB in real browsers, in the formats that hold them and beside them; what is too large for a format is refused before
 * anybody is asked. Where a browser copies no Blobs in messages, documents go in pieces. Judged by pdfsig, openssl, unzip and Node.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, verify, X509Certificate } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { chooseFiles, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { pdfsig } from "./harness/judges.ts";
import { line, pdf } from "./harness/pdf_file.ts";
import { savedFile, signedFile } from "./harness/signing_page.ts";
import { type Signings, withCard } from "./harness/signings.ts";
import { EXTENSION, Stage } from "./harness/stage.ts";
import { STARTERS } from "./harness/starters.ts";

const CARD = { personality: "pkcs15", key: "p256", signsMany: true } as const;
const PIN = "12345";
const LARGE = 100 * 1024 * 1024;
/** What a large document takes, in milliseconds, on a busy computer. */
const PATIENCE = 150_000;

/** What the test page makes for `fill`. */
function filled(length: number): Buffer {
  const piece = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 7) & 255));
  return Buffer.concat(Array.from({ length: Math.ceil(length / piece.length) }, () => piece)).subarray(0, length);
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("base64");

const film = (length: number): object => ({ name: "film.bin", type: "application/octet-stream", fill: length });

function opensslVerifies(message: string, roots: string, content: readonly string[], out: string): void {
  const { status, stderr } = spawnSync("openssl", [
    ...["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", message, ...content],
    ...["-purpose", "any", "-CAfile", roots, "-out", out],
  ]);
  assert.equal(status, 0, String(stderr));
}

for (const [name, start] of STARTERS) {
  describe(`${name}: large documents`, () => {
    let stage: Stage;
    let signings: Signings;

    withCard(start, CARD, (made) => ({ stage, signings } = made));

    test("a PDF of 100 MB of the person's own keeps every byte, and pdfsig finds it valid", async () => {
      const original = pdf([{ content: line("Contract") }], { ballast: LARGE });
      const page = await signings.own();
      await chooseFiles(page.tab, "#files", signings.file("contract.pdf", original));
      await until(() => page.tab.evaluate<boolean>('document.querySelectorAll("#view canvas").length > 0'), "the page of the PDF");
      await page.sign(PIN);
      await page.isDone();
      const signed = await savedFile(page.tab);
      assert.ok(signed.subarray(0, original.length).equals(original), "the original is there byte for byte");
      assert.ok(signed.length < original.length + 64 * 1024, "and little more");
      const said = pdfsig(signings.file("signed.pdf", signed));
      assert.match(said, /Signature is Valid/);
      assert.match(said, /Total document signed/);
    });

    test("100 MB go into a container", async () => {
      const container = await signings.siteAsks({ documents: [film(LARGE)], format: "asic-e", language: "en" });
      await container.window.says("film.bin");
      await container.window.sign(PIN);
      const kept = await container.request.end(PATIENCE);
      assert.ok(kept.value, `${kept.code} ${kept.detail}`);
      const path = signings.file("film.asice", await signedFile(container.site));
      const unzipped = (entry: string): Buffer => execFileSync("unzip", ["-p", path, entry], { maxBuffer: 2 * LARGE });
      const digest = sha256(filled(LARGE));
      assert.equal(sha256(unzipped("film.bin")), digest);
      assert.ok(unzipped("META-INF/signatures*.xml").includes(digest), "the digest that is signed");
    });

    test("100 MB go into the message of a signature", async () => {
      const attached = await signings.siteAsks({ documents: [film(LARGE)], format: "cades", language: "en" });
      await attached.window.says("film.bin");
      await attached.window.sign(PIN);
      const { value, code, detail } = await attached.request.end(PATIENCE);
      assert.ok(value, `${code} ${detail}`);
      const out = signings.file("out.bin", "");
      opensslVerifies(signings.file("film.p7m", await signedFile(attached.site)), await signings.authorities(), [], out);
      assert.equal(sha256(readFileSync(out)), sha256(filled(LARGE)));
    });

    test("what a JWS can hold is signed, and more is refused before anybody is asked", async () => {
      const size = 2_300_000;
      const { request, site, window } = await signings.siteAsks({ documents: [film(size)], format: "jades", language: "en" });
      await window.says("film.bin");
      await window.sign(PIN);
      const { value, code, detail } = await request.end(PATIENCE);
      assert.ok(value, `${code} ${detail}`);
      const jws = JSON.parse((await signedFile(site)).toString("utf8")) as { protected: string; payload: string; signature: string };
      assert.equal(sha256(Buffer.from(jws.payload, "base64url")), sha256(filled(size)));
      const { x5c } = JSON.parse(Buffer.from(jws.protected, "base64url").toString("utf8")) as { x5c: [string] };
      const { publicKey } = new X509Certificate(Buffer.from(x5c[0], "base64"));
      assert.ok(verify("sha256", Buffer.from(`${jws.protected}.${jws.payload}`), { key: publicKey, dsaEncoding: "ieee-p1363" }, Buffer.from(jws.signature, "base64url")));
      await signings.clear();

      const more = await signings.onlyAsks({ documents: [film(2_400_000)], format: "jades" });
      const refused = await more.request.end(PATIENCE);
      assert.equal(refused.code, "request-too-large");
      assert.match(refused.detail ?? "", /attached to JWS/);
      assert.deepEqual(await stage.desktop.windows(), [], "no window of the host");
    });
  });
}

describe("chromium that copies no Blobs in messages: documents", () => {
  let signings: Signings;
  let extension = "";

  before(() => {
    // as Chromium before 148 reads the same manifest: it knows no other serialisation than JSON
    extension = mkdtempSync(join(tmpdir(), "bitaqa-json-"));
    cpSync(join(EXTENSION, "chromium"), extension, { recursive: true });
    const path = join(extension, "manifest.json");
    const { message_serialization, ...manifest } = JSON.parse(readFileSync(path, "utf8")) as { message_serialization: string };
    assert.equal(message_serialization, "structured_clone");
    writeFileSync(path, JSON.stringify(manifest));
  });
  withCard(() => startChromium(extension), CARD, (made) => ({ signings } = made));
  after(() => rmSync(extension, { recursive: true, force: true }));

  test("100 MB come to the window in pieces, and go back in pieces", async () => {
    const { request, site, window } = await signings.siteAsks({ documents: [film(LARGE), { name: "a.txt", type: "text/plain", base64: "YQ==" }], format: "cades", language: "en" });
    await window.says("film.bin");
    await window.sign(PIN);
    const { value, code, detail } = await request.end(PATIENCE);
    assert.equal((value as object[] | undefined)?.length, 2, `${code} ${detail}`);
    const roots = await signings.authorities();
    const out = signings.file("out.bin", "");
    for (const [at, content] of [filled(LARGE), Buffer.from("a")].entries()) {
      opensslVerifies(signings.file("file.p7m", await signedFile(site, at)), roots, [], out);
      assert.equal(sha256(readFileSync(out)), sha256(content));
    }
  });
});
