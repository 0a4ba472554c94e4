import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { Catalogue } from "../src/catalogue.ts";
import { added, sorted } from "../src/check/chosen.ts";
import { extendable, extendedName } from "../src/check/extending.ts";
import { json } from "../src/check/report_file.ts";
import { reasonId, shown } from "../src/check/shown.ts";
import { type Basis, CHOICE, InstalledTrust } from "../src/check/trust.ts";
import { check, NoCertificates } from "../src/check/verification.ts";
import { CHECK_WORDS } from "../src/check/words.ts";
import { EngineError } from "../src/documents/engine.ts";
import type { SignatureReport, ValidationReport, Verified } from "../src/documents/results.ts";
import { LANGUAGES } from "../src/language.ts";

const SOURCES = new URL("../src/", import.meta.url);
/** Where the core names each sub-indication. */
const INDICATIONS = readFileSync(new URL("../../crates/signature/src/validation/indication.rs", import.meta.url), "utf8");
const REPORT = readFileSync(new URL("../../crates/signature/src/validation/report.rs", import.meta.url), "utf8");
const en = new Catalogue("en", CHECK_WORDS);

const SIGNATURE: SignatureReport = {
  name: "signature 1",
  format: "CAdES",
  level: "B-B",
  indication: "INDETERMINATE",
  subIndication: "TRY_LATER",
  cryptographicallyIntact: true,
  signer: { name: "AMINA EXEMPLE", serialNumber: null, country: "MA", organisation: null, certificateSha256: "00" },
  signingTime: "2026-11-26T12:00:00Z",
  bestSignatureTime: "2026-11-26T13:00:00Z",
  bestSignatureTimeProven: false,
  algorithm: "ECDSA with SHA-256",
  coverage: { kind: "whole" },
  steps: [
    { step: "certificate-validation", outcome: "not-passed", subIndication: "TRY_LATER", detail: "nobody can tell" },
    { step: "cryptographic-verification", outcome: "passed", subIndication: null, detail: null },
    { step: "signature-acceptance-validation", outcome: "not-done", subIndication: null, detail: null },
  ],
  chain: [
    { subject: "CN=AMINA", issuer: "CN=Root", sha256: "00", notBefore: "2026-01-01T00:00:00Z", notAfter: "2027-01-01T00:00:00Z", revocation: { status: "not-determined" } },
    { subject: "CN=Root", issuer: "CN=Root", sha256: "01", notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z", revocation: { status: "anchor" } },
  ],
  timeStamps: [{ kind: "signature", indication: "INDETERMINATE", subIndication: "NO_CERTIFICATE_CHAIN_FOUND", detail: null, time: "2026-11-26T12:00:05Z", authority: "TSA", chain: [] }],
  qualification: { level: "indeterminate", reason: "there is no trusted list" },
  assurance: "production",
  counterSignatures: [],
  remarks: ["a remark"],
};

const report = (more: Partial<SignatureReport>): ValidationReport => {
  const signature = { ...SIGNATURE, ...more };
  const { indication, subIndication, assurance } = signature;
  return { indication, subIndication, validationTime: "2026-11-26T13:00:00Z", cryptographicConstraints: "x", assurance, signatures: [signature] };
};
const one = (more: Partial<SignatureReport>, words = en) => {
  const [first] = shown(report(more), words).signatures;
  assert.ok(first);
  return first;
};
const texts = (more: Partial<SignatureReport>): string[] => one(more).findings.map(({ text }) => text);

function ids(language: string): string[] {
  const text = readFileSync(new URL(`../../locales/${language}/check.ftl`, import.meta.url), "utf8");
  return new FluentResource(text).body.flatMap(({ id, attributes }) => [id, ...Object.keys(attributes).map((name) => `${id}.${name}`)]).sort();
}

test("every language says the same things", () => {
  for (const language of LANGUAGES) assert.deepEqual(ids(language), ids("en"), language);
});

test("every reason of the standard has a sentence and advice, and no other has", () => {
  const known = [...INDICATIONS.matchAll(/=> "([A-Z_]+)",/g)].map(([, name]) => name ?? "").filter((name) => name !== "INDETERMINATE").sort();
  assert.equal(known.length, 24);
  const reasons = ids("en").filter((id) => id.startsWith("reason-"));
  assert.deepEqual(reasons, known.map(reasonId).flatMap((id) => [id, `${id}.advice`]).sort());
});

test("every step of the core has a name", () => {
  const steps = [...REPORT.matchAll(/Self::\w+ => "([a-z-]+)",/g)].map(([, name]) => `step-${name}`);
  assert.equal(steps.length, 7);
  assert.deepEqual(steps.filter((step) => !ids("en").includes(step)), []);
});

test("every word that the page asks for exists, and none is left over", () => {
  const names = readdirSync(new URL("check/", SOURCES)).map((name) => `check/${name}`);
  const text = ["check.ts", ...names].filter((name) => /\.(ts|html)$/.test(name)).map((name) => readFileSync(new URL(name, SOURCES), "utf8")).join("\n");
  const known = ids("en").filter((id) => !id.includes("."));
  const asked = [...text.matchAll(/data-(?:text|label)="([^"]+)"/g)].map(([, id]) => id ?? "");
  assert.deepEqual(asked.filter((id) => !known.includes(id)), []);
  const made = /^(reason|step|file|signature|qualification|revocation-is|time-stamp|failed|about)-/;
  assert.deepEqual(known.filter((id) => !text.includes(`"${id}"`) && !made.test(id)), []);
});

test("each verdict has a sign and a word of its own, and the standard's words stay", () => {
  const verdicts = (["TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED"] as const).map((indication) => {
    const { state, verdict, standard } = one({ indication, subIndication: indication === "TOTAL-FAILED" ? "HASH_FAILURE" : null });
    return [state, verdict, standard];
  });
  assert.deepEqual(verdicts, [
    ["ready", "valid", "TOTAL-PASSED"],
    ["unknown", "cannot be decided", "INDETERMINATE"],
    ["problem", "not valid", "TOTAL-FAILED, HASH_FAILURE"],
  ]);
});

test("what decides comes first, and what else did not pass after it, each once", () => {
  const steps = [
    { step: "certificate-validation", outcome: "not-passed", subIndication: "NO_CERTIFICATE_CHAIN_FOUND", detail: null },
    { step: "cryptographic-verification", outcome: "not-passed", subIndication: "SIGNED_DATA_NOT_FOUND", detail: null },
  ] as const;
  const { reasons } = one({ subIndication: "SIGNED_DATA_NOT_FOUND", steps });
  assert.deepEqual(reasons.map(({ text }) => text), [en.text("reason-signed-data-not-found"), en.text("reason-no-certificate-chain-found")]);
  assert.deepEqual(reasons.map(({ remedy }) => remedy), ["beside", "authorities"]);
  assert.deepEqual(one({ indication: "TOTAL-PASSED", subIndication: null }).reasons, []);
  const failed = one({ indication: "TOTAL-FAILED", subIndication: "HASH_FAILURE", steps }).reasons;
  assert.deepEqual(failed.map(({ text }) => text), [en.text("reason-hash-failure")]);
});

test("a name is the signer's only where the signature is valid", () => {
  const labels = (more: Partial<SignatureReport>): string => one(more).rows[0]?.label ?? "";
  assert.equal(labels({ indication: "TOTAL-PASSED", subIndication: null }), "Signed by");
  assert.equal(labels({}), "Name in the certificate");
  assert.equal(one({ signer: null }).title, "Signer not known");
});

test("claimed and proven times are told apart", () => {
  const value = (more: Partial<SignatureReport>, label: string): string => one(more).rows.find((row) => row.label === label)?.value ?? "";
  assert.match(value({}, "Time that the signer states"), /26\/11\/2026/);
  assert.equal(value({}, "Proven time"), "none");
  assert.match(value({ bestSignatureTimeProven: true }, "Proven time"), /^not later than .*26\/11\/2026/);
  assert.ok(texts({}).includes("Its time stamp proves nothing, as long as nobody vouches for it"));
  assert.ok(texts({ timeStamps: [] }).includes("No time stamp proves when it was made"));
});

test("what is covered is said only of what is intact, and a PDF that was changed later is told so", () => {
  const parts = { kind: "parts", parts: ["a.txt", "b.txt"] } as const;
  assert.ok(texts({ coverage: parts }).some((text) => text.includes("a.txt, b.txt")));
  const later = one({ format: "PAdES", coverage: parts }).findings.find(({ state }) => state === "warning");
  assert.match(later?.text ?? "", /changed after this signature/);
  assert.ok(!texts({ cryptographicallyIntact: false, subIndication: "HASH_FAILURE" }).some((text) => text.includes("covers")));
  assert.ok(texts({ cryptographicallyIntact: false, subIndication: "HASH_FAILURE" }).includes("What was signed was changed afterwards"));
});

test("an authority is trusted by the person's choice, and by nothing else", () => {
  assert.match(texts({}).join(), /Trusted because you chose it: .Root\W/);
  const [own, root] = SIGNATURE.chain;
  assert.ok(own && root);
  const named = (subject: string): string => texts({ chain: [own, { ...root, subject }] }).join();
  assert.match(named("C=MA, CN=Root\\, the first, O=Example"), /you chose it: .Root, the first\W/);
  assert.match(named("O=Example, C=MA"), /you chose it: .O=Example, C=MA/);
  assert.ok(!texts({ chain: SIGNATURE.chain.slice(0, 1) }).some((text) => text.includes("Trusted")));
});

test("qualified is said only where a trusted list says it", () => {
  for (const level of ["advanced-with-qualified-certificate", "not-qualified", "indeterminate"] as const) {
    const found = one({ qualification: { level, reason: "" } }).findings.at(-1);
    assert.equal(found?.state, "note");
    assert.ok(!found.text.startsWith("Qualified"), found.text);
  }
  assert.match(texts({ qualification: { level: "qualified", reason: "" } }).at(-1) ?? "", /^Qualified signature, by a trusted list/);
});

test("the report is worded in each language without an id that has no sentence", () => {
  for (const language of LANGUAGES) {
    const words = new Catalogue(language, CHECK_WORDS);
    const told = JSON.stringify(shown(report({ counterSignatures: [SIGNATURE] }), words));
    assert.ok(!/"(reason|step|file|signature|qualification|revocation-is|time-stamp|failed)-[a-z-]+"/.test(told), `${language}: ${told}`);
  }
});

test("the page runs and loads nothing but the package's own, and its sources ask for nothing else", () => {
  const page = readFileSync(new URL("check/check.html", SOURCES), "utf8");
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
  assert.ok(page.includes(`content="${policy}"`));
  assert.deepEqual([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url), ["icons/32.png", "tokens.css", "page.css", "check.css", "check.js", "logo.svg"]);
  const folders = ["check", "documents"].flatMap((folder) => readdirSync(new URL(`${folder}/`, SOURCES)).map((name) => `${folder}/${name}`));
  const text = ["check.ts", "documents_worker.ts", ...folders].filter((name) => name.endsWith(".ts")).map((name) => readFileSync(new URL(name, SOURCES), "utf8")).join("\n");
  // what is the host's to fetch is its own decision, and the person's
  assert.deepEqual([...text.matchAll(/(?<!#host\.|#)\bfetch\(([^)]*)\)/g)].map(([, what]) => what), ["FILE", "LETTERING", "FONT"]);
  assert.ok(!/XMLHttpRequest|WebSocket|EventSource|sendBeacon|connectNative|sendMessage|WebTransport|RTCPeer/.test(text));
});

test("the report that is saved has the command line's members", () => {
  const members = ["indication", "subIndication", "validationTime", "cryptographicConstraints", "assurance", "signatures", "asked", "failures"];
  assert.deepEqual(Object.keys(JSON.parse(json(report({}), [], [])) as object), members);
  const failed = [{ host: "ca.example", url: "http://ca.example/list", report: { code: "validation-data-unavailable", detail: "fetch-too-slow" } }] as const;
  const saved = JSON.parse(json(report({}), ["ca.example"], failed)) as Record<string, unknown>;
  assert.deepEqual([saved["asked"], saved["failures"]], [["ca.example"], ["http://ca.example/list: fetch-too-slow"]]);
});

test("of files that are chosen at once the signature is opened and the others stand beside it", () => {
  const names = (...files: string[]) => {
    const found = sorted(files.map((name) => ({ name })));
    return found && [found.signed.name, ...found.beside.map(({ name }) => name)];
  };
  assert.deepEqual(names("letter.txt", "letter.txt.p7s"), ["letter.txt.p7s", "letter.txt"]);
  assert.deepEqual(names("contract.pdf"), ["contract.pdf"]);
  assert.equal(names(), undefined);
  assert.deepEqual(added([{ name: "a" }, { name: "b" }], [{ name: "a" }]), [{ name: "b" }, { name: "a" }]);
});

/** DER of nothing, whose SHA-256 is an anchor's. */
const CERTIFICATE = btoa("certificate");
const FINGERPRINT = createHash("sha256").update("certificate").digest("hex");
const pack = (name: string, test: boolean) => ({ pack: name, test, signers: [CERTIFICATE], timeStampAuthorities: [], listSigners: [] });

test("a verdict that rests on a pack for tests is marked wherever it is said, with the pack's name, and no other", async () => {
  const [own, root] = SIGNATURE.chain;
  assert.ok(own && root);
  const chain = [own, { ...root, sha256: FINGERPRINT }];
  const said = async (assurance: "production" | "test", ...packs: ReturnType<typeof pack>[]) => {
    const basis = { installed: await InstalledTrust.of(packs), listPacks: [] };
    const { isTest, signatures } = shown(report({ chain, assurance }), en, basis);
    return { file: isTest, signature: signatures[0]?.isTest, findings: signatures[0]?.findings.map(({ text }) => text).join("\n") ?? "", chain: JSON.stringify(signatures[0]?.chain) };
  };
  const tested = await said("test", pack("trial", true));
  assert.deepEqual([tested.file, tested.signature], [true, true]);
  assert.match(tested.findings, /Trusted by the trust pack .?trial.?: [^]*For tests only, by the trust pack: .?trial/);
  assert.match(tested.chain, /trusted by a trust pack/);
  const real = await said("production", pack("national", false));
  assert.deepEqual([real.file, real.signature], [false, false]);
  assert.match(real.findings, /by the trust pack .?national.?:/);
  assert.ok(!/For tests/.test(real.findings));
});

test("the pack for tests is named also where a time stamp or a list rests on it", async () => {
  const installed = await InstalledTrust.of([{ ...pack("trial", true), signers: [], timeStampAuthorities: [CERTIFICATE] }]);
  const [, root] = SIGNATURE.chain;
  const [stamp] = SIGNATURE.timeStamps;
  assert.ok(root && stamp);
  const named = (more: Partial<SignatureReport>, basis: Basis): string => shown(report({ assurance: "test", ...more }), en, basis).signatures[0]?.findings.at(-1)?.text ?? "";
  assert.match(named({ timeStamps: [{ ...stamp, chain: [{ ...root, sha256: FINGERPRINT }] }] }, { installed, listPacks: [] }), /For tests only.*trial/);
  const listed = { ...CHOICE, listPacks: [{ name: "trial", isTest: true }] };
  assert.match(named({ qualification: { level: "qualified", reason: "" } }, listed), /For tests only.*trial/);
});

test("a file is extended only where nothing in it is wrong, from the lowest of its levels", () => {
  assert.deepEqual(extendable(report({})), { from: "B-B", levels: ["B-T", "B-LT", "B-LTA"] });
  assert.deepEqual(extendable(report({ level: "B-LT" })), { from: "B-LT", levels: ["B-LTA"] });
  assert.deepEqual(extendable({ ...report({}), signatures: [{ ...SIGNATURE, level: "B-LTA" }, { ...SIGNATURE, level: "B-T" }] })?.from, "B-T");
  assert.equal(extendable(report({ level: "B-LTA" })), undefined);
  assert.equal(extendable(report({ cryptographicallyIntact: false })), undefined);
  assert.equal(extendable(report({ indication: "TOTAL-FAILED" })), undefined);
  assert.equal(extendable({ ...report({}), signatures: [] }), undefined);
  assert.deepEqual(["contract.pdf", "letter.txt.p7s", "عقد.pdf", "none"].map(extendedName), ["contract-extended.pdf", "letter.txt-extended.p7s", "عقد-extended.pdf", "none-extended"]);
});

/** A module that finds the documents in `signed`, by what they contain. */
function module(signed: readonly string[]) {
  const asked: object[] = [];
  return {
    asked,
    async verify(_: Blob, question: object, beside: readonly Blob[]): Promise<Verified> {
      asked.push(question);
      const { trust } = question as { trust: string[] };
      if (trust.includes(btoa("none"))) throw new EngineError("trust-invalid", "");
      const given = await Promise.all(beside.map((document) => document.text()));
      const intact = signed.every((document) => given.includes(document)) && !(signed.length === 1 && given.length > 1);
      const subIndication = intact ? "TRY_LATER" : "SIGNED_DATA_NOT_FOUND";
      const steps = [{ step: "cryptographic-verification", outcome: intact ? "passed" : "not-passed", subIndication: intact ? null : subIndication, detail: null }] as const;
      return { report: report({ subIndication, cryptographicallyIntact: intact, steps }), needs: [] };
    },
  };
}
const question = (beside: string[], authorities: string[] = []) => ({
  file: new File(["x"], "x.p7s"),
  beside: beside.map((content) => new File([content], `${content}.txt`)),
  authorities: authorities.map((content, at) => new File([content], `${at}.pem`)),
  installed: { signers: ["c2lnbmVy"], timeStampAuthorities: ["c3RhbXA="], ofTests: ["dGVzdA=="] },
  trustedLists: [],
  answers: [],
  at: 1_795_000_000_500,
});

test("a single document is the one that is meant, several are meant by their names", async () => {
  const single = module(["a"]);
  assert.deepEqual((await check(question(["a"]), single)).unsigned, []);
  assert.deepEqual(single.asked[0], {
    at: 1_795_000_000, trust: ["c2lnbmVy"], timeStampTrust: ["c3RhbXA="], trustedLists: [], testTrust: ["dGVzdA=="], answers: [], detached: [null],
  });
  const both = module(["a", "b"]);
  assert.deepEqual((await check(question(["a", "b"]), both)).unsigned, []);
  assert.deepEqual((both.asked[0] as { detached: string[] }).detached, ["a.txt", "b.txt"]);
});

test("a document that changes nothing in the report is not signed", async () => {
  assert.deepEqual((await check(question(["a"]), module([]))).unsigned, ["a.txt"]);
  const found = await check(question(["a", "b"]), module(["b"]));
  assert.deepEqual([found.unsigned, found.report.signatures[0]?.cryptographicallyIntact], [["a.txt"], true]);
});

test("files that are no certificates are told by name", async () => {
  await assert.rejects(check(question([], ["some", "none"]), module([])), (error) => error instanceof NoCertificates && error.files.join() === "1.pem");
});
