import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../src/documents/engine.ts";
import type { Need, Raised as Answered } from "../src/documents/results.ts";
import type { AuthorityName } from "../src/generated/AuthorityName.ts";
import type { SignatureLevel } from "../src/generated/SignatureLevel.ts";
import type { WantedData } from "../src/generated/WantedData.ts";
import { HostFailure, type HostRequests } from "../src/signing/host_requests.ts";
import { LEVELS, Raising, reaches, type Services } from "../src/signing/raising.ts";

const STAMP: Need = { kind: "time-stamp", hash: "SHA-256", digest: "c3RhbXA=", request: "MAA=" };
const ARCHIVE: Need = { kind: "time-stamp", hash: "SHA-256", digest: "YXJjaGl2ZQ==", request: "MAA=" };
const ISSUER: Need = { kind: "issuer-certificate", url: "http://ca.example/ca.cer", certificate: "MAA=" };
const LIST: Need = { kind: "crl", url: "http://crl.example/list.crl", certificate: "MAA=" };
const AUTHORITY: AuthorityName = { name: "Stamps", host: "tsa.example" };

/** What the engine is asked with. */
interface Asked {
  level: SignatureLevel;
  seed: string;
  pathsEndAt: string;
  trust: string[];
  answers: { need: Need; received: string | null; isToken: boolean }[];
}

/** An engine that needs a time stamp, then an issuer, then a list, then an archive time stamp, and host and person beside it. */
class Bench {
  readonly asked: Asked[] = [];
  readonly fetched: WantedData[] = [];
  readonly freshness: string[] = [];
  readonly questions: Services[] = [];
  authorities: AuthorityName[] = [AUTHORITY];
  /** Kinds of data that cannot be had. */
  readonly fails = new Set<WantedData["kind"]>();
  may: (services: Services) => boolean = () => true;
  stopped = false;
  readonly raising: Raising;

  constructor(trust: readonly string[] = []) {
    this.raising = new Raising(
      {
        trust,
        engine: { raise: async (file: Blob, asked: object) => this.#raise(file, asked as Asked) } as unknown as Engine,
        host: {
          validationServices: async () => ({ timeStampAuthorities: this.authorities }),
          fetch: async (wanted: WantedData, freshness: string) => {
            this.freshness.push(freshness);
            return this.#fetch(wanted);
          },
        } as unknown as HostRequests,
      },
      {
        mayAsk: async (services) => {
          this.questions.push(services);
          return this.may(services);
        },
        isStopped: () => this.stopped,
      },
    );
  }

  raise(level: SignatureLevel, check: (blob: Blob) => Promise<void> = async () => undefined, from: SignatureLevel = "B-B"): ReturnType<Raising["raise"]> {
    return this.raising.raise({ blob: new Blob([from]), level: from }, level, { names: [], files: [] }, check);
  }

  async #raise(file: Blob, asked: Asked): Promise<Answered> {
    this.asked.push(structuredClone(asked));
    const had = (await file.text()) as SignatureLevel;
    let reached = had;
    for (const [level, needs] of [["B-T", [STAMP]], ["B-LT", [ISSUER, LIST]], ["B-LTA", [ARCHIVE]]] as const) {
      if (reaches(had, level) || !reaches(asked.level, level)) continue;
      for (const need of needs) {
        const answer = asked.answers.find((one) => JSON.stringify(one.need) === JSON.stringify(need));
        if (answer === undefined) return { needs: [need] };
        if (answer.received === null) return { file: new Blob([reached]), reached: { level: reached, notices: [], isRevoked: false } };
      }
      reached = level;
    }
    return { file: new Blob([reached]), reached: { level: reached, notices: [], isRevoked: false } };
  }

  #fetch(wanted: WantedData): { data: string } {
    this.fetched.push(wanted);
    if (this.fails.has(wanted.kind)) throw new HostFailure({ code: "validation-data-unavailable" });
    return { data: "MAA=" };
  }
}

test("a file is raised in rounds, with one seed for each step and the answers of all rounds before", async () => {
  const bench = new Bench();
  const { blob, level } = await bench.raise("B-LTA");
  assert.deepEqual([level, await blob.text(), bench.raising.missing], ["B-LTA", "B-LTA", []]);
  assert.deepEqual(bench.fetched, [
    { kind: "time-stamp", hash: "sha256", digest: STAMP.digest },
    { kind: "issuer-certificate", url: ISSUER.url, certificate: "MAA=" },
    { kind: "crl", url: LIST.url, certificate: "MAA=" },
    { kind: "time-stamp", hash: "sha256", digest: ARCHIVE.digest },
  ]);
  const long = bench.asked.filter((asked) => asked.level === "B-LT");
  assert.deepEqual(long.map(({ answers }) => answers.length), [0, 1, 2]);
  assert.equal(new Set(long.map(({ seed }) => seed)).size, 1);
  assert.equal(Buffer.from(long[0]?.seed ?? "", "base64").length, 32);
  assert.ok(bench.asked.every(({ pathsEndAt, answers }) => pathsEndAt === "self-signed" && answers.every(({ need, isToken }) => isToken === (need.kind === "time-stamp"))));
});

test("what is known about revocation is the newest, and a certificate of an issuer may have been kept", async () => {
  const bench = new Bench();
  await bench.raise("B-LTA");
  assert.deepEqual(bench.fetched.map(({ kind }, at) => [kind, bench.freshness[at]]), [["time-stamp", "kept"], ["issuer-certificate", "kept"], ["crl", "newest"], ["time-stamp", "kept"]]);
});

test("the person is told whom before anybody is asked, and about each of them once", async () => {
  const bench = new Bench();
  bench.may = (services) => {
    assert.ok(!bench.fetched.some((wanted) => "url" in wanted && services.hosts.includes(new URL(wanted.url).host)));
    return true;
  };
  await bench.raise("B-LTA");
  await bench.raise("B-LTA");
  assert.deepEqual(bench.questions, [
    { authorities: [AUTHORITY], hosts: [], level: "B-B" },
    { authorities: [], hosts: ["ca.example"], level: "B-T" },
    { authorities: [], hosts: ["crl.example"], level: "B-T" },
  ]);
  assert.equal(bench.fetched.length, 4, "what came serves the second file, too");
});

test("whom the person does not want to be asked is not, and what was reached stays", async () => {
  const nobody = new Bench();
  nobody.may = () => false;
  assert.deepEqual([(await nobody.raise("B-LT")).level, nobody.fetched, nobody.raising.missing], ["B-B", [], [{ why: "not-allowed", whom: ["Stamps"] }]]);
  await nobody.raise("B-LT");
  assert.equal(nobody.questions.length, 1);
  const some = new Bench();
  some.may = ({ hosts }) => hosts.length === 0;
  assert.deepEqual([(await some.raise("B-LT")).level, some.raising.missing], ["B-T", [{ why: "not-allowed", whom: ["ca.example"] }]]);
  assert.deepEqual(some.fetched.map(({ kind }) => kind), ["time-stamp"]);
});

test("a service that is missing lowers the level, and is named", async () => {
  const none = new Bench();
  none.authorities = [];
  assert.deepEqual([(await none.raise("B-T")).level, none.questions, none.raising.missing], ["B-B", [], [{ why: "not-set-up", whom: [] }]]);
  const silent = new Bench();
  silent.fails.add("time-stamp");
  assert.deepEqual([(await silent.raise("B-T")).level, silent.raising.missing], ["B-B", [{ why: "no-time-stamp", whom: ["Stamps"] }]]);
  await silent.raise("B-T");
  assert.equal(silent.fetched.length, 1, "for the next file nobody waits for it again");
  const list = new Bench();
  list.fails.add("crl");
  assert.deepEqual([(await list.raise("B-LTA")).level, list.raising.missing], ["B-T", [{ why: "no-answer", whom: ["crl.example"] }]]);
});

test("what was kept and does not serve is fetched anew, once", async () => {
  for (const [fresh, reached, missing] of [["Z29vZA==", "B-LT", []], ["YmFk", "B-T", [{ why: "certificates", whom: [] }]]] as const) {
    const asked: string[] = [];
    const engine = {
      raise: async (file: Blob, { answers }: Asked) => {
        if (answers.length === 0) return { needs: [LIST] };
        return { file, reached: { level: answers[0]?.received === "Z29vZA==" ? "B-LT" : "B-T", notices: [], isRevoked: false } };
      },
    } as unknown as Engine;
    const host = {
      fetch: async (_: WantedData, freshness: string) => {
        asked.push(freshness);
        return freshness === "newest" ? { data: "YmFk", origin: "kept" } : { data: fresh, origin: "network" };
      },
    } as unknown as HostRequests;
    const raising = new Raising({ engine, host }, { mayAsk: async () => true, isStopped: () => false });
    const file = { blob: new Blob(), level: "B-T" } as const;
    assert.equal((await raising.raise(file, "B-LT", { names: [], files: [] }, async () => undefined)).level, reached);
    assert.deepEqual([asked, raising.missing], [["newest", "anew"], missing]);
  }
});

test("a certificate that was revoked is named as what it is, and not as data that nobody has", async () => {
  const engine = { raise: async (file: Blob) => ({ file, reached: { level: "B-T", notices: [], isRevoked: true } }) } as unknown as Engine;
  const raising = new Raising({ engine, host: {} as HostRequests }, { mayAsk: async () => true, isStopped: () => false });
  assert.equal((await raising.raise({ blob: new Blob(), level: "B-T" }, "B-LTA", { names: [], files: [] }, async () => undefined)).level, "B-T");
  assert.deepEqual(raising.missing, [{ why: "revoked", whom: [] }]);
});

test("a step that breaks, or whose file is not good, leaves the file of the step before", async () => {
  for (const bad of LEVELS.slice(1)) {
    const bench = new Bench();
    const { blob, level } = await bench.raise("B-LTA", async (made) => {
      if ((await made.text()) === bad) throw new Error("not intact");
    });
    const before = LEVELS[LEVELS.indexOf(bad) - 1];
    assert.deepEqual([level, await blob.text(), bench.raising.missing], [before, before, [{ why: "not-raised", whom: [] }]]);
  }
});

test("a file begins with the level that it has, and authorities of packs are known on the way", async () => {
  const bench = new Bench(["cGFjaw=="]);
  const { level } = await bench.raise("B-LTA", undefined, "B-T");
  assert.deepEqual([level, bench.fetched.map(({ kind }) => kind)], ["B-LTA", ["issuer-certificate", "crl", "time-stamp"]]);
  assert.ok(bench.asked.every(({ trust }) => trust.join() === "cGFjaw=="));
  const high = new Bench();
  assert.deepEqual([(await high.raise("B-LT", undefined, "B-LTA")).level, high.asked], ["B-LTA", []]);
});

test("who gives it up gets what was reached, and nobody is asked any more", async () => {
  const bench = new Bench();
  bench.may = ({ hosts }) => {
    bench.stopped = hosts.length > 0;
    return true;
  };
  assert.equal((await bench.raise("B-LTA")).level, "B-T");
  assert.deepEqual(bench.fetched.map(({ kind }) => kind), ["time-stamp"]);
});

test("an address that is none of the web is asked of nobody", async () => {
  const asked: object[] = [];
  const strange: Need = { kind: "crl", url: "ldap://directory.example/list", certificate: "MAA=" };
  const engine = {
    raise: async (file: Blob, { answers }: Asked) => (answers.length === 0 ? { needs: [strange] } : { file, reached: { level: "B-B", notices: [], isRevoked: false } }),
  } as unknown as Engine;
  const host = { fetch: async (wanted: object) => asked.push(wanted), validationServices: async () => ({ timeStampAuthorities: [] }) } as unknown as HostRequests;
  const raising = new Raising({ engine, host }, { mayAsk: async () => assert.fail("the person is asked"), isStopped: () => false });
  assert.equal((await raising.raise({ blob: new Blob(), level: "B-B" }, "B-T", { names: [], files: [] }, async () => undefined)).level, "B-B");
  assert.deepEqual(asked, []);
});
