/**
 * The page "Check a file" with a host: a trust pack for tests that an administrator installed, and services of openssl on the loopback
 * address, which certificates name. Nobody is asked before the person allows it. openssl, pdfsig and the command line judge what is made.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { sign, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Browser, chooseFiles, pass, type Tab, until } from "./harness/browser.ts";
import { documentTimeStamps } from "./harness/document_time_stamps.ts";
import { OverheardHost } from "./harness/host_processes.ts";
import { pdfsig, verdict } from "./harness/judges.ts";
import { OwnRoot } from "./harness/own_root.ts";
import { PageSigner, type Signer } from "./harness/page_signer.ts";
import { line, pdf } from "./harness/pdf_file.ts";
import { program } from "./harness/programs.ts";
import { Services } from "./harness/services.ts";
import { STARTERS } from "./harness/starters.ts";
import { trustedList } from "./harness/trusted_list.ts";

const LETTER = Buffer.from("Contrat de vente, عقد البيع\n");
const DAY = 86_400_000;

/** Gives trusted lists, and counts who asks. */
class Lists {
  readonly #server: Server;
  readonly files = new Map<string, Buffer>();
  asked = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked += 1;
      const file = this.files.get(request.url ?? "");
      response.writeHead(file === undefined ? 404 : 200, { "content-type": "application/vnd.etsi.tsl+xml" });
      response.end(file);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

for (const [name, start] of STARTERS) {
  describe(`${name}: check a file, with services`, () => {
    let folder: string;
    let services: Services;
    let lists: Lists;
    let root: OwnRoot;
    let host: OverheardHost;
    let browser: Browser;
    let signer: PageSigner;
    let holder: Signer;
    let operator: Signer;
    let national: Signer;
    const tabs: Tab[] = [];

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "bitaqa-check-"));
      services = await Services.start();
      lists = new Lists();
      await lists.start();
      holder = issued("holder", "/C=MA/SN=EXEMPLE/GN=AMINA/CN=AMINA EXEMPLE");
      [operator, national] = [selfSigned("operator", "/C=EU/CN=List operator"), selfSigned("national", "/C=MA/CN=National operator")];
      root = new OwnRoot();
      root.configure("validation.toml", `${services.configuration}\n[[source]]\nkind = "trusted-list"\nurl = "http://${lists.host}/lists.xml"\n\n[[host]]\nname = "localhost"\nprivate_address = true\nports = [${lists.host.split(":")[1]}]\n`);
      installPack();
      browser = await start();
      // what it keeps of one test is not there in the next
      host = new OverheardHost(["/usr/bin/env", `XDG_CACHE_HOME=${path("kept")}`, ...root.words("bitaqa-host")]);
      browser.installHost(host.program());
      signer = await PageSigner.open(browser);
      lists.files.set("/lists.xml", await signedList({ territory: "EU", pointer: { location: `http://localhost:${lists.host.split(":")[1]}/ma.xml`, territory: "MA", signer: national } }, operator));
      lists.files.set("/ma.xml", await signedList({ territory: "MA", issuer: new X509Certificate(readFileSync(services.issuing)).raw }, national));
      write("letter.p7m", await signer.sign(LETTER, { format: "cades", packaging: "attached", algorithm: ECDSA }, holder));
    });
    afterEach(async () => {
      for (const tab of tabs.splice(0)) await tab.close().catch(() => undefined);
      services.reset();
      rmSync(path("kept"), { recursive: true, force: true });
      lists.asked = 0;
      browser.installHost(host.program());
    });
    after(async () => {
      await browser?.quit();
      services?.stop();
      lists?.stop();
      host?.remove();
      root?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const ECDSA = { scheme: "ecdsa", hash: "SHA-256" };
    const path = (file: string): string => join(folder, file);

    function write(file: string, content: string | Uint8Array): string {
      writeFileSync(path(file), content);
      return path(file);
    }

    function openssl(...words: string[]): Buffer {
      return execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    }

    function bitaqa(...words: string[]): string {
      return execFileSync(program("bitaqa"), words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    }

    function selfSigned(called: string, subject: string): Signer {
      openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${called}.key`, "-out", `${called}.pem`, "-subj", subject, "-days", "30", "-addext", "keyUsage=critical,nonRepudiation", "-addext", "basicConstraints=critical,CA:false");
      return { certificate: Buffer.from(new X509Certificate(readFileSync(path(`${called}.pem`))).raw), key: readFileSync(path(`${called}.key`), "utf8") };
    }

    /** Somebody with a certificate of the services. */
    function issued(called: string, subject: string): Signer {
      const { certificate, key } = selfSigned(called, subject);
      return { certificate: services.issue(certificate), key };
    }

    /** The services' root and an operator of lists, believed in a pack that is marked as one for tests. */
    function installPack(): void {
      bitaqa("key", "new", "--out", "signer.json", "--kid", "signer");
      const documents = { signers: [services.root], time_stamp_authorities: [services.root], list_signers: ["operator.pem"] };
      write("pack.json", JSON.stringify({ name: "trial", version: 1, expires: new Date(Date.now() + 30 * DAY).toISOString().replace(/\.\d+Z$/, "Z"), test: true, documents }));
      bitaqa("trust", "sign", "--key", "signer.json", "--out", "trial.pack", "pack.json");
      const { fingerprint } = JSON.parse(bitaqa("key", "show", "--json", "signer.json")) as { fingerprint: string };
      root.install(path("trial.pack"), fingerprint);
    }

    function signedList(draft: Parameters<typeof trustedList>[0], by: Signer): Promise<Buffer> {
      return signer.sign(trustedList(draft), { format: "xades", packaging: "enveloped", algorithm: ECDSA }, by);
    }

    /** A file with the certificates of root and issuing authority. */
    const authorities = (): string => write("authorities.pem", readFileSync(services.root, "utf8") + readFileSync(services.issuing, "utf8"));

    const signedPdf = (): Promise<Buffer> => signer.sign(pdf([{ content: line("Contract") }]), { format: "pades", algorithm: ECDSA }, holder);

    // --- the page

    /** Opens the page in English, with a file; what it gives to the browser to be saved is kept in `window.overheard`. */
    async function open(...files: string[]): Promise<Tab> {
      const tab = await browser.openExtensionPage("check.html");
      tabs.push(tab);
      await until(() => tab.evaluate<boolean>('document.querySelector("#open").textContent !== ""'), "the page's words");
      await tab.evaluate('document.querySelector("#language").value = "en"; document.querySelector("#language").dispatchEvent(new Event("change"))');
      await tab.evaluate(`{
        const real = URL.createObjectURL;
        URL.createObjectURL = (blob) => ((window.overheard = blob.arrayBuffer().then((all) => {
          let text = "";
          for (const byte of new Uint8Array(all)) text += String.fromCharCode(byte);
          return btoa(text);
        })), real.call(URL, blob));
      }`);
      await tab.bringToFront();
      await chooseFiles(tab, "#file", ...files.map(path));
      await decided(tab);
      return tab;
    }

    const text = async (tab: Tab, of = "main"): Promise<string> => (await tab.evaluate<string>(`document.querySelector("${of}").innerText`)).replace(/[\u2066-\u2069]/g, "");
    const standard = (tab: Tab): Promise<string> => tab.evaluate<string>('document.querySelector(".standard").textContent');
    const says = (tab: Tab, what: string, of = "main"): Promise<unknown> => until(async () => (await text(tab, of)).includes(what), `"${what}" on the page`, 60_000);
    const decided = (tab: Tab): Promise<unknown> => until(async () => (await tab.evaluate<string>("document.documentElement.dataset.state")) === "found", "a verdict", 60_000);
    const isShown = (tab: Tab, what: string): Promise<boolean> => tab.evaluate<boolean>(`(document.querySelector(${JSON.stringify(what)})?.offsetParent ?? null) !== null`);

    async function press(tab: Tab, button: string): Promise<void> {
      await tab.bringToFront();
      await tab.click(button);
    }

    /** Allows the services that are named, and waits until they were asked. */
    async function ask(tab: Tab): Promise<void> {
      // not before a person can have read whom the button is about now
      await until(() => tab.evaluate<boolean>('!document.querySelector("#ask").hasAttribute("aria-disabled")'), "the button to be ready");
      await press(tab, "#ask");
      await until(async () => (await text(tab, "#ask")) !== "Stop", "the services to be asked", 60_000);
    }

    async function saved(tab: Tab, button: string): Promise<Buffer> {
      await tab.evaluate("delete window.overheard");
      await press(tab, button);
      await until(() => tab.evaluate<boolean>("window.overheard !== undefined"), "a file to be saved");
      return Buffer.from(await tab.evaluate<string>("window.overheard"), "base64");
    }

    const askedInAll = (): number => services.askedInAll + lists.asked;

    // --- what is tested

    test("nobody is asked before the person allows it, and then it is valid on the word of a pack for tests, which is marked", async () => {
      const tab = await open("letter.p7m");
      assert.match(await standard(tab), /^INDETERMINATE/);
      const before = await text(tab);
      assert.match(before, /trial[^]*TEST/);
      assert.ok(before.includes(`127.0.0.1:${services.port}`), before);
      assert.equal(await isShown(tab, "#test"), false, "nothing rests on the pack yet");
      await pass(500);
      assert.equal(askedInAll(), 0);
      await ask(tab);
      assert.equal(await standard(tab), "TOTAL-PASSED");
      assert.ok(services.asked["issuer-certificate"] === 1 && services.asked.ocsp + services.asked.crl > 0, JSON.stringify(services.asked));
      const then = await text(tab);
      for (const part of ["Valid", "Signed by", "AMINA EXEMPLE", "Trusted by the trust pack trial: Test root", "The certificate was not revoked", "These services were asked: 127.0.0.1", "For tests only, by the trust pack: trial"]) assert.ok(then.includes(part), `${part} in ${then}`);
      assert.match(await text(tab, "#state"), /TEST It rests on trust that is only for tests/);
      assert.ok(await isShown(tab, ".verdicts .test"));
      const report = JSON.parse((await saved(tab, "#save")).toString()) as { asked: string[]; assurance: string; signatures: { assurance: string }[] };
      assert.deepEqual([report.asked, report.assurance, report.signatures[0]?.assurance], [["127.0.0.1"], "test", "test"]);
      const xml = write("report.xml", await saved(tab, "#save-xml"));
      execFileSync("xmllint", ["--noout", xml]);
      assert.match(readFileSync(xml, "utf8"), /urn:bitaqa:assurance/);
    });

    test("trusted lists are asked for apart, and say that it is qualified", async () => {
      const tab = await open("letter.p7m");
      await ask(tab);
      assert.match(await text(tab, "#hosts"), new RegExp(`^${lists.host}\\s+who is qualified$`));
      assert.equal(lists.asked, 0);
      await ask(tab);
      // where the list of the country is stands in the one that came
      assert.match(await text(tab, "#hosts"), new RegExp(`^localhost:${lists.host.split(":")[1]}\\s+who is qualified$`));
      assert.equal(lists.asked, 1);
      // which says of nobody whether they are qualified
      assert.match(await text(tab), /Whether it is a qualified signature is not known/);
      await ask(tab);
      assert.equal(lists.asked, 2);
      assert.match(await text(tab), /(^|\n)Qualified signature, by a trusted list/);
      assert.equal(await isShown(tab, "#needs"), false);
    });

    test("who presses twice, or a moment after a round, allows nobody who was not named before", async () => {
      const tab = await open("letter.p7m");
      await tab.bringToFront();
      await until(() => isShown(tab, "#ask"), "the button");
      // the second press of two lands on a button that is about lists by then
      await tab.evaluate(`new Promise((resolve) => {
        const ask = document.querySelector("#ask");
        new MutationObserver(() => ask.textContent === "Stop" || (ask.click(), resolve())).observe(ask, { childList: true, characterData: true, subtree: true });
        ask.click();
      })`);
      await until(async () => (await text(tab, "#hosts")).includes("who is qualified"), "the lists to be named");
      await pass(300);
      assert.equal(lists.asked, 0);
      assert.equal(await text(tab, "#ask"), "Ask these services");
    });

    test("a list that does not verify is told and not used, and the verdict stays", async () => {
      write("forged.xml", await signedList({ territory: "MA", issuer: new X509Certificate(readFileSync(services.issuing)).raw }, holder));
      const tab = await open("letter.p7m");
      await ask(tab);
      await chooseFiles(tab, "#list-files", path("forged.xml"));
      await says(tab, "Not used, because it does not verify: forged.xml");
      assert.equal(await standard(tab), "TOTAL-PASSED");
      assert.doesNotMatch(await text(tab), /Qualified signature, by|certificate is qualified, by/);
      write("good.xml", lists.files.get("/ma.xml") ?? "");
      await chooseFiles(tab, "#list-files", path("good.xml"));
      await says(tab, "Not used, because it does not verify: good.xml");
      // by whom the person chose it verifies
      await chooseFiles(tab, "#authority-files", path("national.pem"));
      await until(async () => !(await text(tab, "#refused")).includes("good.xml"), "the list to be used");
      assert.match(await text(tab), /(^|\n)Qualified signature, by a trusted list/);
      assert.match(await text(tab, "#refused"), /forged\.xml/);
    });

    test("what cannot be had is told by host, and can be asked again", async () => {
      services.down.add("ocsp").add("crl");
      const tab = await open("letter.p7m");
      await ask(tab);
      assert.match(await standard(tab), /^INDETERMINATE, TRY_LATER/);
      assert.match(await text(tab, "#failed"), new RegExp(`Nothing came from 127.0.0.1:${services.port}`));
      services.reset();
      await ask(tab);
      assert.equal(await isShown(tab, "#failed li"), false);
      assert.equal(await standard(tab), "TOTAL-PASSED");
    });

    test("what was signed after the certificate was revoked is not valid", async () => {
      const other = issued("revoked", "/C=MA/CN=REVOKED EXEMPLE");
      services.revoke(other.certificate);
      await pass(2000);
      const payload = LETTER.toString("base64url");
      // a time stamp over the content, in what is signed, proves that the signature is younger (TS 119 182-1 clause 5.2.6)
      const stamp = await timeStamp(Buffer.from(payload));
      const header = { alg: "ES256", iat: Math.floor(Date.now() / 1000), x5c: [other.certificate.toString("base64")], adoTst: { tstTokens: [{ val: stamp.toString("base64") }] } };
      const protectedHeader = Buffer.from(JSON.stringify(header)).toString("base64url");
      const signature = sign("sha256", Buffer.from(`${protectedHeader}.${payload}`), { key: other.key, dsaEncoding: "ieee-p1363" }).toString("base64url");
      write("revoked.json", JSON.stringify({ payload, protected: protectedHeader, signature }));
      services.reset();
      const tab = await open("revoked.json");
      assert.match(await standard(tab), /^INDETERMINATE/);
      assert.equal(askedInAll(), 0);
      await ask(tab);
      assert.equal(await standard(tab), "TOTAL-FAILED, REVOKED");
      assert.match(await text(tab), /Not valid[^]*It was signed after the certificate had been revoked/);
      assert.equal(await isShown(tab, "#extend"), false);
    });

    /** A time stamp of the services over these bytes. */
    async function timeStamp(bytes: Buffer): Promise<Buffer> {
      openssl("ts", "-query", "-data", write("stamped", bytes), "-sha256", "-cert", "-out", "question");
      const answer = await fetch(`${services.address}/first-time-stamps`, { method: "POST", body: new Uint8Array(readFileSync(path("question"))) });
      write("answer", new Uint8Array(await answer.arrayBuffer()));
      openssl("ts", "-reply", "-in", "answer", "-token_out", "-out", "token");
      return readFileSync(path("token"));
    }

    test("a file is extended to the highest level, checked again, and other judges accept it", async () => {
      write("contract.pdf", await signedPdf());
      const tab = await open("contract.pdf");
      assert.equal(await tab.evaluate('document.querySelector("#level").value'), "B-LTA");
      await press(tab, "#extend-go");
      for (const who of ["Example time stamps", `127.0.0.1:${services.port}`]) {
        await says(tab, who, "#question-text");
        await press(tab, "#answers button:nth-child(1)");
      }
      await says(tab, "The extended file is B-LTA", "#extended");
      assert.equal(await tab.evaluate('document.querySelector("#extended a").download'), "contract-extended.pdf");
      const extended = Buffer.from(await tab.evaluate<string>("window.overheard"), "base64");
      write("contract-extended.pdf", extended);
      assert.ok(extended.subarray(0, readFileSync(path("contract.pdf")).length).equals(readFileSync(path("contract.pdf"))));
      assert.deepEqual(verdict(path("contract-extended.pdf"), services.root), { indication: "TOTAL-PASSED", level: "B-LTA" });
      assert.match(pdfsig(path("contract-extended.pdf")), /Signature is Valid/);
      const stamps = documentTimeStamps(extended);
      assert.equal(stamps.length, 2);
      for (const { token, covered } of stamps) assert.match(services.verified(token, covered), /Verification: OK/);
    });

    test("a signature beside its document is extended, too", async () => {
      write("letter.txt", LETTER);
      write("letter.txt.p7s", await signer.sign(LETTER, { format: "cades", packaging: "detached", algorithm: ECDSA }, holder));
      const tab = await open("letter.txt.p7s", "letter.txt");
      await tab.evaluate('document.querySelector("#level").value = "B-T"');
      await press(tab, "#extend-go");
      await says(tab, "Example time stamps", "#question-text");
      await press(tab, "#answers button:nth-child(1)");
      await says(tab, "The extended file is B-T", "#extended");
      assert.equal(await tab.evaluate('document.querySelector("#extended a").download'), "letter.txt-extended.p7s");
      write("extended.p7s", Buffer.from(await tab.evaluate<string>("window.overheard"), "base64"));
      assert.match(openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", "extended.p7s").toString(), /id-smime-aa-timeStampToken/);
      const verified = openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "extended.p7s", "-content", "letter.txt", "-CAfile", authorities(), "-purpose", "any");
      assert.deepEqual(verified, LETTER);
    });

    test("what holds all that is needed is judged without asking, and both reports are the command line's with the same packs", async () => {
      assert.ok(existsSync(path("contract-extended.pdf")), "the test before made it");
      const tab = await open("contract-extended.pdf");
      assert.deepEqual([await standard(tab), askedInAll(), await isShown(tab, "#extend")], ["TOTAL-PASSED", 0, false]);
      const json = (await saved(tab, "#save")).toString();
      const xml = (await saved(tab, "#save-xml")).toString();
      const { validationTime } = JSON.parse(json) as { validationTime: string };
      const [first = "", ...words] = root.words("bitaqa");
      const told = (form: string): string => spawnSync(first, [...words, "verify", form, "--offline", "--at", validationTime, path("contract-extended.pdf")], { encoding: "utf8" }).stdout;
      assert.equal(json, told("--json"));
      assert.equal(xml, told("--xml"));
      assert.match(xml, /urn:bitaqa:assurance/);
    });

    test("who wants nobody to be asked keeps the file as it was", async () => {
      write("contract.pdf", await signedPdf());
      const tab = await open("contract.pdf");
      await press(tab, "#extend-go");
      await says(tab, "Example time stamps", "#question-text");
      await press(tab, "#answers button:nth-child(2)");
      await says(tab, "Nothing was added: the file stays B-B", "#extended");
      assert.match(await text(tab, "#extended"), /Not asked, as you wished: Example time stamps/);
      assert.equal(askedInAll(), 0);
      assert.equal(await isShown(tab, "#extended a"), false);
    });

    test("a time stamp that cannot be had lowers the level, and the page says whose", async () => {
      services.down.add("first-time-stamps").add("second-time-stamps");
      write("contract.pdf", await signedPdf());
      const tab = await open("contract.pdf");
      await press(tab, "#extend-go");
      await says(tab, "Example time stamps", "#question-text");
      await press(tab, "#answers button:nth-child(1)");
      await says(tab, "No time stamp came from", "#extended");
      assert.match(await text(tab, "#extended"), /stays B-B[^]*when the services can be reached/);
      // of a file from elsewhere nobody knows that
      assert.doesNotMatch(await text(tab, "#extended"), /good as it is/);
    });

    test("without a host the page says so and what helps, and judges with what the person chooses", async () => {
      browser.installHost(undefined);
      const tab = await open("letter.p7m");
      const before = await text(tab);
      assert.match(before, /Which authorities this computer trusts is not known\. Bitaqa is not installed on this computer\. Install it/);
      assert.match(await standard(tab), /NO_CERTIFICATE_CHAIN_FOUND/);
      await chooseFiles(tab, "#authority-files", authorities());
      await says(tab, "Trusted because you chose it: Test root");
      assert.match(await text(tab, "#ask-fault"), /No service can be asked\. Bitaqa is not installed/);
      assert.deepEqual([await isShown(tab, "#ask"), await isShown(tab, "#extend")], [false, false]);
      assert.equal(askedInAll(), 0);
    });

    test("another file that is opened ends what is asked about the one before", async () => {
      write("contract.pdf", await signedPdf());
      const tab = await open("letter.p7m");
      // in the second round more than one is asked
      services.slow.add("ocsp").add("crl");
      await press(tab, "#ask");
      await until(() => services.asked.ocsp + services.asked.crl > 0, "the second round");
      const asked = askedInAll();
      await chooseFiles(tab, "#file", path("contract.pdf"));
      await until(async () => (await text(tab, "#name")).includes("contract.pdf"), "the other file");
      await decided(tab);
      services.letGo();
      await pass(2000);
      assert.equal(askedInAll(), asked);
      assert.match(await standard(tab), /^INDETERMINATE/, "who was allowed for the one was not for the other");
    });
  });
}
