/**
 * Documents are signed in real browsers: the person's own on the page "Sign a file", and a site's through its page, the signing window
 * and the real host with a software card. What comes out is judged by pdfsig, openssl and unzip.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, X509Certificate, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { chooseFiles, openPage, type Tab, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { pdf } from "./harness/pdf_file.ts";
import { EXTENSION, Request, Stage } from "./harness/stage.ts";

/** A card whose key for documents wants its PIN each time. */
const CARD = { personality: "esteid" } as const;
/** One that signs any number after one entry. */
const CARD_FOR_MANY = { personality: "pkcs15", key: "p256", signsMany: true } as const;
const PIN = "12345";

const CONTRACT = pdf([{ content: "BT /H 24 Tf 60 500 Td (Contract) Tj ET" }, { content: "BT /T 18 Tf 60 500 Td (Second page) Tj ET" }]);

const STARTERS = [
  ["chromium", () => startChromium(join(EXTENSION, "chromium"))],
  ["firefox", () => startFirefox(join(EXTENSION, "firefox"))],
] as const;

for (const [name, start] of STARTERS) {
  describe(`${name}: documents`, () => {
    let stage: Stage;
    let folder: string;
    const tabs: Tab[] = [];

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "bitaqa-sign-"));
      stage = await Stage.start(start);
      await stage.bed.insert(CARD);
    });
    afterEach(async () => {
      for (const tab of tabs.splice(0)) await tab.close().catch(() => undefined);
      await stage.clear();
    });
    after(async () => {
      await stage?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    function file(called: string, content: Buffer | string): string {
      const path = join(folder, called);
      writeFileSync(path, content);
      return path;
    }

    /** The authorities of the cards, for openssl. */
    async function authorities(): Promise<string> {
      const { directory } = await stage.bed.pki();
      return file("roots.pem", ["root", "issuing"].map((one) => readFileSync(join(directory, `${one}.pem`), "utf8")).join(""));
    }

    const says = (tab: Tab, what: string): Promise<unknown> =>
      // numbers stand in isolates
      until(async () => (await tab.evaluate<string>('document.querySelector("main").innerText')).replace(/[\u2068\u2069]/g, "").includes(what), `"${what}" on the page`);
    const state = (tab: Tab): Promise<string> => tab.evaluate<string>('document.querySelector("#state").dataset.state');

    /** Agrees in the host's window that the certificate is used. */
    async function agree(tab: Tab): Promise<void> {
      await says(tab, "asks about your certificate");
      const asking = async (): Promise<boolean> => (await tab.evaluate<string>('document.querySelector("#what").textContent')).includes("about your certificate");
      await stage.desktop.enter(
        () => stage.desktop.press("Tab", "Return"),
        async () => !(await asking()),
      );
    }

    /** Signs in the page that shows the documents; with this PIN as often as it is asked for. */
    async function go(tab: Tab, times = 1): Promise<void> {
      await tab.bringToFront();
      // once the document was in sight for a moment
      await until(() => tab.evaluate<boolean>('!document.querySelector("#go").disabled'), "the button");
      await tab.click("#go");
      await agree(tab);
      for (let time = 0; time < times; time += 1) await stage.enter(PIN);
    }

    /** Files that the page gives to be saved. */
    async function saved(tab: Tab): Promise<Map<string, Buffer>> {
      const files = await tab.evaluate<[string, string][]>(`Promise.all(window.overheard.map(async (blob, at) => [
        document.querySelectorAll("#saved .name")[at].textContent,
        await ${BASE64}(blob),
      ]))`);
      return new Map(files.map(([called, base64]) => [called, Buffer.from(base64, "base64")]));
    }

    async function openSignPage(): Promise<Tab> {
      const tab = await stage.browser.openExtensionPage("sign.html");
      tabs.push(tab);
      await until(() => tab.evaluate<boolean>('document.querySelector("#title").textContent !== ""'), "the page's words");
      await tab.evaluate(OVERHEAR);
      return tab;
    }

    test("a person signs a PDF of their own, without any site, and pdfsig finds it valid", async () => {
      const tab = await openSignPage();
      await chooseFiles(tab, "#files", file("contract.pdf", CONTRACT));
      await says(tab, "contract.pdf");
      await until(() => tab.evaluate<boolean>('document.querySelectorAll("#view canvas").length > 0'), "the page of the PDF");
      await go(tab);
      await until(async () => (await state(tab)) === "ready", "the end", 60_000);
      const files = await saved(tab);
      assert.deepEqual([...files.keys()], ["contract-signed.pdf"]);
      const [signed = Buffer.alloc(0)] = files.values();
      assert.ok(signed.subarray(0, CONTRACT.length).equals(CONTRACT), "the original is there byte for byte");
      const said = execFileSync("pdfsig", ["-nocert", file("signed.pdf", signed)], { encoding: "utf8" });
      assert.match(said, /Signature is Valid/);
      assert.match(said, /Total document signed/);
    });

    test("files that are no PDF go into one container, whose signature openssl and unzip can read", async () => {
      const tab = await openSignPage();
      await chooseFiles(tab, "#files", file("letter.txt", "السلام عليكم"), file("data.json", '{"amount":12}'));
      await says(tab, "2 documents");
      await go(tab);
      await until(async () => (await state(tab)) === "ready", "the end", 60_000);
      const files = await saved(tab);
      assert.deepEqual([...files.keys()], ["letter.asice"]);
      const path = file("letter.asice", [...files.values()][0] ?? "");
      assert.equal(execFileSync("unzip", ["-p", path, "letter.txt"], { encoding: "utf8" }), "السلام عليكم");
      assert.match(execFileSync("unzip", ["-p", path, "META-INF/signatures*.xml"], { encoding: "utf8" }), /SignedProperties/);
    });

    /** Has the test page ask for signatures. */
    async function siteAsks(asked: object, page = stage.portal.url()): Promise<{ request: Request; site: Tab; window: Tab }> {
      const site = await openPage(stage.browser, page);
      tabs.push(site);
      await site.evaluate(`window.toSign = ${JSON.stringify(asked)}`);
      const request = await Request.start(site, "sign");
      const window = await stage.browser.openedExtensionPage("sign.html");
      tabs.push(window);
      return { request, site, window };
    }

    const signedFile = async (site: Tab, at = 0): Promise<Buffer> =>
      Buffer.from(await site.evaluate<string>(`${BASE64}(window.signedFiles[${at}].blob)`), "base64");

    test("a site gets the PDF that the person saw and signed", async () => {
      const { request, site, window } = await siteAsks({
        documents: [{ name: "عقد.pdf", type: "application/pdf", base64: CONTRACT.toString("base64") }],
        format: "pades",
        language: "en",
      });
      await says(window, stage.portal.url().replace(/\/$/, ""));
      await says(window, "عقد.pdf");
      await go(window);
      const { value, code, detail } = await request.end(60_000);
      assert.ok(value, `${code} ${detail}`);
      assert.deepEqual(value, [{ name: "عقد-signed.pdf", type: "application/pdf", level: "B-B", size: (value as { size: number }[])[0]?.size }]);
      const said = execFileSync("pdfsig", ["-nocert", file("site.pdf", await signedFile(site))], { encoding: "utf8" });
      assert.match(said, /Signature is Valid/);
    });

    test("who closes the window signs nothing, and the site is told", async () => {
      const { request, window } = await siteAsks({ documents: [{ name: "a.txt", type: "text/plain", base64: "YQ==" }], format: "cades" });
      await says(window, "a.txt");
      await window.close();
      assert.equal((await request.end()).code, "user-cancelled");
    });

    test("a detached signature over a large document is one for openssl", async () => {
      const length = 100 * 1024 * 1024;
      const { request, site, window } = await siteAsks({ documents: [{ name: "film.bin", type: "application/octet-stream", fill: length }], format: "cades", packaging: "detached", language: "en" });
      await says(window, "film.bin");
      await go(window);
      const { value, code, detail } = await request.end(120_000);
      assert.ok(value, `${code} ${detail}`);
      const piece = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 7) & 255));
      const content = file("film.bin", Buffer.concat(Array.from({ length: 100 }, () => piece)));
      const roots = await authorities();
      const { status, stderr } = spawnSync("openssl", [
        ...["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file("film.p7s", await signedFile(site))],
        ...["-content", content, "-purpose", "any", "-CAfile", roots, "-out", "/dev/null"],
      ]);
      assert.equal(status, 0, String(stderr));
    });

    test("many documents are signed after one entry of the PIN, where the card allows it", async () => {
      await stage.bed.remove();
      await stage.bed.insert(CARD_FOR_MANY);
      try {
        const count = 40;
        const documents = Array.from({ length: count }, (_, at) => ({ name: `bill ${at + 1}.txt`, type: "text/plain", base64: Buffer.from(`bill ${at + 1}`).toString("base64") }));
        const { request, site, window } = await siteAsks({ documents, format: "cades", language: "en" });
        await says(window, `${count} documents`);
        await go(window);
        const { value, code, detail } = await request.end(120_000);
        assert.equal((value as object[] | undefined)?.length, count, `${code} ${detail}`);
        const roots = await authorities();
        for (const at of [0, count - 1]) {
          const content = execFileSync("openssl", [
            ...["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file("bill.p7m", await signedFile(site, at))],
            ...["-purpose", "any", "-CAfile", roots],
          ], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
          assert.equal(content, `bill ${at + 1}`);
        }
      } finally {
        await stage.bed.remove();
        await stage.bed.insert(CARD);
      }
    });

    test("certificates are given after consent, and digests are signed as they are", async () => {
      const site = await openPage(stage.browser, stage.portal.url());
      tabs.push(site);
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
        algorithm: "ES384",
        digests: [{ name: "contract", digest: digest.toString("base64") }],
      })}`);
      const request = await Request.start(site, "signDigests");
      await stage.enter(PIN);
      const signed = await request.end(60_000);
      assert.ok(signed.value, `${signed.code} ${signed.detail}`);
      const [signature = ""] = signed.value as string[];
      const key = new X509Certificate(Buffer.from(listed?.certificate ?? "", "base64")).publicKey;
      assert.ok(verify("sha384", Buffer.from("contract"), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64")));
    });

    test("what is no request about documents is refused with a reason", async () => {
      const { request } = await siteAsks({ documents: [{ name: "a.txt", type: "text/plain", base64: "YQ==" }], format: "zip" });
      const { code, detail } = await request.end();
      assert.equal(code, "request-invalid");
      assert.match(detail ?? "", /zip/);
    });
  });
}

/** A Blob of a page as base64. */
const BASE64 = `((blob) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.split(",")[1]);
  reader.readAsDataURL(blob);
}))`;

/** What the page gives to the browser to be saved is kept here, and nothing else of the page is changed. */
const OVERHEAR = `(() => {
  const real = URL.createObjectURL;
  window.overheard = [];
  URL.createObjectURL = (blob) => {
    window.overheard.push(blob);
    return real.call(URL, blob);
  };
})()`;
