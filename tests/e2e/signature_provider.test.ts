/**
 * The example signature provider: its server prepares a document and finishes it, and in between the real host has a software card sign a digest for its
 * page. What comes out is judged by openssl, pdfsig and pyHanko.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Tab, until } from "./harness/browser.ts";
import { pdfsig, pyHankoBasic } from "./harness/judges.ts";
import { SignatureProvider } from "./harness/signature_provider.ts";
import { type Signings, withCard } from "./harness/signings.ts";
import { Stage } from "./harness/stage.ts";
import { STARTERS } from "./harness/starters.ts";

const PIN = "12345";
/** What the page says while the host asks about the certificate, and while it asks for the PIN. */
const ABOUT_CERTIFICATE = "may see your certificate";
const ASKS_FOR_PIN = "Go on in the Bitaqa window";

/** Documents of the example, by the number that its page has for them. */
const DOCUMENTS = ["agreement.pdf", "letter.txt"] as const;
const [AGREEMENT, LETTER] = [0, 1] as const;
const document = (at: number): string => new URL(`../../sdk/examples/signature-provider/documents/${DOCUMENTS[at]}`, import.meta.url).pathname;

for (const [name, start] of STARTERS) {
  describe(`${name}: the example signature provider`, () => {
    let stage: Stage;
    let signings: Signings;
    let provider: SignatureProvider;
    let pki: string;

    withCard(start, { personality: "esteid" }, (made) => ({ stage, signings } = made));
    before(async () => {
      ({ directory: pki } = await stage.bed.pki());
      provider = await SignatureProvider.start([join(pki, "root.pem"), join(pki, "issuing.pem")]);
    });
    after(() => provider?.stop());

    const text = (tab: Tab, of: string): Promise<string> => tab.evaluate<string>(`document.querySelector("${of}").innerText`);
    const isAt = async (tab: Tab, progress: string): Promise<boolean> => (await text(tab, "#progress")).includes(progress);

    /** The page, in English. */
    async function open(): Promise<Tab> {
      const tab = await stage.browser.open(`${provider.origin}/?lang=en`);
      stage.alsoClose(tab);
      await until(() => tab.evaluate<boolean>(`document.querySelector("#cancel")?.hidden === true`), "the page");
      return tab;
    }

    /** A person presses a document's button, agrees that the certificate is given, and types the PIN. */
    async function sign(tab: Tab, at: number): Promise<void> {
      await tab.bringToFront();
      await tab.click(`#document-${at} button`);
      await until(() => isAt(tab, ABOUT_CERTIFICATE), "the question about the certificate", 60_000);
      await stage.desktop.enter(() => stage.desktop.press("Tab", "Return"), async () => !(await isAt(tab, ABOUT_CERTIFICATE)));
      await until(() => isAt(tab, ASKS_FOR_PIN), "the question for the PIN", 60_000);
      await stage.enter(PIN);
    }

    /** What the page offers to be saved. */
    async function saved(tab: Tab, at: number): Promise<Buffer> {
      const link = `document.querySelector("#document-${at} .save")`;
      // once the file is there the page is loaded anew, and answers nothing meanwhile
      await until(() => tab.evaluate<boolean>(`document.readyState === "complete" && ${link} !== null`).catch(() => false), "the signed file", 60_000);
      const bytes = await tab.evaluate<number[]>(`fetch(${link}.href).then(async (file) => [...new Uint8Array(await file.arrayBuffer())])`);
      return Buffer.from(bytes);
    }

    // the first one: this browser's session has no signed file yet
    test("a page that has the card sign another digest gets no file, and says why", async () => {
      const tab = await open();
      // what a script that got into the page could do
      await tab.evaluate(`{
        const real = window.fetch;
        window.calls = [];
        window.fetch = async (path, options) => {
          window.calls.push([path, options]);
          const response = await real(path, options);
          if (!path.startsWith("/prepare")) return response;
          const answer = await response.json();
          return Response.json({ ...answer, digest: btoa(atob(answer.digest).split("").reverse().join("")) });
        };
      }`);
      await sign(tab, LETTER);
      await until(async () => (await text(tab, "#failure")) !== "", "what went wrong", 60_000);
      const said = await text(tab, "#failure");
      assert.match(said, /does not belong to this document[^]+No file was made[^]+signature-invalid/);
      // the preparation is used up, and nothing can be had
      const after = await tab.evaluate<unknown[]>(`(async () => {
        const again = await fetch(...window.calls.find(([path]) => path.startsWith("/finish")));
        return [again.status, (await again.json()).code, (await fetch("/signed/${LETTER}")).status];
      })()`);
      assert.deepEqual(after, [403, "preparation", 404]);
    });

    test("a person signs a PDF of the server's, and pdfsig and pyHanko find the signature valid", async () => {
      const tab = await open();
      await sign(tab, AGREEMENT);
      const signed = await saved(tab, AGREEMENT);
      assert.match(await text(tab, `#document-${AGREEMENT}`), /TEST[^]+Signed by [^]+PAdES B-B[^]+not checked/);
      const original = readFileSync(document(AGREEMENT));
      assert.ok(signed.subarray(0, original.length).equals(original), "the original is there byte for byte");
      const path = signings.file("agreement-signed.pdf", signed);
      const said = pdfsig(path);
      assert.match(said, /Signature is Valid/);
      assert.match(said, /ETSI\.CAdES\.detached/);
      assert.match(said, /Total document signed/);
      assert.deepEqual(pyHankoBasic(path, join(pki, "root.pem")), [{ good: true, coverage: "ENTIRE_FILE" }]);
    });

    test("a person signs a text of the server's, and openssl finds the signature beside it valid", async () => {
      const tab = await open();
      await sign(tab, LETTER);
      const path = signings.file("letter.txt.p7s", await saved(tab, LETTER));
      assert.match(await text(tab, `#document-${LETTER}`), /CAdES B-B/);
      const verified = signings.file("verified.txt", "");
      execFileSync("openssl", [
        ...["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", path, "-content", document(LETTER)],
        ...["-purpose", "any", "-CAfile", join(pki, "root.pem"), "-out", verified],
      ], { stdio: "pipe" });
      assert.deepEqual(readFileSync(verified), readFileSync(document(LETTER)));
      const other = signings.file("other.txt", "something else");
      assert.throws(() => execFileSync("openssl", ["cms", "-verify", "-binary", "-inform", "DER", "-in", path, "-content", other, "-noverify", "-out", verified], { stdio: "pipe" }));
    });
  });
}
