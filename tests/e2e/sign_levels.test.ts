/**
 * Documents are signed at every level in real browsers: the host asks services of openssl on the loopback address, which an administrator's
 * configuration and the certificates name, after the person was told whom. What comes out is judged by openssl, pyHanko, pdfsig, and by
 * `bitaqa verify`, which knows the root alone and asks nobody.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { chooseFiles, type Result, type Tab } from "./harness/browser.ts";
import { documentTimeStamps } from "./harness/document_time_stamps.ts";
import { OverheardHost } from "./harness/host_processes.ts";
import { cmsPrinted, pdfsig, pyHanko, verdict } from "./harness/judges.ts";
import { OwnRoot } from "./harness/own_root.ts";
import { pdf } from "./harness/pdf_file.ts";
import { Services } from "./harness/services.ts";
import { type SigningPage, signedFile } from "./harness/signing_page.ts";
import { Signings } from "./harness/signings.ts";
import { type Request, Stage } from "./harness/stage.ts";
import { STARTERS } from "./harness/starters.ts";
import type { CardSpec } from "./harness/test_bed.ts";

const PIN = "12345";
/** A card whose key for documents wants its PIN each time. */
const CARD = { personality: "esteid" } as const;
/** One that signs any number after one entry. */
const CARD_FOR_MANY = { personality: "pkcs15", key: "p256", signsMany: true } as const;

const CONTRACT = pdf([{ content: "BT /H 24 Tf 60 500 Td (Contract) Tj ET" }]);

/** What a site asks to be signed. */
const LETTER = { name: "letter.txt", type: "text/plain", base64: "YQ==" };

/** Answers to the question about services, by their place. */
const ALLOW = 1;
const REFUSE = 2;

for (const [name, start] of STARTERS) {
  describe(`${name}: levels of signatures`, () => {
    let stage: Stage;
    let signings: Signings;
    /** Where the host keeps what it fetched. */
    let kept: string;
    let services: Services;
    let root: OwnRoot;
    let host: OverheardHost;

    before(async () => {
      kept = mkdtempSync(join(tmpdir(), "bitaqa-kept-"));
      services = await Services.start();
      root = new OwnRoot();
      root.configure("validation.toml", services.configuration);
      stage = await Stage.start(start);
      signings = new Signings(stage);
      host = new OverheardHost(["/usr/bin/env", `XDG_CACHE_HOME=${kept}`, ...root.words("bitaqa-host")]);
      stage.browser.installHost(host.program());
      await insert(CARD);
    });
    afterEach(async () => {
      await signings.clear();
      services.reset();
      // no test lives on what the host kept of another one
      rmSync(kept, { recursive: true, force: true });
    });
    after(async () => {
      await stage?.stop();
      services?.stop();
      host?.remove();
      root?.remove();
      signings?.remove();
      rmSync(kept, { recursive: true, force: true });
    });

    /** Inserts a card whose certificate for documents is of these services, and gives that. */
    async function insert(card: CardSpec): Promise<Buffer> {
      const { signatureCertificate } = await stage.bed.insert(card);
      const certificate = services.issue(Buffer.from(signatureCertificate, "base64"));
      await stage.bed.renew(certificate);
      return certificate;
    }

    /** Answers the question about the time-stamp authorities, of which none was asked before. */
    async function decideAboutAuthorities(page: SigningPage, answer: number): Promise<void> {
      await page.says("Ask these services?");
      assert.match(await page.text("#question-text"), /Example time stamps \(127\.0\.0\.1[^]*Fallback time stamps \(127\.0\.0\.1/);
      assert.equal(services.askedInAll, 0);
      await page.answer("Ask these services?", answer);
    }

    /** Answers the question about the hosts that certificates name, of which none was asked before. */
    async function decideAboutHosts(page: SigningPage, answer: number): Promise<void> {
      await page.says(`127.0.0.1:${services.port}. They get`);
      assert.doesNotMatch(await page.text("#question-text"), /time stamps/);
      assert.match(await page.text("#answers"), /Only sign \(B-T\)/);
      assert.deepEqual([services.asked.ocsp, services.asked.crl, services.asked["issuer-certificate"]], [0, 0, 0]);
      await page.answer("Ask these services?", answer);
    }

    /** A person signs PDFs of their own, at this level. */
    async function signOwn(level: string, ...names: string[]): Promise<SigningPage> {
      const page = await signings.own();
      await chooseFiles(page.tab, "#files", ...names.map((called) => signings.file(called, CONTRACT)));
      await page.says(names[0] ?? "");
      await page.tab.evaluate(`document.querySelector("#level").value = ${JSON.stringify(level)}`);
      await page.sign(PIN);
      return page;
    }

    const onlyFile = async (page: SigningPage): Promise<Buffer> => [...(await page.saved()).values()][0] ?? Buffer.alloc(0);

    /** Nothing is missing: the page says nothing of it. */
    async function nothingIsMissing(page: SigningPage): Promise<void> {
      assert.equal(await page.tab.evaluate<boolean>('document.querySelector("#shortfall").hidden'), true, await page.text());
    }

    /** A site asks for a signature; the person signs. */
    async function siteAsks(format: string, level: string): Promise<{ site: Tab; request: Request; window: SigningPage }> {
      const asked = await signings.siteAsks({ documents: [LETTER], format, level, language: "en" });
      await asked.window.says(LETTER.name);
      await asked.window.sign(PIN);
      return asked;
    }

    const levelTold = ({ value }: Result): string | undefined => (value as { level: string }[] | undefined)?.[0]?.level;

    /** The file that a site gets where every service may be asked: it has this level, and is good for who asks nobody. */
    async function siteGets(format: string, level: string, ending: string): Promise<string> {
      const { site, request, window } = await siteAsks(format, level);
      await decideAboutAuthorities(window, ALLOW);
      await decideAboutHosts(window, ALLOW);
      const result = await request.end(60_000);
      assert.equal(levelTold(result), level, `${result.code} ${result.detail}`);
      const path = signings.file(`${format}.${ending}`, await signedFile(site));
      assert.deepEqual(verdict(path, services.root), { indication: "TOTAL-PASSED", level });
      return path;
    }

    test("a person's own PDF gets everything that it takes to be checked for ever, as pyHanko, pdfsig and openssl find", async () => {
      const page = await signOwn("B-LTA", "contract.pdf");
      await decideAboutAuthorities(page, ALLOW);
      await decideAboutHosts(page, ALLOW);
      const signed = await onlyFile(page);
      assert.match(await page.text("#saved"), /B-LTA/);
      await nothingIsMissing(page);
      // one authority above another, and the responder about signer and stamper
      assert.deepEqual(services.asked, { "first-time-stamps": 2, "second-time-stamps": 0, "issuer-certificate": 2, ocsp: 2, crl: 1 });
      const path = signings.file("archived.pdf", signed);
      assert.deepEqual(verdict(path, services.root), { indication: "TOTAL-PASSED", level: "B-LTA" });
      const good = ["signature", "time-stamp", "time-stamp"].map((type) => ({ type, good: true }));
      assert.deepEqual(pyHanko(path, services.root), { parts: good, basic: "AdESPassed.OK" });
      assert.match(pdfsig(path), /Signature is Valid/);
      const stamps = documentTimeStamps(signed);
      assert.equal(stamps.length, 2);
      for (const { token, covered } of stamps) assert.match(services.verified(token, covered), /Verification: OK/);
    });

    test("who wants nobody to be asked gets the signature alone, and the page says so", async () => {
      const page = await signOwn("B-LT", "contract.pdf");
      await decideAboutAuthorities(page, REFUSE);
      const signed = await onlyFile(page);
      assert.equal(services.askedInAll, 0);
      assert.ok(!signed.includes("/DocTimeStamp"));
      assert.match(await page.text("#shortfall"), /is B-B, not B-LT[^]*Not asked, as you wished: Example time stamps, Fallback time stamps[^]*bitaqa extend/);
    });

    test("a site learns the level that was reached, which can be lower than it asked for", async () => {
      const { site, request, window } = await siteAsks("cades", "B-LT");
      await decideAboutAuthorities(window, ALLOW);
      await decideAboutHosts(window, REFUSE);
      const result = await request.end(60_000);
      assert.equal(levelTold(result), "B-T", `${result.code} ${result.detail}`);
      assert.equal(services.askedInAll, 1);
      assert.match(cmsPrinted(signings.file("a.p7m", await signedFile(site))), /id-smime-aa-timeStampToken/);
    });

    test("CAdES gets an archive time stamp over its validation data", async () => {
      const printed = cmsPrinted(await siteGets("cades", "B-LTA", "p7m"));
      assert.match(printed, /id-smime-aa-timeStampToken/);
      assert.match(printed, /Basic OCSP Response/);
      // the archive time stamp of version 3 (EN 319 122-1 clause 5.5.3)
      assert.match(printed, /0\.4\.0\.1733\.2\.4/);
    });

    test("XAdES gets validation data from lists where the responder gives no answer", async () => {
      services.down.add("ocsp");
      await siteGets("xades", "B-LT", "xml");
      assert.ok(services.asked.ocsp > 0);
      // of the root, and of the authority under it
      assert.equal(services.asked.crl, 2);
    });

    test("JAdES gets its time stamps from the next authority where the first gives none", async () => {
      services.down.add("first-time-stamps");
      await siteGets("jades", "B-LTA", "json");
      assert.deepEqual([services.asked["first-time-stamps"], services.asked["second-time-stamps"]], [2, 2]);
    });

    test("a container gets everything inside of it", async () => {
      const path = await siteGets("asic-e", "B-LTA", "asice");
      assert.equal(execFileSync("unzip", ["-p", path, LETTER.name], { encoding: "utf8" }), "a");
    });

    test("where nobody says whether a certificate was revoked, the time stamp remains, and the page says who is missing", async () => {
      services.down.add("ocsp").add("crl");
      const page = await signOwn("B-LTA", "contract.pdf");
      await decideAboutAuthorities(page, ALLOW);
      await decideAboutHosts(page, ALLOW);
      const [stamp, ...more] = documentTimeStamps(await onlyFile(page));
      assert.match(await page.text("#saved"), /B-T/);
      assert.match(await page.text("#shortfall"), /is B-T, not B-LTA[^]*No answer came from: 127\.0\.0\.1:\d+[^]*bitaqa extend/);
      assert.ok(stamp && more.length === 0, "no archive time stamp over what is not whole");
      assert.match(services.verified(stamp.token, stamp.covered), /Verification: OK/);
    });

    test("who signs with a certificate that was revoked is told that nobody will accept it", async () => {
      await stage.bed.remove();
      const certificate = await insert(CARD);
      services.revoke(certificate);
      const page = await signOwn("B-LTA", "contract.pdf");
      await decideAboutAuthorities(page, ALLOW);
      await decideAboutHosts(page, ALLOW);
      const path = signings.file("revoked.pdf", await onlyFile(page));
      assert.match(await page.text("#shortfall"), /is B-T, not B-LTA[^]*had been revoked/);
      assert.doesNotMatch(await page.text("#shortfall"), /good as it is|Nobody is known/);
      assert.deepEqual(verdict(path, services.root), { indication: "INDETERMINATE", level: "B-T" });
    });

    test("each document of many gets a time stamp of its own, and the person is asked once", async () => {
      await stage.bed.remove();
      await insert(CARD_FOR_MANY);
      const page = await signOwn("B-T", "one.pdf", "two.pdf", "three.pdf");
      await decideAboutAuthorities(page, ALLOW);
      const files = await page.saved();
      assert.deepEqual([...files.keys()], ["one-signed.pdf", "two-signed.pdf", "three-signed.pdf"]);
      await nothingIsMissing(page);
      assert.deepEqual([services.asked["first-time-stamps"], services.askedInAll], [3, 3]);
      for (const signed of files.values()) {
        const [stamp] = documentTimeStamps(signed);
        assert.match(services.verified(stamp?.token ?? signed, stamp?.covered ?? signed), /Verification: OK/);
        assert.match(pdfsig(signings.file("one.pdf", signed)), /Signature is Valid/);
      }
    });
  });
}
