/**
 * The page "Check a file" in real browsers, and the module for documents in its worker: files that openssl signed, or that the module
 * itself prepared for a key of openssl's; openssl, pdfsig and the command line judge the same files.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { Authority, type Holder } from "../../sdk/sign/test/openssl.ts";
import { judge, pdf } from "../../sdk/sign/test/pdf.ts";
import { test } from "./harness/bounded_test.ts";
import { type Browser, chooseFiles, type Tab, until } from "./harness/browser.ts";
import type { Firefox } from "./harness/firefox.ts";
import { withEngine } from "./harness/page_signer.ts";
import { program } from "./harness/programs.ts";
import { STARTERS } from "./harness/starters.ts";

const DOCUMENT = Buffer.from("Contrat de vente, عقد البيع\n");

/** A server at the address that stands in certificates: it counts who asks. */
class Responder {
  readonly #server: Server;
  asked = 0;

  constructor() {
    this.#server = createServer((_, response) => {
      this.asked += 1;
      response.setHeader("access-control-allow-origin", "*");
      response.end();
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }
}

/** A need as the module writes it. */
interface Need {
  kind: string;
  url?: string;
  request?: string;
}

for (const [name, start] of STARTERS) {
  describe(`${name}: check a file`, () => {
    let browser: Browser;
    let authority: Authority;
    let holder: Holder;
    let responder: Responder;
    const tabs: Tab[] = [];

    before(async () => {
      responder = new Responder();
      await responder.start();
      authority = new Authority();
      holder = authority.holder("P-256", "nonRepudiation", `http://${responder.host}/list.crl`);
      authority.write("contrat.txt", DOCUMENT);
      openssl("attached.p7m", "-nodetach");
      openssl("contrat.txt.p7s");
      browser = await start();
    });
    afterEach(async () => {
      for (const tab of tabs.splice(0)) await tab.close().catch(() => undefined);
    });
    after(async () => {
      await browser?.quit();
      authority?.remove();
      responder?.stop();
    });

    const path = (file: string): string => join(authority.folder, file);

    /** Signs the document with openssl, as CAdES. */
    function openssl(out: string, ...how: string[]): void {
      const signer = ["-signer", "holder-1.pem", "-inkey", "holder-1.key", "-certfile", "ca.pem", "-md", "sha256"];
      authority.openssl("cms", "-sign", "-cades", "-binary", "-in", "contrat.txt", ...signer, "-outform", "DER", "-out", out, ...how);
    }

    async function open(): Promise<Tab> {
      const tab = await browser.openExtensionPage("check.html");
      tabs.push(tab);
      await until(() => tab.evaluate<boolean>('document.querySelector("#open").textContent !== ""'), "the page's words");
      await tab.bringToFront();
      return tab;
    }

    const state = (tab: Tab): Promise<string> => tab.evaluate<string>("document.documentElement.dataset.state");
    const text = (tab: Tab): Promise<string> => tab.evaluate<string>('document.querySelector("main").innerText');

    /** Chooses files and waits for what the page says of them. */
    async function choose(tab: Tab, input: string, ...files: string[]): Promise<string> {
      // whatever was shown before is no answer to this
      await tab.evaluate('void (document.querySelector("#signatures").innerHTML = "<i></i>")');
      await chooseFiles(tab, input, ...files.map(path));
      await until(async () => (await state(tab)) !== "busy" && !(await tab.evaluate<boolean>('!!document.querySelector("#signatures > i")')), "a verdict");
      return text(tab);
    }

    async function checked(...files: string[]): Promise<{ tab: Tab; says: string }> {
      const tab = await open();
      return { tab, says: await choose(tab, "#file", ...files) };
    }

    function assertSays(says: string, ...parts: string[]): void {
      for (const part of parts) assert.ok(says.includes(part), `${part} in ${says}`);
    }

    // --- the page

    test("a signer whom nobody vouches for is told plainly, until the person chooses the authority", async () => {
      const { tab, says } = await checked("attached.p7m");
      assertSays(says, "Cannot be decided", "AMINA EXEMPLE", "Bitaqa knows no authority that vouches for this signer", "Nothing of what was signed was changed", "covers the whole document");
      assertSays(says, "Which authorities this computer trusts is not known. Bitaqa is not installed on this computer.");
      assert.ok(!says.includes("Trusted because"), says);
      // the standard's words are there, folded away
      const standard = await tab.evaluate<string>('document.querySelector(".standard").textContent');
      assert.equal(standard, "INDETERMINATE, NO_CERTIFICATE_CHAIN_FOUND");
      const then = await choose(tab, "#authority-files", "ca.pem");
      assertSays(then, "Trusted because you chose it: ", "Example root", "Whether the certificate was revoked is not known", responder.host, "None is asked before you allow it", "No service can be asked");
      assert.equal(await tab.evaluate('document.querySelector(".standard").textContent'), "INDETERMINATE, TRY_LATER");
      await tab.click("#authorities button");
      await until(async () => (await text(tab)).includes("Bitaqa knows no authority"), "the verdict without the authority");
    });

    test("what was changed is not valid, in the document beside and in the message itself", async () => {
      authority.write("other.txt", "Contrat de location\n");
      const { tab, says } = await checked("contrat.txt.p7s");
      assertSays(says, "Cannot be decided", "The document that was signed is not in this file.");
      assertSays(await choose(tab, "#beside-files", "other.txt"), "Not valid", "something was changed");
      await tab.click("#beside button");
      await until(async () => (await text(tab)).includes("is not in this file"), "the verdict without the document");
      assertSays(await choose(tab, "#beside-files", "contrat.txt"), "Nothing of what was signed was changed");
      const message = execFileSync("cat", [path("attached.p7m")]);
      authority.write("changed.p7m", Buffer.from(message.toString("latin1").replace("Contrat", "Contrax"), "latin1"));
      assertSays(await choose(tab, "#file", "changed.p7m"), "Not valid", "something was changed");
    });

    test("signature and document can be chosen together, and a document that is not signed is named", async () => {
      authority.write("stranger.txt", "x");
      const { tab, says } = await checked("contrat.txt", "contrat.txt.p7s");
      assertSays(says, "contrat.txt.p7s", "Nothing of what was signed was changed");
      assert.ok(!says.includes("None of these signatures is over"), says);
      assertSays(await choose(tab, "#beside-files", "stranger.txt"), "None of these signatures is over: ", "stranger.txt", "Nothing of what was signed was changed");
    });

    test("files that are no signatures and no certificates are refused in words", async () => {
      const { tab, says } = await checked("contrat.txt");
      assertSays(says, "No signature that can be read is in this file");
      assertSays(await choose(tab, "#file", "attached.p7m"), "AMINA EXEMPLE");
      assertSays(await choose(tab, "#authority-files", "contrat.txt", "ca.pem"), "No certificate that can be read is in: ", "contrat.txt");
      assert.match(await tab.evaluate<string>('document.querySelector("#what").textContent'), /is in: .?contrat\.txt.?$/);
    });

    test("the report that is saved is the command line's, to the letter", async () => {
      const { tab } = await checked("attached.p7m");
      await choose(tab, "#authority-files", "ca.pem");
      await tab.evaluate(`{
        const real = URL.createObjectURL;
        URL.createObjectURL = (blob) => ((window.overheard = blob.text()), real.call(URL, blob));
      }`);
      const saved = async (button: string): Promise<string> => {
        await tab.evaluate("delete window.overheard");
        await tab.click(button);
        await until(() => tab.evaluate<boolean>("window.overheard !== undefined"), "a report to be saved");
        return tab.evaluate<string>("window.overheard");
      };
      const json = await saved("#save");
      const { validationTime } = JSON.parse(json) as { validationTime: string };
      const told = (form: string): string =>
        spawnSync(program("bitaqa"), ["verify", form, "--offline", "--at", validationTime, "--trust", path("ca.pem"), path("attached.p7m")], { encoding: "utf8" }).stdout;
      assert.equal(json, told("--json"));
      const xml = await saved("#save-xml");
      assert.equal(xml, told("--xml"));
      execFileSync("xmllint", ["--noout", authority.write("report.xml", xml)]);
    });

    test("Arabic runs from right to left, and every sentence is in it", async () => {
      const { tab } = await checked("attached.p7m");
      await tab.evaluate(`{
        const select = document.querySelector("#language");
        select.value = "ar";
        select.dispatchEvent(new Event("change"));
      }`);
      assert.equal(await tab.evaluate("document.documentElement.dir"), "rtl");
      assertSays(await text(tab), "لا يمكن البتّ فيه", "لا تعرف «بطاقة» جهة تضمن هذا الموقّع");
      await tab.evaluate(`{
        const select = document.querySelector("#language");
        select.value = "en";
        select.dispatchEvent(new Event("change"));
      }`);
    });

    test("a file that is dropped is opened, and the page stays", async () => {
      const tab = await open();
      const bytes = execFileSync("base64", ["-w0", path("attached.p7m")], { encoding: "utf8" });
      await tab.evaluate(`{
        const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (character) => character.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], "dropped.p7m"));
        document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true }));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      }`);
      await until(async () => (await state(tab)) === "found", "a verdict");
      assertSays(await text(tab), "dropped.p7m", "AMINA EXEMPLE");
    });

    test("nothing is asked over the network, and nothing can be", async () => {
      const heard = await listen(browser);
      const { tab } = await checked("attached.p7m");
      await choose(tab, "#authority-files", "ca.pem");
      for (const url of await heard()) assert.match(url, /^(chrome|moz)-extension:|^blob:|^data:/, url);
      const refused = await tab.evaluate<boolean>(`fetch("http://${responder.host}/").then(() => false, () => true)`);
      assert.ok(refused, "the page's policy lets nothing out");
      // Firefox starts no such worker; in Chromium it runs under the page's policy
      const inWorker = await tab.evaluate<string>(`new Promise((resolve) => {
        const code = "fetch('http://${responder.host}/').then(() => postMessage('reached'), () => postMessage('refused'))";
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = () => resolve("refused");
      }).catch(() => "refused")`);
      assert.equal(inWorker, "refused");
      assert.equal(responder.asked, 0);
      // whoever listens hears what is asked: here the page is left for the web
      await tab.evaluate(`void setTimeout(() => location.assign("http://${responder.host}/"))`);
      await until(async () => (await heard()).some((url) => url.includes(responder.host)), "the request to be heard");
      await until(() => responder.asked > 0, "the request to come");
      responder.asked = 0;
    });

    // --- the module, as other pages use it

    async function openWithEngine(): Promise<Tab> {
      const tab = await withEngine(await open());
      await tab.evaluate('void (globalThis.failure = (promise) => promise.then(() => "none", ({ code }) => code))');
      return tab;
    }

    const request = (more: object): object => ({ certificate: Buffer.from(holder.certificate).toString("base64"), documents: [{ name: "contrat.txt" }], statement: { signingTime: 1_795_000_000 }, ...more });

    /** Both steps in the page; the key is here. Gives the signed file, which stays in the page as `signed`, too. */
    async function signed(tab: Tab, asked: object, file: Buffer): Promise<Buffer> {
      const toBeSigned = await tab.evaluate<string>(`(async () => {
        globalThis.file = new File([bytes(${JSON.stringify(file.toString("base64"))})], "contrat");
        globalThis.plan = await engine.plan(${JSON.stringify(asked)});
        globalThis.prepared = await engine.prepare(${JSON.stringify(asked)}, [file]);
        return text(prepared.toBeSigned);
      })()`);
      const signature = holder.sign({ toBeSigned: Buffer.from(toBeSigned, "base64"), algorithm: { scheme: "ecdsa", hash: "SHA-256" } } as never);
      const made = await tab.evaluate<string>(`(async () => {
        globalThis.signed = await engine.finish(prepared.state, bytes(${JSON.stringify(Buffer.from(signature).toString("base64"))}), [file]);
        return text(signed);
      })()`);
      return Buffer.from(made, "base64");
    }

    test("the module signs by ranges, by digests and by contents, and openssl and pdfsig accept it", async () => {
      const tab = await openWithEngine();
      const cades = await signed(tab, request({ format: "cades", packaging: "detached" }), DOCUMENT);
      authority.verifyCades(cades, DOCUMENT);
      assert.equal(await tab.evaluate("plan.needs"), "digests");
      const attached = await signed(tab, request({ format: "cades", packaging: "attached" }), DOCUMENT);
      assert.deepEqual(authority.verifyCades(attached), DOCUMENT);
      const paper = pdf(300_000);
      const signedPaper = await signed(tab, request({ format: "pades" }), paper);
      assert.ok(signedPaper.subarray(0, paper.length).equals(paper));
      judge(authority, signedPaper, 1);
      const jades = await signed(tab, request({ format: "jades", packaging: "detached" }), DOCUMENT);
      assert.equal(await tab.evaluate("plan.needs"), "base64url-digests");
      writeFileSync(path("contrat.json"), jades);
      const found = await tab.evaluate<string>(`engine.verify(signed, { at: 1795000100, trust: [], detached: [null] }, [file]).then(({ report }) => JSON.stringify(report))`);
      assert.equal((JSON.parse(found) as { signatures: { cryptographicallyIntact: boolean }[] }).signatures[0]?.cryptographicallyIntact, true, found);
      const overview = await tab.evaluate<string>(`engine.inspect(new Blob([bytes(${JSON.stringify(paper.toString("base64"))})])).then(({ pages, signatureFields }) => JSON.stringify([pages, signatureFields]))`);
      assert.equal(overview, "[1,[]]");
    });

    test("a file is raised with answers that others fetched, and then the page finds it valid", async () => {
      const tab = await openWithEngine();
      const paper = pdf();
      await signed(tab, request({ format: "pades", statement: { signingTime: Math.floor(Date.now() / 1000) - 60 } }), paper);
      const seed = randomBytes(32).toString("base64");
      const answers: { need: Need; received: string | null }[] = [];
      const trust = [Buffer.from(authority.certificate).toString("base64")];
      for (let round = 0; ; round += 1) {
        assert.ok(round < 20, "it comes to an end");
        const asked = { level: "B-LT", at: Math.floor(Date.now() / 1000), trust, seed, answers };
        const raised = JSON.parse(
          await tab.evaluate<string>(`engine.raise(signed, ${JSON.stringify(asked)}, []).then(async (raised) =>
            JSON.stringify("needs" in raised ? raised : { reached: raised.reached, file: await text(raised.file) }))`),
        ) as { needs?: Need[]; reached?: { level: string }; file?: string };
        if (raised.needs === undefined) {
          assert.equal(raised.reached?.level, "B-LT", JSON.stringify(raised.reached));
          writeFileSync(path("raised.pdf"), Buffer.from(raised.file ?? "", "base64"));
          break;
        }
        for (const need of raised.needs) answers.push({ need, received: Buffer.from(answer(need)).toString("base64") });
      }
      const { tab: page } = await checked("raised.pdf");
      const says = await choose(page, "#authority-files", "ca.pem");
      assertSays(says, "Valid", "Signed by", "AMINA EXEMPLE", "PAdES, B-LT", "A time stamp proves", "The certificate was not revoked", "Trusted because you chose it");
      assert.ok(!/\bQualified signature\b/.test(says), says);
      assert.equal(await page.evaluate('document.querySelector(".standard").textContent'), "TOTAL-PASSED");
      assertSays(await choose(page, "#beside-files", "contrat.txt"), "None of these signatures is over: ", "contrat.txt");
    });

    function answer(need: Need): Uint8Array {
      return need.kind === "time-stamp" ? authority.timeStamp(Buffer.from(need.request ?? "", "base64")) : authority.list();
    }

    test("long files are read piece by piece, to the same digest as openssl's", async () => {
      const tab = await openWithEngine();
      // longer than what the browser hashes at once
      await tab.evaluate(`{
        const piece = new Uint8Array(2 ** 20).map((_, at) => at % 251);
        globalThis.long = new File(Array(257).fill(piece), "long.bin");
      }`);
      const asked = request({ format: "cades", packaging: "detached" });
      const toBeSigned = Buffer.from(await tab.evaluate<string>(`engine.prepare(${JSON.stringify(asked)}, [long]).then(({ toBeSigned }) => text(toBeSigned))`), "base64");
      const piece = Buffer.from(Uint8Array.from({ length: 2 ** 20 }, (_, at) => at % 251));
      const digest = authority.openssl("dgst", "-sha256", "-binary", authority.write("long.bin", Buffer.concat(Array<Buffer>(257).fill(piece))));
      assert.ok(toBeSigned.includes(digest));
    });

    test("refusals have codes, and only the call that breaks the worker fails", async () => {
      const tab = await openWithEngine();
      const codes = await tab.evaluate<string>(`(async () => {
        const file = new Blob(["nothing"]);
        const asked = { at: 1795000000, trust: [] };
        const first = await failure(engine.verify(file, asked, []));
        const unknown = await failure(engine.plan({ format: "none" }));
        // nobody can send this to a worker
        const broken = failure(engine.plan({ broken: () => undefined }));
        const after = failure(engine.verify(file, asked, []));
        const closed = failure(engine.verify(file, asked, []));
        const codes = [first, unknown, await broken, await after, await closed];
        const pending = failure(engine.verify(file, asked, []));
        engine.close();
        return JSON.stringify([...codes, await pending, await failure(engine.verify(file, asked, []))]);
      })()`);
      assert.deepEqual(JSON.parse(codes), ["document-invalid", "request-invalid", "internal", "document-invalid", "document-invalid", "closed", "document-invalid"]);
    });

    test("a file that was changed since it was chosen is not taken for another", async () => {
      authority.write("fleeting.p7m", execFileSync("cat", [path("attached.p7m")]));
      const { tab } = await checked("fleeting.p7m");
      authority.write("fleeting.p7m", "gone");
      const says = await choose(tab, "#authority-files", "ca.pem");
      assertSays(says, "The file cannot be read", basename(path("fleeting.p7m")));
    });
  });
}

/** Every address that the browser asks for from now on, its own pages' included; a function that gives them. */
async function listen(browser: Browser): Promise<() => Promise<string[]>> {
  if (browser.name === "chromium") {
    const tab = await browser.openExtensionPage("check.html");
    const context = (tab as unknown as { context(): { on(event: "request", heard: (request: { url(): string }) => void): void } }).context();
    await tab.close();
    const urls: string[] = [];
    context.on("request", (request) => urls.push(request.url()));
    return async () => urls;
  }
  const firefox = browser as Firefox;
  await firefox.privileged(`{
    const urls = (window.bitaqaAsked = []);
    Services.obs.addObserver((subject) => {
      const { URI, loadInfo } = subject.QueryInterface(Ci.nsIChannel);
      // the browser asks for things of its own, which are nobody's page
      if (loadInfo?.triggeringPrincipal?.isAddonOrExpandedAddonPrincipal) urls.push(URI.spec);
    }, "http-on-modify-request");
  }`);
  return async () => JSON.parse(await firefox.privileged<string>("JSON.stringify(window.bitaqaAsked)")) as string[];
}
