/** What the page "Check a file" asks of services and of the host, on a bench: who is asked when, and what is done with what comes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Asking, type Judged } from "../src/check/asking.ts";
import { extend } from "../src/check/extending.ts";
import { trustOfComputer } from "../src/check/trust.ts";
import { stated, verifiedLists, wantedLists } from "../src/check/trusted_lists.ts";
import type { Found } from "../src/check/verification.ts";
import { type Engine, EngineError } from "../src/documents/engine.ts";
import type { ListSummary, Need, SignatureReport, StatedList, ValidationReport } from "../src/documents/results.ts";
import type { ErrorCode } from "../src/generated/ErrorCode.ts";
import type { Freshness } from "../src/generated/Freshness.ts";
import type { WantedData } from "../src/generated/WantedData.ts";
import { HostFailure, HostRequests } from "../src/signing/host_requests.ts";

const ISSUER: Need = { kind: "issuer-certificate", url: "http://ca.example/ca.cer", certificate: "MAA=" };
const OCSP: Need = { kind: "ocsp", url: "http://ocsp.example:8080/", certificate: "MAA=", request: "AAAA" };
const LIST: Need = { kind: "crl", url: "http://crl.example/list.crl", certificate: "MAA=" };

const reported = (indication: ValidationReport["indication"]): ValidationReport => ({ indication, subIndication: null, validationTime: "2026-11-26T13:00:00Z", cryptographicConstraints: "x", assurance: "production", signatures: [] });

/** A file that is decided when these needs are met, one after the other; and services beside it. */
class Bench {
  readonly fetched: { wanted: WantedData; freshness: Freshness | undefined }[] = [];
  readonly fails = new Map<string, ErrorCode>();
  readonly heard: string[] = [];
  origin: (key: string, freshness: Freshness) => "network" | "kept" = () => "network";
  /** What an answer is worth. */
  isGood: (received: string) => boolean = () => true;
  readonly asking = new Asking({ fetch: (wanted, freshness = "kept") => this.#fetch(wanted, freshness) });
  readonly aborter = new AbortController();
  readonly needs: readonly Need[];

  constructor(...needs: Need[]) {
    this.needs = needs;
  }

  judge = async (): Promise<Judged> => {
    const good = this.asking.answers.filter(({ received }) => received !== null && this.isGood(received));
    const open = this.needs.filter((need) => !good.some((one) => one.need === need));
    return { report: reported(open.length === 0 ? "TOTAL-PASSED" : "INDETERMINATE"), needs: open.slice(0, 1), wantedLists: [] };
  };

  async run(): Promise<Judged> {
    return this.asking.run(await this.judge(), this.judge, { signal: this.aborter.signal, asks: (host) => this.heard.push(host) });
  }

  async #fetch(wanted: WantedData, freshness: Freshness): Promise<never> {
    this.fetched.push({ wanted, freshness });
    const url = "url" in wanted ? wanted.url : "";
    const code = this.fails.get(url);
    if (code !== undefined) throw new HostFailure({ code, detail: "fetch-too-slow" });
    const origin = this.origin(url, freshness);
    return { type: "validation-data", id: "1", data: origin === "kept" ? "a2VwdA==" : "bmV3", origin } as never;
  }
}

test("nobody is asked who was not allowed, and who comes up later is a question of its own", async () => {
  const bench = new Bench(ISSUER, OCSP);
  assert.equal((await bench.run()).report.indication, "INDETERMINATE");
  assert.equal(bench.fetched.length, 0);
  const before = await bench.judge();
  assert.deepEqual(bench.asking.unasked(before), [{ host: "ca.example", what: ["issuer-certificate"] }]);
  bench.asking.allow(["ca.example"]);
  assert.ok(bench.asking.isWaiting(before));
  const between = await bench.run();
  assert.deepEqual([between.report.indication, bench.fetched.map(({ wanted }) => wanted.kind), bench.heard], ["INDETERMINATE", ["issuer-certificate"], ["ca.example"]]);
  assert.deepEqual(bench.asking.unasked(between), [{ host: "ocsp.example:8080", what: ["ocsp"] }]);
  assert.ok(!bench.asking.isWaiting(between));
  bench.asking.allow(["ocsp.example:8080"]);
  assert.equal((await bench.run()).report.indication, "TOTAL-PASSED");
  assert.deepEqual(bench.fetched[1]?.wanted, { kind: "ocsp", url: OCSP.url, certificate: "MAA=", body: "AAAA" });
  assert.deepEqual(bench.asking.asked, ["ca.example", "ocsp.example"]);
});

test("rounds come to an end, though a file would never have enough", async () => {
  const endless = Array.from({ length: 20 }, (_, at): Need => ({ kind: "crl", url: `http://crl.example/${at}`, certificate: "MAA=" }));
  const bench = new Bench(...endless);
  bench.asking.allow(["crl.example"]);
  await bench.run();
  assert.equal(bench.fetched.length, 8);
});

test("what could not be had is told by host, asked once, and again only when the person wants it", async () => {
  const bench = new Bench(LIST);
  bench.fails.set(LIST.url, "validation-data-unavailable");
  bench.asking.allow(["crl.example"]);
  await bench.run();
  await bench.run();
  assert.equal(bench.fetched.length, 1);
  assert.deepEqual(bench.asking.failed.map(({ host, url, report }) => [host, url, report.detail]), [["crl.example", LIST.url, "fetch-too-slow"]]);
  assert.deepEqual(bench.asking.unasked(await bench.judge()), []);
  bench.fails.clear();
  bench.asking.allow(["crl.example"]);
  assert.deepEqual([(await bench.run()).report.indication, bench.asking.failed], ["TOTAL-PASSED", []]);
});

test("an address that the host does not ask was not asked, and counts as none", async () => {
  const bench = new Bench(LIST);
  bench.fails.set(LIST.url, "address-not-allowed");
  bench.asking.allow(["crl.example"]);
  await bench.run();
  assert.deepEqual([bench.asking.asked, bench.asking.failed.length], [[], 1]);
  const strange = new Bench({ kind: "crl", url: "ldap://directory.example/list", certificate: "MAA=" });
  assert.deepEqual(strange.asking.unasked(await strange.judge()), []);
});

test("a host that is gone is asked nothing more, and no service is blamed", async () => {
  const bench = new Bench(LIST);
  bench.fails.set(LIST.url, "host-crashed");
  bench.asking.allow(["crl.example"]);
  const found = await bench.run();
  assert.deepEqual([found.report.indication, bench.asking.fault?.code, bench.asking.failed], ["INDETERMINATE", "host-crashed", []]);
  assert.ok(!bench.asking.isWaiting(found));
  assert.equal(bench.fetched.length, 1);
});

test("what was kept and does not help is fetched anew, once", async () => {
  const bench = new Bench(OCSP);
  bench.origin = (_, freshness) => (freshness === "anew" ? "network" : "kept");
  bench.isGood = (received) => received === "bmV3";
  bench.asking.allow(["ocsp.example:8080"]);
  assert.equal((await bench.run()).report.indication, "TOTAL-PASSED");
  assert.deepEqual(bench.fetched.map(({ freshness }) => freshness), ["kept", "anew"]);
  const spoilt = new Bench(OCSP);
  spoilt.origin = () => "kept";
  spoilt.isGood = () => false;
  spoilt.asking.allow(["ocsp.example:8080"]);
  await spoilt.run();
  await spoilt.run();
  assert.deepEqual(spoilt.fetched.map(({ freshness }) => freshness), ["kept", "anew"]);
});

test("who leaves ends it before the next is asked", async () => {
  const bench = new Bench(ISSUER, LIST);
  bench.asking.allow(["ca.example", "crl.example"]);
  bench.origin = () => {
    bench.aborter.abort();
    return "network";
  };
  await assert.rejects(bench.run());
  assert.equal(bench.fetched.length, 1);
});

// --- trusted lists

/** Lists of the form `territory>pointed`, each signed by whom `SIGNERS` says. */
const lists = {
  async trustedList(path: readonly StatedList[]): Promise<ListSummary> {
    let pointed: readonly string[] = [];
    let summary: ListSummary | undefined;
    for (const { list, signers } of path) {
      const [territory = "", points = "", signer = ""] = atob(list).split(">");
      const isGood = signers.length > 0 ? signers.includes(btoa(signer)) : pointed.includes(territory);
      if (!isGood) throw new EngineError("trust-invalid", "its signer is not one of these");
      pointed = points.split(",");
      summary = { operator: "x", territory, pointers: pointed.map((one) => ({ location: `http://lists.example/${one}.xml`, territory: one, mediaType: "application/vnd.etsi.tsl+xml" })) };
    }
    assert.ok(summary);
    return summary;
  },
};
const list = (name: string, content: string, url?: string) => ({ name, list: btoa(content), ...(url !== undefined && { url }) });
const SCHEME = { pack: { name: "real", isTest: false }, signers: [btoa("scheme")] };
const TRIAL = { pack: { name: "trial", isTest: true }, signers: [btoa("trial"), btoa("scheme")] };

test("a list that does not verify is told and not used, and the others stay, in whatever order they come", async () => {
  const given = [list("ma.xml", "MA>>nobody"), list("bad.xml", "FR>>stranger"), list("lists.xml", "EU>MA>scheme")];
  const { verified, refused } = await verifiedLists(given, [TRIAL, SCHEME], 0, lists);
  assert.deepEqual(verified.map(({ name, pack }) => [name, pack?.name]), [["lists.xml", "real"], ["ma.xml", "real"]]);
  assert.deepEqual(refused.map(({ name, because }) => [name, because]), [["bad.xml", "its signer is not one of these"]]);
  // each after those that point to it, and once
  assert.deepEqual(stated(verified).map((one) => atob(one.list)), ["EU>MA>scheme", "MA>>nobody"]);
});

test("a list that only a pack for tests vouches for is on that pack's word, and so is one that it points to", async () => {
  const { verified } = await verifiedLists([list("lists.xml", "EU>MA>trial"), list("ma.xml", "MA>>nobody")], [SCHEME, TRIAL], 0, lists);
  assert.deepEqual(verified.map(({ pack }) => pack?.isTest), [true, true]);
  const { refused } = await verifiedLists([list("lists.xml", "EU>>scheme")], [{ pack: undefined, signers: [] }], 0, lists);
  assert.equal(refused[0]?.because, "nobody is known who may sign it");
});

test("lists are wanted of the issuer's country, where they would say something", async () => {
  const chain = [{ subject: "CN=A", issuer: "C=MA,CN=Root", sha256: "00", notBefore: "", notAfter: "", revocation: { status: "anchor" } }] as const;
  const signature = { indication: "INDETERMINATE", chain, qualification: { level: "indeterminate", reason: "" } } as unknown as SignatureReport;
  const report = (more: object) => ({ ...reported("INDETERMINATE"), signatures: [{ ...signature, ...more }] });
  const { verified } = await verifiedLists([list("lists.xml", "EU>FR,MA>scheme", "http://eu.example/lists.xml")], [SCHEME], 0, lists);
  const sources = [{ kind: "trusted-list", host: "eu.example", url: "http://eu.example/lists.xml" }, { kind: "crl", host: "x", url: "http://x/" }] as const;
  assert.deepEqual(wantedLists(report({}), [], sources), [{ url: "http://eu.example/lists.xml" }]);
  assert.deepEqual(wantedLists(report({}), verified, sources).map(({ url, list: along }) => [url, along]), [["http://lists.example/MA.xml", btoa("EU>FR,MA>scheme")]]);
  assert.deepEqual(wantedLists(report({ chain: [] }), verified, sources), [], "nobody vouches for the signer");
  assert.deepEqual(wantedLists(report({ qualification: { level: "qualified", reason: "" } }), verified, sources), []);
  assert.deepEqual(wantedLists(report({ indication: "TOTAL-FAILED" }), verified, sources), []);
});

// --- the computer

/** Hosts that answer so; `connected` counts them. */
function hosts(answers: Partial<Record<"documentTrust" | "validationServices", () => Promise<unknown>>>) {
  let connected = 0;
  const connect = (): HostRequests => {
    connected += 1;
    const none = async () => Promise.reject(new HostFailure({ code: "host-missing" }));
    return { documentTrust: none, validationServices: none, close: () => undefined, ...answers } as unknown as HostRequests;
  };
  return { connect, connected: () => connected };
}

test("without a host nobody is known, and it is looked for once", async () => {
  const none = hosts({});
  const { trustFault, askFault, installed } = await trustOfComputer(none.connect);
  assert.deepEqual([trustFault?.code, askFault?.code, installed.packs, none.connected()], ["host-missing", "host-missing", [], 1]);
});

test("a host that does not know the question is too old, and can ask services still", async () => {
  const old = hosts({
    documentTrust: async () => Promise.reject(new HostFailure({ code: "request-invalid" })),
    validationServices: async () => ({ sources: [], timeStampAuthorities: [] }),
  });
  const { trustFault, askFault } = await trustOfComputer(old.connect);
  assert.deepEqual([trustFault?.code, askFault], ["host-too-old", undefined]);
});

test("a configuration that cannot be used takes the services away, and no authority", async () => {
  const spoilt = hosts({ documentTrust: async () => [], validationServices: async () => Promise.reject(new HostFailure({ code: "validation-configuration-unusable" })) });
  const { trustFault, askFault } = await trustOfComputer(spoilt.connect);
  assert.deepEqual([trustFault, askFault?.code], [undefined, "validation-configuration-unusable"]);
});

test("what is no answer at all does no harm", async () => {
  const strange = hosts({ documentTrust: async () => [{ pack: "x", test: false, signers: ["not base64!"], timeStampAuthorities: [], listSigners: [] }], validationServices: async () => ({ sources: [] }) });
  const { trustFault, askFault, installed } = await trustOfComputer(strange.connect);
  assert.deepEqual([trustFault?.code, askFault?.code, installed.packs], ["host-misbehaved", "host-misbehaved", []]);
});

test("a host that never answers is let go, and is not asked again", async () => {
  const closed: boolean[] = [];
  const runtime = {
    connectNative: () => {
      const at = closed.push(false) - 1;
      let heard: (message: unknown) => void = () => undefined;
      return {
        onMessage: { addListener: (listener: typeof heard) => void (heard = listener) },
        onDisconnect: { addListener: () => undefined },
        postMessage: ({ type }: { type?: string }) => void (type === "hello" && heard({ type: "hello", version: 1, versions: [1] })),
        disconnect: () => void (closed[at] = true),
      };
    },
  };
  const { trustFault, askFault, installed } = await trustOfComputer(() => new HostRequests(runtime as never, "0"), 50);
  const fault = { code: "host-crashed", detail: "no answer within 0.05 s" };
  assert.deepEqual([trustFault, askFault, installed.packs, closed], [fault, fault, [], [true]]);
});

test("a list that the host would not take is not sent", async () => {
  const runtime = { connectNative: () => assert.fail("the host is started") };
  const wanted = { kind: "trusted-list", url: "http://lists.example/ma.xml", list: "A".repeat(4 * 1024 * 1024) } as const;
  await assert.rejects(new HostRequests(runtime, "0").fetch(wanted), (error) => error instanceof HostFailure && error.report.code === "request-too-large");
});

// --- extending

const SIGNATURE = { name: "1", level: "B-B", cryptographicallyIntact: true, indication: "INDETERMINATE", signer: { certificateSha256: "aa" }, timeStamps: [] } as unknown as SignatureReport;
const withSignatures = (...signatures: object[]): ValidationReport => ({ ...reported("INDETERMINATE"), signatures: signatures.map((one) => ({ ...SIGNATURE, ...one })) });

/** Extends a file to B-T whose check afterwards finds these signatures. */
async function extended(...signatures: object[]) {
  const engine = { raise: async (_: Blob, { level }: { level: string }) => ({ file: new Blob([level]), reached: { level, notices: [] } }) } as unknown as Engine;
  const found = { report: withSignatures({}), asked: { detached: [] }, given: [] } as unknown as Found;
  const events = { mayAsk: async () => true, isStopped: () => false };
  const made = await extend({ engine, host: {} as HostRequests, trust: [] }, new File(["B-B"], "letter.p7m"), found, "B-T", async () => withSignatures(...signatures), events);
  return { ...made, text: await made.blob.text() };
}

test("an extended file is given where its signatures are the same and nothing is wrong with them", async () => {
  const good = await extended({ level: "B-T" });
  assert.deepEqual([good.name, good.from, good.level, good.text, good.missing, good.report.signatures[0]?.level], ["letter-extended.p7m", "B-B", "B-T", "B-T", [], "B-T"]);
});

test("an extended file in which something is wrong is given to nobody", async () => {
  const stamp = { indication: "TOTAL-FAILED" };
  for (const bad of [[], [{}, {}], [{ name: "2" }], [{ signer: { certificateSha256: "bb" } }], [{ cryptographicallyIntact: false }], [{ indication: "TOTAL-FAILED" }], [{ timeStamps: [stamp] }]]) {
    const { level, text, missing, report } = await extended(...bad);
    assert.deepEqual([level, text, missing, report.signatures.length], ["B-B", "B-B", [{ why: "not-raised", whom: [] }], 1], JSON.stringify(bad));
  }
});
