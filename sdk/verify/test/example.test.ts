/**
 * The example, as a page meets it.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import { verify } from "./module.ts";
import { Authority } from "./openssl.ts";
import { portal } from "../../examples/verify-node/portal.mjs";

const authority = new Authority();
const origin = "https://portal.example.ma";
const verifier = new verify.Verifier({ origin, trust: { certificates: [{ name: "root.pem", content: authority.certificate }] } });
const server = portal({ verifier, statement: async () => "e30.e30.AAAA", page: "<!doctype html>", sdk: "" }).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => {
  server.close();
  authority.remove();
});

test("it signs somebody in once by each challenge", async () => {
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const url = `http://127.0.0.1:${address.port}`;
  const [cookie = ""] = (await fetch(url)).headers.getSetCookie();
  const post = (path: string, body = "") => fetch(`${url}${path}`, { method: "POST", body, headers: { cookie: cookie.split(";")[0] ?? "" } });
  const { challenge } = (await (await post("/challenge")).json()) as { challenge: string };
  const token = JSON.stringify(authority.holder("amina").token(origin, challenge));
  assert.deepEqual(await (await post("/sign-in", token)).json(), { name: "AMINA EXEMPLE", number: "PNOMA-AB123456", level: "none" });
  const again = await post("/sign-in", token);
  assert.deepEqual([again.status, await again.json()], [400, { code: "expired" }]);
  await post("/challenge");
  const replayed = await post("/sign-in", token);
  assert.deepEqual([replayed.status, await replayed.json()], [403, { code: "signature-invalid" }]);
  const request = (await (await post("/identity-request")).json()) as { statement: string; claims: { required: string[] } };
  assert.deepEqual([request.statement, request.claims.required], ["e30.e30.AAAA", ["given_name", "family_name"]]);
  assert.equal((await post("/nothing")).status, 404);
});
