import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { Broker, type BrokerSurroundings } from "../src/background/signing.ts";
import type { CertificateWanted } from "../src/generated/CertificateWanted.ts";
import type { SignatureLevel } from "../src/generated/SignatureLevel.ts";
import type { SigningCertificate } from "../src/generated/SigningCertificate.ts";
import type { SigningReply } from "../src/generated/SigningReply.ts";
import { LANGUAGES } from "../src/language.ts";
import { DocumentsPort, PIECE } from "../src/signing/documents_port.ts";
import type { Engine } from "../src/documents/engine.ts";
import { type FlowEvents, type Unsuited, jobsOf, named, requestOf, signDocuments } from "../src/signing/flow.ts";
import { HostFailure, type HostRequests } from "../src/signing/host_requests.ts";
import { snapshot } from "../src/signing/snapshot.ts";
import { documentsPort } from "../src/signing/messages.ts";
import { FakeBrowser } from "./fake_browser.ts";
import { FakePagePort } from "./fake_page_port.ts";
import { FakePort } from "./fake_port.ts";
import { DocumentGate } from "../src/content/document_gate.ts";
import { WILLING } from "./willing_person.ts";

const SOURCES = new URL("../src/", import.meta.url);

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

function ids(language: string): string[] {
  const text = readFileSync(new URL(`../../locales/${language}/sign.ftl`, import.meta.url), "utf8");
  return new FluentResource(text).body.flatMap(({ id, attributes }) => [id, ...Object.keys(attributes).map((name) => `${id}.${name}`)]).sort();
}

test("every language says the same things, and the pages ask for nothing else", () => {
  for (const language of LANGUAGES) assert.deepEqual(ids(language), ids("en"), language);
  const text = ["sign.ts", ...["sign", "signing"].flatMap((folder) => readdirSync(new URL(`${folder}/`, SOURCES)).map((name) => `${folder}/${name}`))]
    .map((name) => readFileSync(new URL(name, SOURCES), "utf8"))
    .join("\n");
  const known = ids("en");
  const asked = [...text.matchAll(/data-text="([^"]+)"|sayIn\("[^"]+", "([^"]+)"|words\.text\("([^"]+)"|say\("\w+", "([^"]+)"/g)].map((match) => match.slice(1).find((id) => id !== undefined));
  assert.deepEqual(asked.filter((id) => !known.includes(id ?? "")), []);
});

/** A port whose messages are copied as JSON: a Blob becomes an empty object. */
function onlyJson(ports: readonly FakePort[]): void {
  for (const port of ports) port.copy = (message) => JSON.parse(JSON.stringify(message)) as object;
}

test("documents arrive whole, as they are or in pieces", async () => {
  // the browsers' own coder
  Object.assign(globalThis, { FileReader: NodeFileReader });
  const large = new Blob([new Uint8Array(2 * PIECE + 5).map((_, index) => index * 3)], { type: "a/b" });
  for (const pieces of [false, true]) {
    const ends = FakePort.pair();
    if (pieces) onlyJson(ends);
    const [one, other] = ends.map((end) => new DocumentsPort(end, 1 << 30)) as [DocumentsPort, DocumentsPort];
    const heard: [object, Blob[]][] = [];
    other.heard = (message, blobs) => heard.push([message, blobs]);
    await one.send({ first: true }, [large, new Blob([]), new Blob(["x"])]);
    await one.send({ second: true });
    for (let turns = 0; heard.length < 2 && turns < 200; turns += 1) await turn();
    assert.deepEqual(heard.map(([message]) => message), [{ first: true }, { second: true }], `in pieces: ${pieces}`);
    const [blobs = []] = heard.map(([, came]) => came);
    assert.deepEqual(blobs.map(({ size }) => size), [large.size, 0, 1]);
    assert.equal(blobs[0]?.type, "a/b");
    assert.deepEqual(new Uint8Array(await (blobs[0] as Blob).arrayBuffer()), new Uint8Array(await large.arrayBuffer()));
    if (pieces) assert.ok(ends[1].got.some((message) => (message as { type: string }).type === "piece"));
    one.disconnect();
  }
});

test("a port that sends what makes no sense, or too much, is closed", async () => {
  for (const wrong of [
    { type: "piece", data: "AAAA" },
    { type: "message", message: {}, sizes: [{ size: -1, type: "" }] },
    { type: "message", message: {}, sizes: [{ size: 11, type: "" }] },
    { type: "message", message: {}, blobs: [{}] },
    { type: "anything" },
  ]) {
    const [raw, end] = FakePort.pair();
    const port = new DocumentsPort(end, 10);
    let gone = false;
    port.gone = () => (gone = true);
    raw.postMessage(wrong);
    await turn();
    assert.ok(gone && !raw.open, JSON.stringify(wrong));
  }
});

function surroundings(more: Partial<BrokerSurroundings> = {}): BrokerSurroundings & { opened: string[]; closed: number } {
  const made = {
    opened: [] as string[],
    closed: 0,
    ownId: "ours",
    page: "chrome-extension://ours/sign.html",
    allows: async () => true,
    openWindow: async (url: string) => {
      made.opened.push(url);
      return () => void (made.closed += 1);
    },
    carryOut: () => () => undefined,
    word: async (report: { code: string }) => ({ ...report, message: "", remedy: "" }) as never,
    setTimeout: () => 1,
    clearTimeout: () => undefined,
    ...more,
  };
  return made;
}

/** A document's port to the broker: the document's end, and what the browser says of it. */
function documentPort(broker: Broker, sender: object = {}): FakePort {
  const [document, end] = FakePort.pair();
  end.sender = { id: "ours", origin: "https://a.example", frameId: 0, documentId: "d", tab: { id: 7 }, ...sender };
  broker.serveDocument(end);
  return document;
}

function windowPort(broker: Broker, url: string): FakePort {
  const [window, end] = FakePort.pair();
  end.sender = { id: "ours", url };
  broker.serveWindow(end);
  return window;
}

test("a window is told who asks by the browser's word, once, and only with its token", async () => {
  const around = surroundings();
  const broker = new Broker(around);
  const document = documentPort(broker);
  document.postMessage({ type: "open-window" });
  await turn();
  const [url = ""] = around.opened;
  const { token } = document.got[0] as { token: string };
  assert.equal(url, `chrome-extension://ours/sign.html#${token}`);
  assert.equal(windowPort(broker, "chrome-extension://ours/sign.html#guessed").open, true);
  await turn();
  const early = windowPort(broker, url);
  await turn();
  assert.deepEqual(early.got, [], "the document does not wait for it yet");
  document.postMessage({ type: "expecting" });
  await turn();
  assert.deepEqual(early.got, [{ type: "asking", asking: { origin: "https://a.example", tabId: 7, documentId: "d" } }]);
  const second = windowPort(broker, url);
  await turn();
  assert.equal(second.open, false);
  // a page of somebody else does not get it either
  const foreign = windowPort(broker, `https://evil.example/#${token}`);
  await turn();
  assert.equal(foreign.open, false);
});

test("a frame, another extension, a site that is not allowed and a second request get no window", async () => {
  for (const sender of [{ frameId: 1 }, { id: "another" }, { origin: "null" }, { documentLifecycle: "prerender" }]) {
    const around = surroundings();
    const document = documentPort(new Broker(around), sender);
    document.postMessage({ type: "open-window" });
    await turn();
    assert.equal((document.got[0] as { error: { code: string } }).error.code, "origin-not-allowed", JSON.stringify(sender));
    assert.deepEqual(around.opened, []);
  }
  const forbidden = surroundings({ allows: async () => false });
  const document = documentPort(new Broker(forbidden));
  document.postMessage({ type: "open-window" });
  await turn();
  assert.equal((document.got[0] as { error: { code: string } }).error.code, "permission-missing");
  const around = surroundings();
  const broker = new Broker(around);
  documentPort(broker).postMessage({ type: "open-window" });
  const again = documentPort(broker);
  await turn();
  assert.equal((again.got[0] as { error: { code: string } }).error.code, "request-pending");
  assert.equal(around.opened.length, 1);
});

test("a page that is left takes its window along", async () => {
  const around = surroundings();
  const document = documentPort(new Broker(around));
  document.postMessage({ type: "open-window" });
  await turn();
  document.disconnect();
  await turn();
  assert.equal(around.closed, 1);
});

test("a document whose request was refused may ask again", async () => {
  const around = surroundings({
    openWindow: () => Promise.reject(new Error("no windows here")),
  });
  const broker = new Broker(around);
  for (const attempt of [1, 2]) {
    const document = documentPort(broker);
    document.postMessage({ type: "open-window" });
    await turn();
    assert.deepEqual((document.got[0] as { error: object }).error, { code: "internal-error", message: "", remedy: "" }, `attempt ${attempt}`);
  }
});

test("what is signed is what was there when it was shown", async () => {
  const blob = new Blob(["shown"], { type: "text/plain" });
  const own = await snapshot(blob);
  assert.equal(await own.text(), "shown");
  assert.deepEqual([own.type, own === blob], ["text/plain", false]);
  // a file that grew or shrank meanwhile
  const changing = Object.defineProperty(new Blob(["shown"]), "size", { value: 4 });
  await assert.rejects(snapshot(changing), /changed/);
});

test("a failure about documents ends the visit: the next window takes a click", async () => {
  const browser = new FakeBrowser();
  const gate = new DocumentGate(browser);
  browser.click();
  const ask = (id: string): FakePagePort => {
    const page = new FakePagePort();
    gate.envelope(id, page);
    page.say({ type: "signing-request", request: "{}", documents: [] });
    return page;
  };
  const page = ask("0123456789abcdef");
  browser.signingPorts[0]?.port.postMessage({ type: "failure", error: { code: "request-invalid", message: "", remedy: "" } });
  await turn();
  assert.deepEqual(page.kinds.slice(-1), ["request-invalid"]);
  browser.active = false;
  assert.deepEqual(ask("fedcba9876543210").kinds, ["gesture-missing"]);
  assert.equal(browser.signingPorts.length, 1);
});

test("who gives up before the PIN is asked for is not asked, and what was signed is kept when a later file fails", async () => {
  const aborter = new AbortController();
  let asked = 0;
  const host = {
    certificates: async () => [CERTIFICATE],
    sign: async () => ((asked += 1), { signatures: ["AAAA", "AAAA"] }),
  } as never as HostRequests;
  const engine = {
    isWanted: async (_: Uint8Array, { legislation }: CertificateWanted) => legislation === undefined,
    prepare: async () => ({ toBeSigned: new Uint8Array(3), state: new Uint8Array(), digest: new Uint8Array() }),
    finish: async () => new Blob(["signed"]),
    verify: async () => {
      if ((verified += 1) === 2) throw new Error("broken");
      return { needs: [], report: { signatures: [{ signer: { certificateSha256: OF_AAAA }, cryptographicallyIntact: true, indication: "INDETERMINATE", timeStamps: [] }] } };
    },
  } as never as Engine;
  let verified = 0;
  const files = ["a", "b"].map((name) => ({ name, type: "", blob: new Blob([name]) }));
  const wish = { format: "cades" as const, level: "B-B" as const, certificate: { qualified: false } };
  const unsuited: Unsuited[] = [];
  const events: FlowEvents = {
    ...WILLING,
    signal: aborter.signal,
    stage: (stage) => stage === "preparing" && gaveUp && aborter.abort(new HostFailure({ code: "user-cancelled" })),
    unsuited: (told) => unsuited.push(...told),
  };
  let gaveUp = false;
  const { files: made, stopped } = await signDocuments({ engine, host }, { language: "en" }, files, wish, events);
  assert.deepEqual([made.map(({ name }) => name), stopped?.code], [["a.p7m"], "internal-error"]);
  gaveUp = true;
  await assert.rejects(signDocuments({ engine, host }, { language: "en" }, files, wish, events), { message: "user-cancelled" });
  assert.equal(asked, 1);
  assert.deepEqual(unsuited, []);
  // what is not used is told, before anything else
  const other = { ...wish, certificate: { qualified: false, legislation: "MA" } };
  await assert.rejects(signDocuments({ engine, host }, { language: "en" }, files, other, { ...events, signal: new AbortController().signal }), ({ report }: HostFailure) => report.detail === "not-wanted");
  assert.deepEqual(unsuited, [{ certificate: "AAAA", why: "not-wanted" }]);
  // what cannot be used at all is no question of what is wanted
  host.certificates = async () => [{ ...CERTIFICATE, unsuitable: "expired" }];
  await assert.rejects(signDocuments({ engine, host }, { language: "en" }, files, wish, { ...events, signal: new AbortController().signal }), ({ report }: HostFailure) => report.detail === "expired");
});

test("every file is stamped before anybody is asked about revocation, and one without a stamp is raised no further", async () => {
  const steps: string[] = [];
  let stamps = 0;
  const engine = {
    isWanted: async () => true,
    prepare: async () => ({ toBeSigned: new Uint8Array(3), state: new Uint8Array(), digest: new Uint8Array() }),
    finish: async () => new Blob(["signed"]),
    verify: async () => ({ needs: [], report: { signatures: [{ signer: { certificateSha256: OF_AAAA }, cryptographicallyIntact: true, indication: "INDETERMINATE", timeStamps: [] }] } }),
    raise: async (file: Blob, { level }: { level: SignatureLevel }) => {
      steps.push(level);
      const reached = level === "B-T" && (stamps += 1) === 2 ? "B-B" : level;
      return { file, reached: { level: reached, notices: [], isRevoked: false } };
    },
  } as never as Engine;
  const host = { certificates: async () => [CERTIFICATE], sign: async () => ({ signatures: ["AAAA", "AAAA", "AAAA"] }) } as never as HostRequests;
  const files = ["a", "b", "c"].map((name) => ({ name, type: "", blob: new Blob([name]) }));
  const wish = { format: "cades" as const, level: "B-LTA" as const, certificate: { qualified: false } };
  const { files: made } = await signDocuments({ engine, host }, { language: "en" }, files, wish, WILLING);
  assert.deepEqual(made.map(({ level }) => level), ["B-LTA", "B-B", "B-LTA"]);
  assert.deepEqual(steps, ["B-T", "B-T", "B-T", "B-LT", "B-LTA", "B-LT", "B-LTA"]);
});

test("documents go to the window that was announced, and never to the background", async () => {
  const browser = new FakeBrowser();
  const gate = new DocumentGate(browser);
  browser.click();
  const page = new FakePagePort();
  gate.envelope("0123456789abcdef", page);
  const blob = new Blob(["secret of the document"]);
  page.say({ type: "signing-request", request: '{"type":"sign"}', documents: [blob] });
  const [{ port: background } = { port: undefined }] = browser.signingPorts;
  await turn();
  assert.deepEqual(background?.got, [{ type: "open-window" }]);
  background?.postMessage({ type: "window", token: "t" });
  await turn();
  assert.deepEqual(background?.got.slice(1), [{ type: "expecting" }]);
  browser.opens(documentsPort("another"));
  const window = browser.opens(documentsPort("t"));
  const end = new DocumentsPort(window, 1000);
  const heard: [object, Blob[]][] = [];
  end.heard = (message, blobs) => heard.push([message, blobs]);
  await turn();
  assert.deepEqual(heard.map(([message]) => message), [{ type: "request", request: '{"type":"sign"}' }]);
  assert.equal(await heard[0]?.[1][0]?.text(), "secret of the document");
  assert.equal(background?.open, false, "the background is done with it");
  const reply: SigningReply = { type: "signed-documents", documents: [{ name: "a", type: "b", level: "B-B" }] };
  await end.send(reply, [new Blob(["signed"])]);
  await turn();
  const last = page.heard.at(-1) as unknown as SigningReply & { files: Blob[] };
  assert.equal(last.type, "signed-documents");
  assert.equal(await last.files[0]?.text(), "signed");
});

/** SHA-256 of the three bytes that are its certificate. */
const OF_AAAA = "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c";

const CERTIFICATE: SigningCertificate = { certificate: "AAAA", algorithms: ["ES384"], statements: [], legislations: [], policies: [], pinEachTime: false };

test("a container has each name once, and signatures over all of its files", () => {
  const files = ["a.txt", "a.txt", "b"].map((name) => ({ name, type: "", blob: new Blob() }));
  const [job, ...others] = jobsOf(files, "asic-e");
  assert.equal(others.length, 0);
  assert.deepEqual(job?.documents.map(({ name }) => name), ["a.txt", "a (2).txt", "b"]);
  assert.equal(jobsOf(files, "cades").length, 3);
});

test("what is made has the name that a person looks for", () => {
  const job = (name: string, format: "pades" | "cades" | "xades" | "asic-s") => ({ name, documents: [{ name, type: "", blob: new Blob() }], format });
  assert.equal(named(job("عقد.pdf", "pades"), undefined, new Blob()).name, "عقد-signed.pdf");
  assert.equal(named(job("a.b.txt", "cades"), undefined, new Blob()).name, "a.b.txt.p7m");
  assert.equal(named(job("a.txt", "cades"), "detached", new Blob()).name, "a.txt.p7s");
  assert.equal(named(job(".hidden", "asic-s"), undefined, new Blob()).name, ".hidden.asics");
});

test("the algorithm of the card is the one that is asked for", () => {
  const [job] = jobsOf([{ name: "a.pdf", type: "application/pdf", blob: new Blob() }], "pades");
  assert.ok(job);
  const wish = { format: "pades" as const, level: "B-B" as const, certificate: { qualified: false } };
  for (const [algorithm, expected] of [
    ["ES384", { scheme: "ecdsa", hash: "SHA-384" }],
    ["PS256", { scheme: "rsa-pss", hash: "SHA-256" }],
    ["RS512", { scheme: "rsa-pkcs1", hash: "SHA-512" }],
  ] as const) {
    assert.deepEqual((requestOf(job, wish, "AAAA", algorithm) as { algorithm: object }).algorithm, expected);
  }
});

/** Node has no FileReader. */
class NodeFileReader {
  result = "";
  onload: (() => void) | undefined;
  onerror: (() => void) | undefined;
  readAsDataURL(blob: Blob): void {
    void blob.arrayBuffer().then((bytes) => {
      this.result = `data:;base64,${Buffer.from(bytes).toString("base64")}`;
      this.onload?.();
    });
  }
}
