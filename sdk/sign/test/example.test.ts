/**
 * The example, as a page meets it: the document stays in the page.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { after, test } from "node:test";
import { provider } from "../../examples/signature-provider/provider.mjs";
import { bitaqa } from "./module.ts";
import { Authority } from "./openssl.ts";
import { pdf, judge } from "./pdf.ts";

const authority = new Authority();
const key = createHash("sha256").update("a key of the test").digest();
const contracts = { lease: pdf(5000) };
let time = new Date("2026-11-26T12:00:00Z");
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  authority.remove();
});

async function started(seal = key): Promise<(path: string, call: unknown) => Promise<Response>> {
  const server = provider({ contracts, key: seal, now: () => time }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return (path, call) => fetch(`http://127.0.0.1:${address.port}${path}`, { method: "POST", body: JSON.stringify(call) });
}

/** What the page does between the calls: the card signs. */
interface Asked {
  toBeSigned: string;
  algorithm: bitaqa.Algorithm;
  state: string;
}
const holder = authority.holder();
const certificate = Buffer.from(holder.der).toString("base64");
const signed = ({ toBeSigned, algorithm, state }: Asked): { state: string; signature: string } => {
  const prepared = { toBeSigned: Buffer.from(toBeSigned, "base64"), digest: new Uint8Array(), algorithm, state: new Uint8Array() };
  return { state, signature: Buffer.from(holder.sign(prepared)).toString("base64") };
};
const [one, other, stranger] = [await started(), await started(), await started(Buffer.alloc(32))];

test("one process prepares by a digest alone, and another finishes", async () => {
  const document = Buffer.from("a document that stays in the page");
  const digest = createHash("sha256").update(document).digest("base64");
  const asked = (await (await one("/prepare", { certificate, digest })).json()) as Asked;
  const response = await other("/finish", signed(asked));
  assert.deepEqual([response.status, response.headers.get("content-type")], [200, "application/pkcs7-signature"]);
  authority.verifyCades(new Uint8Array(await response.arrayBuffer()), document);
});

test("a contract of the server's comes back signed", async () => {
  const asked = (await (await one("/prepare", { certificate, contract: "lease" })).json()) as Asked;
  const response = await other("/finish", signed(asked));
  assert.equal(response.headers.get("content-type"), "application/pdf");
  judge(authority, Buffer.from(await response.arrayBuffer()), 1);
});

test("a seal of another server, a changed one, an old one, and a wrong signature are refused", async () => {
  const answer = async (response: Promise<Response>): Promise<unknown[]> => {
    const { status, ...rest } = await response.then(async (it) => ({ status: it.status, ...((await it.json()) as object) }));
    return [status, ...Object.values(rest)];
  };
  const digest = createHash("sha256").update("a").digest("base64");
  const asked = (await (await one("/prepare", { certificate, digest })).json()) as Asked;
  const call = signed(asked);
  assert.deepEqual(await answer(stranger("/finish", call)), [403, "state-not-ours"]);
  const [body = "", mark = ""] = call.state.split(".");
  const later = Buffer.from(Buffer.from(body, "base64url").toString().replace(/"until":1/, '"until":2')).toString("base64url");
  for (const state of [`${later}.${mark}`, `${body}.${mark.slice(1)}`, body, `${body}.`, "", "."]) {
    assert.deepEqual(await answer(one("/finish", { ...call, state })), [403, "state-not-ours"], state);
  }
  const turned = Buffer.from(call.signature, "base64").reverse().toString("base64");
  assert.deepEqual(await answer(one("/finish", { ...call, signature: turned })), [400, "signature-invalid"]);
  const before = time;
  time = new Date(time.getTime() + 10 * 60 * 1000 + 1);
  assert.deepEqual(await answer(one("/finish", call)), [403, "expired"]);
  time = before;
  assert.equal((await one("/finish", call)).status, 200);
  assert.deepEqual(await answer(one("/prepare", { certificate, contract: "constructor" })), [404, "contract-unknown"]);
  assert.deepEqual(await answer(one("/prepare", { certificate, digest: "AA==" })), [400, "digest-invalid"]);
  assert.deepEqual(await answer(one("/prepare", "text")), [400, "call-malformed"]);
  assert.deepEqual(await answer(one("/prepare", { certificate: "A".repeat(5 << 20) })), [413, "call-too-long"]);
  assert.deepEqual(await answer(one("/nothing", {})), [404, "no-such-call"]);
  const entry = Buffer.from(authority.holder("P-256", "digitalSignature").der).toString("base64");
  assert.deepEqual(await answer(one("/prepare", { certificate: entry, digest })), [400, "certificate-not-for-documents"]);
});
