/**
 * Revocation, with openssl's answers on loopback.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import { after, test } from "node:test";
import type { FetchEvidence, Revocation } from "@bitaqa/verify";
import { verify } from "./module.ts";
import { Authority, freePort } from "./openssl.ts";

const ORIGIN = "https://portal.example.ma";
const port = await freePort();
const address = `http://127.0.0.1:${port}/`;
const authority = new Authority();
const stranger = new Authority("Somebody else");
const responders: Server[] = [];
after(async () => {
  for (const responder of responders) await stop(responder);
  [authority, stranger].forEach((one) => one.remove());
});

const amina = authority.holder("amina", { ocsp: address });
const challenge = verify.newChallenge();
const token = amina.token(ORIGIN, challenge);
const verifier = new verify.Verifier({ origin: ORIGIN, trust: { certificates: [{ name: "root.pem", content: authority.certificate }] } });
const overHttp = verify.overHttp({ allow: ({ hostname }) => hostname === "127.0.0.1", fetch });

async function answering(one: Authority, options: string[] = []): Promise<Server> {
  const responder = await one.responder(port, options);
  responders.push(responder);
  return responder;
}

async function stop(responder: Server): Promise<void> {
  if (!responder.listening) return;
  const ended = once(responder, "close");
  responder.close();
  responder.closeAllConnections();
  await ended;
}

const signIn = (revocation: Revocation, text: object = token) => verifier.verifySignIn(JSON.stringify(text), { challenge, revocation });

async function refusal(revocation: Revocation): Promise<[code: string, fault: string | undefined]> {
  const error: unknown = await signIn(revocation).then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof verify.SignInRefused, String(error));
  return [error.code, error.revocation?.[0]?.notUsed[0]?.code];
}

test("a responder says good, revoked and unknown", async () => {
  const responder = await answering(authority);
  const good = await signIn({ onMissing: "refuse", requireNonce: true, fetch: overHttp });
  const [found] = good.revocation ?? [];
  assert.ok(found?.status === "good");
  const [evidence] = found.evidence;
  assert.ok(evidence?.source === "ocsp" && evidence.nonce === "matched" && evidence.responder === "issuer" && evidence.name === address);
  assert.deepEqual(good.checks.at(-1), { step: "revocation", outcome: "passed" });
  await stop(responder);

  authority.revoke("amina");
  const revoking = await answering(authority);
  assert.equal((await refusal({ onMissing: "accept", fetch: overHttp }))[0], "certificate-revoked");
  await stop(revoking);

  authority.forget();
  const ignorant = await answering(authority);
  assert.equal((await refusal({ onMissing: "accept", fetch: overHttp }))[0], "certificate-unknown-to-issuer");
  await stop(ignorant);
});

test("somebody else's responder, a missing nonce and an old answer are not believed", async () => {
  const others = await answering(stranger);
  const [code, fault] = await refusal({ onMissing: "refuse", fetch: overHttp });
  assert.equal(code, "revocation-undetermined");
  assert.match(fault ?? "", /^ocsp-/);
  await stop(others);

  // kept from a question without a nonce of ours: its dates say how long it counts
  const fresh = new Authority();
  try {
    const kept = fresh.holder("amina", { ocsp: address });
    const text = kept.token(ORIGIN, challenge);
    const own = new verify.Verifier({ origin: ORIGIN, trust: { certificates: [{ name: "root.pem", content: fresh.certificate }] } });
    const responder = await answering(fresh, ["-nmin", "10"]);
    let answer: Uint8Array | undefined;
    const keeping: FetchEvidence = async (need) => (answer = await overHttp(need));
    await own.verifySignIn(JSON.stringify(text), { challenge, revocation: { onMissing: "refuse", fetch: keeping } });
    await stop(responder);
    assert.ok(answer !== undefined);
    const judged = (revocation: Partial<Revocation>, later = 0): Promise<unknown> =>
      own.verifySignIn(JSON.stringify(text), {
        challenge,
        now: new Date(Date.now() + later),
        revocation: { onMissing: "refuse", ...revocation },
      });
    const undetermined = (fault: string) => (error: unknown) => {
      assert.ok(error instanceof verify.SignInRefused && error.code === "revocation-undetermined", String(error));
      assert.equal(error.revocation?.[0]?.notUsed[0]?.code, fault);
      return true;
    };
    await judged({ ocsp: [answer] });
    await assert.rejects(judged({ ocsp: [answer], requireNonce: true }), undetermined("ocsp-nonce-missing"));
    await assert.rejects(judged({ fetch: async () => answer }), undetermined("ocsp-nonce-mismatch"));
    await assert.rejects(judged({ ocsp: [answer] }, 3600_000), undetermined("ocsp-stale"));
  } finally {
    fresh.remove();
  }
});

test("a list that holds says good and revoked; an old one and another's say nothing", async () => {
  const issuer = new Authority();
  try {
    const [one, other] = [issuer.holder("one"), issuer.holder("other")];
    issuer.revoke("other");
    const list = issuer.list();
    const own = new verify.Verifier({ origin: ORIGIN, trust: { certificates: [{ name: "root.pem", content: issuer.certificate }] } });
    const judged = (who: typeof one, crls: Uint8Array[], now = new Date()): Promise<unknown> =>
      own.verifySignIn(JSON.stringify(who.token(ORIGIN, challenge)), { challenge, now, revocation: { onMissing: "refuse", crls } });
    await judged(one, [list]);
    await assert.rejects(judged(other, [list]), { code: "certificate-revoked" });
    await assert.rejects(judged(one, [list], new Date(Date.now() + 20 * 24 * 3600_000)), { code: "revocation-undetermined" });
    await assert.rejects(judged(one, [stranger.list()]), { code: "revocation-undetermined" });
  } finally {
    issuer.remove();
  }
});

test("nothing is fetched unless the caller brings a function, and nothing for a token that does not hold", async () => {
  const begun = verifier.beginSignIn(JSON.stringify(token), { challenge });
  const [need] = begun.needs;
  assert.ok(need?.source === "ocsp" && need.url === address && need.request[0] === 0x30);
  const soft = await begun.finish({ onMissing: "accept" }, [undefined]);
  assert.deepEqual(soft.checks.at(-1), { step: "revocation", outcome: "not-checked" });
  let asked = 0;
  const counting: FetchEvidence = async () => void (asked += 1);
  await assert.rejects(signIn({ onMissing: "accept", fetch: counting }, { ...token, signature: token.signature.replace(/^./, "_") }));
  await assert.rejects(signIn({ onMissing: "accept", fetch: counting }, amina.token("https://portal.example.bh", challenge)));
  assert.equal(asked, 0);
  assert.equal((await refusal({ onMissing: "refuse", fetch: counting }))[0], "revocation-undetermined");
  assert.equal(asked, 1);
  const nobody = verify.overHttp({ allow: () => false, fetch: () => assert.fail("asked") });
  assert.equal((await refusal({ onMissing: "refuse", fetch: nobody }))[0], "revocation-undetermined");
});
