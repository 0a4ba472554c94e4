/**
 * Documents are signed with time stamps in real browsers: the host asks an authority of openssl that an administrator's configuration
 * names, after the person was told whom. openssl judges the time stamps.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { chooseFiles, openPage, type Tab } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { OverheardHost } from "./harness/host_processes.ts";
import { OwnRoot } from "./harness/own_root.ts";
import { pdf } from "./harness/pdf_file.ts";
import { SigningPage, signedFile } from "./harness/signing_page.ts";
import { EXTENSION, Request, Stage } from "./harness/stage.ts";
import { TimeStamps } from "./harness/time_stamps.ts";

const PIN = "12345";

const CONTRACT = pdf([{ content: "BT /H 24 Tf 60 500 Td (Contract) Tj ET" }]);

const STARTERS = [
  ["chromium", () => startChromium(join(EXTENSION, "chromium"))],
  ["firefox", () => startFirefox(join(EXTENSION, "firefox"))],
] as const;

for (const [name, start] of STARTERS) {
  describe(`${name}: levels of signatures`, () => {
    let stage: Stage;
    let folder: string;
    let stamps: TimeStamps;
    let root: OwnRoot;
    let host: OverheardHost;
    const tabs: Tab[] = [];

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "bitaqa-levels-"));
      stamps = await TimeStamps.start();
      root = new OwnRoot();
      root.configure("validation.toml", `schema = 1\n${stamps.entry("Example time stamps")}`);
      stage = await Stage.start(start);
      host = new OverheardHost(root.words("bitaqa-host"));
      stage.browser.installHost(host.program());
      await stage.bed.insert({ personality: "esteid" });
    });
    afterEach(async () => {
      for (const tab of tabs.splice(0)) await tab.close().catch(() => undefined);
      await stage.clear();
      stamps.asked = 0;
    });
    after(async () => {
      await stage?.stop();
      stamps?.stop();
      host?.remove();
      root?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    function file(called: string, content: Buffer): string {
      const path = join(folder, called);
      writeFileSync(path, content);
      return path;
    }

    /** Answers the question about services, of which none was asked before; `answer`: its place. */
    async function decide(page: SigningPage, answer: 1 | 2): Promise<void> {
      await page.says("Ask these services?");
      assert.match(await page.text("#question-text"), /Example time stamps \(127\.0\.0\.1/);
      assert.equal(stamps.asked, 0);
      await page.tab.bringToFront();
      await page.tab.click(`#answers button:nth-child(${answer})`);
    }

    /** A person signs a PDF of their own, at this level. */
    async function signOwn(level: string): Promise<SigningPage> {
      const page = await SigningPage.open(stage);
      tabs.push(page.tab);
      await chooseFiles(page.tab, "#files", file("contract.pdf", CONTRACT));
      await page.says("contract.pdf");
      await page.tab.evaluate(`document.querySelector("#level").value = ${JSON.stringify(level)}`);
      await page.sign(PIN);
      return page;
    }

    const onlyFile = async (page: SigningPage): Promise<Buffer> => [...(await page.saved()).values()][0] ?? Buffer.alloc(0);

    test("a person's own PDF gets a time stamp that openssl finds valid", async () => {
      const page = await signOwn("B-T");
      await decide(page, 1);
      const signed = await onlyFile(page);
      assert.match(await page.text("#saved"), /B-T/);
      assert.equal(await page.tab.evaluate<boolean>('document.querySelector("#shortfall").hidden'), true);
      const { token, covered } = documentTimeStamp(signed);
      assert.match(stamps.verified(token, covered), /Verification: OK/);
      assert.match(execFileSync("pdfsig", ["-nocert", file("stamped.pdf", signed)], { encoding: "utf8" }), /Signature is Valid/);
    });

    test("who wants nobody to be asked gets the signature alone, and the page says so", async () => {
      const page = await signOwn("B-T");
      await decide(page, 2);
      const signed = await onlyFile(page);
      assert.equal(stamps.asked, 0);
      assert.ok(!signed.includes("/DocTimeStamp"));
      assert.match(await page.text("#shortfall"), /is B-B, not B-T[^]*Not asked, as you wished: Example time stamps[^]*bitaqa extend/);
    });

    test("a site learns the level that was reached, which can be lower than it asked for", async () => {
      const site = await openPage(stage.browser, stage.portal.url());
      tabs.push(site);
      const asked = { documents: [{ name: "a.txt", type: "text/plain", base64: "YQ==" }], format: "cades", level: "B-LT", language: "en" };
      await site.evaluate(`window.toSign = ${JSON.stringify(asked)}`);
      const request = await Request.start(site, "sign");
      const window = new SigningPage(stage, await stage.browser.openedExtensionPage("sign.html"));
      tabs.push(window.tab);
      await window.says("a.txt");
      await window.sign(PIN);
      await decide(window, 1);
      // whom the card's certificate names is another one, and a question of its own
      await window.says("issuer.bitaqa.example");
      assert.match(await window.text("#answers"), /Only sign \(B-T\)/);
      await window.tab.click("#answers button:nth-child(2)");
      const { value, code, detail } = await request.end(60_000);
      assert.equal((value as { level: string }[] | undefined)?.[0]?.level, "B-T", `${code} ${detail}`);
      const signed = await signedFile(site);
      const said = execFileSync("openssl", ["cms", "-cmsout", "-print", "-inform", "DER", "-in", file("a.p7m", signed)], { encoding: "utf8" });
      assert.match(said, /id-smime-aa-timeStampToken/);
    });
  });
}

/** The document time stamp at the end of a PDF, and what it covers. */
function documentTimeStamp(file: Buffer): { token: Buffer; covered: Buffer } {
  const words = file.toString("latin1");
  const found = [...words.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)].at(-1);
  assert.ok(found && words.includes("/DocTimeStamp"), "a document time stamp");
  const [start = 0, first = 0, second = 0, last = 0] = found.slice(1).map(Number);
  const padded = Buffer.from(words.slice(start + first + 1, second - 1), "hex");
  return {
    token: padded.subarray(0, 4 + padded.readUInt16BE(2)),
    covered: Buffer.concat([file.subarray(start, start + first), file.subarray(second, second + last)]),
  };
}
