/**
 * Documents are signed in real browsers: the person's own on the page "Sign a file", and a site's through its page, the signing window
 * and the real host with a software card. What comes out is judged by pdfsig, openssl and unzip.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, X509Certificate, verify } from "node:crypto";
import { describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { chooseFiles, until } from "./harness/browser.ts";
import { OverheardHost } from "./harness/host_processes.ts";
import { pdfsig } from "./harness/judges.ts";
import { pdf } from "./harness/pdf_file.ts";
import { program } from "./harness/programs.ts";
import { signedFile } from "./harness/signing_page.ts";
import { type Signings, withCard } from "./harness/signings.ts";
import { Request, Stage } from "./harness/stage.ts";
import { STARTERS } from "./harness/starters.ts";

/** A card whose key for documents wants its PIN each time. */
const CARD = { personality: "esteid" } as const;
/** One that signs any number after one entry. */
const CARD_FOR_MANY = { personality: "pkcs15", key: "p256", signsMany: true } as const;
const PIN = "12345";

const CONTRACT = pdf([{ content: "BT /H 24 Tf 60 500 Td (Contract) Tj ET" }, { content: "BT /T 18 Tf 60 500 Td (Second page) Tj ET" }]);

for (const [name, start] of STARTERS) {
  describe(`${name}: documents`, () => {
    let stage: Stage;
    let signings: Signings;

    withCard(start, CARD, (made) => ({ stage, signings } = made));

    test("a person signs a PDF of their own, without any site, and pdfsig finds it valid", async () => {
      const page = await signings.own();
      await chooseFiles(page.tab, "#files", signings.file("contract.pdf", CONTRACT));
      await page.says("contract.pdf");
      await until(() => page.tab.evaluate<boolean>('document.querySelectorAll("#view canvas").length > 0'), "the page of the PDF");
      await page.sign(PIN);
      const files = await page.saved();
      assert.deepEqual([...files.keys()], ["contract-signed.pdf"]);
      const [signed = Buffer.alloc(0)] = files.values();
      assert.ok(signed.subarray(0, CONTRACT.length).equals(CONTRACT), "the original is there byte for byte");
      const said = pdfsig(signings.file("signed.pdf", signed));
      assert.match(said, /Signature is Valid/);
      assert.match(said, /Total document signed/);
    });

    test("a person signs at B-B where the host has no network: it is asked for certificate and signature alone", async () => {
      const alone = new OverheardHost(["unshare", "--map-root-user", "--net", program("bitaqa-host")]);
      stage.browser.installHost(alone.program());
      try {
        const page = await signings.own();
        await chooseFiles(page.tab, "#files", signings.file("contract.pdf", CONTRACT));
        await page.says("contract.pdf");
        await page.sign(PIN);
        const [signed = Buffer.alloc(0)] = (await page.saved()).values();
        assert.match(pdfsig(signings.file("signed.pdf", signed)), /Signature is Valid/);
        assert.match(await page.text("#saved"), /B-B/);
        const asked = messages(alone.heard().stdin).map(({ type }) => type);
        assert.deepEqual(asked.filter((type) => type !== "hello" && type !== "status"), ["signing-certificates", "sign"]);
      } finally {
        stage.browser.installHost(program("bitaqa-host"));
        alone.remove();
      }
    });

    test("files that are no PDF go into one container, whose signature openssl and unzip can read", async () => {
      const page = await signings.own();
      await chooseFiles(page.tab, "#files", signings.file("letter.txt", "السلام عليكم"), signings.file("data.json", '{"amount":12}'));
      await page.says("2 documents");
      await page.sign(PIN);
      const files = await page.saved();
      assert.deepEqual([...files.keys()], ["letter.asice"]);
      const path = signings.file("letter.asice", [...files.values()][0] ?? "");
      assert.equal(execFileSync("unzip", ["-p", path, "letter.txt"], { encoding: "utf8" }), "السلام عليكم");
      assert.match(execFileSync("unzip", ["-p", path, "META-INF/signatures*.xml"], { encoding: "utf8" }), /SignedProperties/);
    });

    test("a site gets the PDF that the person saw and signed", async () => {
      const { request, site, window } = await signings.siteAsks({
        documents: [{ name: "عقد.pdf", type: "application/pdf", base64: CONTRACT.toString("base64") }],
        format: "pades",
        language: "en",
      });
      await window.says(stage.portal.url().replace(/\/$/, ""));
      await window.says("عقد.pdf");
      await window.sign(PIN);
      const { value, code, detail } = await request.end(60_000);
      assert.ok(value, `${code} ${detail}`);
      assert.deepEqual(value, [{ name: "عقد-signed.pdf", type: "application/pdf", level: "B-B", size: (value as { size: number }[])[0]?.size }]);
      const said = pdfsig(signings.file("site.pdf", await signedFile(site)));
      assert.match(said, /Signature is Valid/);
    });

    test("who closes the window signs nothing, and the site is told", async () => {
      const { request, window } = await signings.siteAsks({ documents: [{ name: "a.txt", type: "text/plain", base64: "YQ==" }], format: "cades" });
      await window.says("a.txt");
      await window.tab.close();
      assert.equal((await request.end()).code, "user-cancelled");
    });

    test("a detached signature over a large document is one for openssl", async () => {
      const length = 100 * 1024 * 1024;
      const { request, site, window } = await signings.siteAsks({ documents: [{ name: "film.bin", type: "application/octet-stream", fill: length }], format: "cades", packaging: "detached", language: "en" });
      await window.says("film.bin");
      await window.sign(PIN);
      const { value, code, detail } = await request.end(120_000);
      assert.ok(value, `${code} ${detail}`);
      const piece = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 7) & 255));
      const content = signings.file("film.bin", Buffer.concat(Array.from({ length: 100 }, () => piece)));
      const roots = await signings.authorities();
      const { status, stderr } = spawnSync("openssl", [
        ...["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signings.file("film.p7s", await signedFile(site))],
        ...["-content", content, "-purpose", "any", "-CAfile", roots, "-out", "/dev/null"],
      ]);
      assert.equal(status, 0, String(stderr));
    });

    test("many documents are signed after one entry of the PIN, where the card allows it", async () => {
      await stage.bed.remove();
      await stage.bed.insert(CARD_FOR_MANY);
      try {
        // as many as one request may have
        const count = 500;
        const documents = Array.from({ length: count }, (_, at) => ({ name: `bill ${at + 1}.txt`, type: "text/plain", base64: Buffer.from(`bill ${at + 1}`).toString("base64") }));
        const { request, site, window } = await signings.siteAsks({ documents, format: "cades", language: "en" });
        await window.says(`${count} documents`);
        await window.sign(PIN);
        const { value, code, detail } = await request.end(120_000);
        assert.equal((value as object[] | undefined)?.length, count, `${code} ${detail}`);
        const roots = await signings.authorities();
        for (const at of [0, count - 1]) {
          const content = execFileSync("openssl", [
            ...["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signings.file("bill.p7m", await signedFile(site, at))],
            ...["-purpose", "any", "-CAfile", roots],
          ], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
          assert.equal(content, `bill ${at + 1}`);
        }
      } finally {
        await stage.bed.remove();
        await stage.bed.insert(CARD);
      }
    });

    test("where the card wants the PIN each time, the person types it for each document, or signs all in one container", async () => {
      const documents = ["one", "two", "three"].map((called) => ({ name: `${called}.txt`, type: "text/plain", base64: Buffer.from(called).toString("base64") }));
      const each = await signings.siteAsks({ documents, format: "cades", language: "en" });
      await each.window.says("3 documents");
      await each.window.agree();
      await each.window.answer("wants the PIN for each signature", 2);
      for (const _ of documents) await stage.enter(PIN);
      const { value, code, detail } = await each.request.end(60_000);
      assert.equal((value as object[] | undefined)?.length, 3, `${code} ${detail}`);
      await stage.desktop.closeWindows();

      const once = await signings.siteAsks({ documents, format: "cades", language: "en" });
      await once.window.says("3 documents");
      await once.window.agree();
      await once.window.answer("wants the PIN for each signature", 1);
      await stage.enter(PIN);
      const made = await once.request.end(60_000);
      assert.deepEqual((made.value as { name: string }[] | undefined)?.map(({ name }) => name), ["one.asice"], `${made.code} ${made.detail}`);
      const listed = execFileSync("unzip", ["-Z1", signings.file("one.asice", await signedFile(once.site))], { encoding: "utf8" });
      assert.deepEqual(listed.split("\n").filter((line) => line.endsWith(".txt")).sort(), ["one.txt", "three.txt", "two.txt"]);
    });

    test("certificates are given after consent, and digests are signed as they are", async () => {
      const site = await signings.site();
      const certificates = await Request.start(site, "signingCertificates");
      let ended = false;
      const answer = certificates.end(60_000).finally(() => (ended = true));
      await stage.desktop.enter(() => stage.desktop.press("Tab", "Return"), async () => ended);
      const { value, code, detail } = await answer;
      assert.ok(value, `${code} ${detail}`);
      const [listed] = value as { certificate: string; algorithms: string[] }[];
      assert.equal(listed?.algorithms[0], "ES384");
      const digest = createHash("sha384").update("contract").digest();
      await site.evaluate(`window.digests = ${JSON.stringify({
        certificate: listed?.certificate,
        digests: [{ name: "contract", digest: digest.toString("base64"), algorithm: "ES384" }],
      })}`);
      const request = await Request.start(site, "signDigests");
      await stage.enter(PIN);
      const signed = await request.end(60_000);
      assert.ok(signed.value, `${signed.code} ${signed.detail}`);
      const [signature = ""] = signed.value as string[];
      const key = new X509Certificate(Buffer.from(listed?.certificate ?? "", "base64")).publicKey;
      assert.ok(verify("sha384", Buffer.from("contract"), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64")));
    });

    test("a certificate under another law than the site asks for is not used, and the window says why", async () => {
      const documents = [{ name: "a.txt", type: "text/plain", base64: "YQ==" }];
      const { request, window } = await signings.siteAsks({ documents, format: "cades", certificate: { legislation: "BH" }, language: "en" });
      await window.says("a.txt");
      await window.agree();
      await window.says("Certificates that are not used");
      assert.match(await window.text("#unsuited"), /[^\s:]: the site asks for another kind of certificate/);
      assert.match(await window.text("#state"), /not used for signing documents/);
      // the person can try another card, or give it up
      await window.cancel();
      assert.equal((await request.end(60_000)).code, "user-cancelled");
    });

    test("what is no request about documents is refused with a reason", async () => {
      // its window closes at once
      const { request } = await signings.onlyAsks({ documents: [{ name: "a.txt", type: "text/plain", base64: "YQ==" }], format: "zip" });
      const { code, detail } = await request.end();
      assert.equal(code, "request-invalid");
      assert.match(detail ?? "", /zip/);
    });
  });
}

/** Native messages in the order of their bytes: a length of four bytes, the machine's own way around, and JSON. */
function messages(bytes: Buffer): { type: string }[] {
  const found: { type: string }[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    found.push(JSON.parse(bytes.toString("utf8", at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return found;
}
