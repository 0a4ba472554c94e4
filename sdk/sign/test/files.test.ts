/**
 * Signed files verified, and raised to higher levels with openssl's time stamps and revocation lists.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, test } from "node:test";
import { bitaqa } from "./module.ts";
import { Authority } from "./openssl.ts";
import { pdf } from "./pdf.ts";

const authority = new Authority();
after(() => authority.remove());
const document = Buffer.from("a document");
const trust = [authority.certificate];
const holder = authority.holder("P-256", "nonRepudiation", "http://ca.example/list.crl");

async function signed(): Promise<Uint8Array> {
  const prepared = await bitaqa.prepare({ certificate: holder.certificate, format: "cades", packaging: "detached", documents: [{ content: document }] });
  return (await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) })).bytes;
}
const detached = [{ content: document }];

/** openssl's authority and list, and what was asked. */
function services(): { fetch: bitaqa.Fetch; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async fetch(need) {
      asked.push(need.kind === "time-stamp" ? need.kind : need.url);
      if (need.kind === "time-stamp") return authority.timeStamp(need.request);
      return need.kind === "crl" ? authority.list() : undefined;
    },
  };
}

test("a signature is passed by who trusts its issuer, where nobody demands to know of revocation, and by nobody else", async () => {
  const file = await signed();
  const report = await bitaqa.verify(file, { trust, detached, onMissingRevocation: "accept" });
  assert.equal(report.indication, "TOTAL-PASSED", JSON.stringify(report.signatures[0]?.steps));
  const [signature] = report.signatures;
  assert.deepEqual([signature?.format, signature?.level, signature?.cryptographicallyIntact, signature?.coverage.kind], ["CAdES", "B-B", true, "whole"]);
  assert.equal(signature?.signer?.country, "MA");
  assert.equal(signature?.qualification.level === "qualified", false);
  const unknown = await bitaqa.verify(file, { trust: [], detached, onMissingRevocation: "accept" });
  assert.deepEqual([unknown.indication, unknown.subIndication], ["INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"]);
  const changed = await bitaqa.verify(file, { trust, detached: [{ content: Buffer.from("another") }], onMissingRevocation: "accept" });
  assert.deepEqual([changed.indication, changed.subIndication], ["TOTAL-FAILED", "HASH_FAILURE"]);
  const missing = await bitaqa.verify(file, { trust, onMissingRevocation: "accept" });
  assert.deepEqual([missing.indication, missing.subIndication], ["INDETERMINATE", "SIGNED_DATA_NOT_FOUND"]);
  await assert.rejects(bitaqa.verify(Buffer.from("nothing"), { trust }), { name: "SignError", code: "document-invalid" });
  await assert.rejects(bitaqa.verify(file, { trust: ["none"] }), { name: "SignError", code: "trust-invalid" });
});

test("a verdict that rests on an authority for tests says so, and in XML, too", async () => {
  const file = await signed();
  const options = { trust, detached, alsoAs: ["xml"] } as const;
  const tested = await bitaqa.verify(file, { ...options, testTrust: trust });
  assert.deepEqual([tested.assurance, tested.signatures[0]?.assurance], ["test", "test"]);
  assert.match(tested.xml ?? "", /urn:bitaqa:assurance/);
  const other = await bitaqa.verify(file, { ...options, testTrust: [authority.holder().certificate] });
  assert.deepEqual([other.assurance, other.signatures[0]?.assurance], ["production", "production"]);
  assert.ok(!other.xml?.includes("urn:bitaqa:assurance"));
});

test("the report comes in XML, too, where that is wanted", async () => {
  const file = await signed();
  const { xml, ...report } = await bitaqa.verify(file, { trust, detached, alsoAs: ["xml"], at: new Date(1_795_000_000_000) });
  assert.match(xml ?? "", /^<\?xml [^]*<ValidationReport xmlns="http:\/\/uri\.etsi\.org\/19102\/v1\.4\.1#">[^]*urn:etsi:019102:mainindication:/);
  execFileSync("xmllint", ["--noout", authority.write("report.xml", xml ?? "")]);
  assert.deepEqual(await bitaqa.verify(file, { trust, detached, at: new Date(1_795_000_000_000) }), report);
});

test("revocation is asked for where a function fetches it, and only then", async () => {
  const file = await signed();
  const undecided = await bitaqa.verify(file, { trust, detached });
  assert.deepEqual([undecided.indication, undecided.subIndication], ["INDETERMINATE", "TRY_LATER"]);
  const { fetch, asked } = services();
  const report = await bitaqa.verify(file, { trust, detached, fetch });
  assert.equal(report.indication, "TOTAL-PASSED", JSON.stringify(report.signatures[0]?.steps));
  assert.deepEqual(asked, ["http://ca.example/list.crl"]);
  const kept = await bitaqa.verify(file, { trust, detached, revocationLists: [authority.list()] });
  assert.equal(kept.indication, "TOTAL-PASSED");
});

test("CAdES and PAdES are raised to each level", async () => {
  const file = await signed();
  const contract = pdf();
  const prepared = await bitaqa.prepare({ certificate: holder.certificate, format: "pades", documents: [{ content: contract }] });
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: holder.sign(prepared) });
  const whole = Buffer.concat([contract, bytes]);
  for (const level of ["B-T", "B-LT", "B-LTA"] as const) {
    for (const [lower, more] of [[file, { detached }], [whole, {}]] as const) {
      const { fetch, asked } = services();
      const raised = await bitaqa.augment(lower, { level, trust, ...more, fetch });
      assert.deepEqual([raised.level, raised.notices, raised.isRevoked], [level, [], false]);
      assert.ok(asked.includes("time-stamp"));
      const report = await bitaqa.verify(raised.kind === "file" ? raised.bytes : Buffer.concat([lower, raised.bytes]), { trust, ...more, fetch });
      assert.deepEqual([report.indication, report.signatures[0]?.level], ["TOTAL-PASSED", level], JSON.stringify(report.signatures[0]?.steps));
    }
  }
});

test("what cannot be had lowers the level, and is said", async () => {
  const file = await signed();
  const nobody = await bitaqa.augment(file, { level: "B-LT", trust, detached });
  assert.equal(nobody.level, "B-B");
  assert.match(nobody.notices.join(), /no time stamp/);
  const { fetch } = services();
  const lies: bitaqa.Fetch = async (need) => (need.kind === "time-stamp" ? authority.timeStamp((await otherRequest()) ?? need.request) : fetch(need));
  const lied = await bitaqa.augment(file, { level: "B-T", trust, detached, fetch: lies });
  assert.deepEqual([lied.level, lied.notices.length], ["B-B", 1], "a time stamp for another question is none");
});

/** What an authority is asked about another signature. */
async function otherRequest(): Promise<Uint8Array | undefined> {
  let request: Uint8Array | undefined;
  await bitaqa.augment(await signed(), {
    level: "B-T",
    trust,
    detached,
    fetch: async (need) => {
      if (need.kind === "time-stamp") request = need.request;
      return undefined;
    },
  });
  return request;
}
