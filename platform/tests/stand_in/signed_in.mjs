// Negative modules of the FAPI 2.0 plan for which a person has to sign in first: at the authorization endpoint, the token endpoint, and
// with an access token.

import { MINUTE, proofKey, random } from "./party.mjs";

// Whether what stood beside the request object counted.
const counted = (inside) => ({ taken: inside, status: 200, said: inside ? "" : "what is signed counts" });

export const SIGNED_IN = {
  "without a fault: code and tokens": async ({ bank }) => bank.redeem(await bank.code()),
  "ensure-pkce-code-verifier-required": async ({ bank }) => bank.redeem(await bank.code(), { noVerifier: true }),
  "incorrect-pkce-code-verifier-rejected": async ({ bank }) => bank.redeem(await bank.code(), { verifier: random() }),
  "ensure-authorization-code-is-bound-to-client": async ({ bank, clinic }) =>
    clinic.redeem(await bank.code(), { verifier: bank.verifier, redirectUri: bank.redirectUri, proof: { by: bank.proofs } }),
  "attempt-reuse-authorization-code-after-one-second": async ({ bank, provider }) => {
    const code = await bank.code();
    await bank.tokens(code);
    await provider.wait(1);
    return bank.redeem(code);
  },
  "ensure-token-endpoint-fails-with-expired-auth-code": async ({ bank, provider }) => {
    const code = await bank.code();
    await provider.wait(provider.codeLifetime);
    return bank.redeem(code);
  },
  "ensure-holder-of-key-required": async ({ bank }) => bank.redeem(await bank.code({ proven: false }), { proven: false }),
  "ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt": async ({ bank }) =>
    bank.redeem(await bank.code(), { proof: { by: await proofKey() } }),
  "ensure-token-endpoint-fails-with-mismatched-dpop-jkt": async ({ bank }) =>
    bank.redeem(await bank.code({ proven: false, object: { dpop_jkt: bank.proofs.thumbprint } }), { proof: { by: await proofKey() } }),
  "ensure-client-assertion-in-token-endpoint": async ({ bank }) => bank.redeem(await bank.code(), { asserted: false }),
  "ensure-client-id-in-token-endpoint": async ({ bank, clinic }) =>
    bank.redeem(await bank.code(), { assertion: await clinic.assertion() }),
  "check-dpop-proof-nbf-exp: exp": async ({ bank, provider }) =>
    bank.redeem(await bank.code(), { proof: { claims: { exp: provider.now() - 5 * MINUTE } } }),
  "check-dpop-proof-nbf-exp: nbf": async ({ bank, provider }) =>
    bank.redeem(await bank.code(), { proof: { claims: { nbf: provider.now() + 5 * MINUTE } } }),
  "par-attempt-reuse-request_uri": async ({ bank }) => {
    const { answer } = await bank.push();
    const request = bank.authorize({ client_id: bank.client, request_uri: answer.request_uri });
    bank.coded(await bank.browse(request));
    return bank.browse(request);
  },
  "par-attempt-to-use-expired-request_uri": async ({ bank, provider }) => {
    const { answer } = await bank.push();
    await provider.wait(answer.expires_in);
    return bank.browse(bank.authorize({ client_id: bank.client, request_uri: answer.request_uri }));
  },
  "par-attempt-to-use-request_uri-for-different-client": async ({ bank, clinic }) => {
    const { answer } = await bank.push();
    return bank.browse(bank.authorize({ client_id: clinic.client, request_uri: answer.request_uri }));
  },
  "par-attempt-invalid-http-method": async ({ bank, provider }) => {
    const body = { request: await bank.object(), ...(await bank.authentication()) };
    const answer = await bank.post(provider.about.pushed_authorization_request_endpoint, body, { method: "PUT" });
    return { taken: answer.ok, status: answer.status, said: "" };
  },
  "ensure-unsigned-authorization-request-without-using-par-fails": async ({ bank }) => bank.browse(bank.authorize(bank.asked())),
  "ensure-different-state-inside-and-outside-request-object": async ({ bank }) => {
    const beside = { state: random() };
    await bank.code({ beside });
    return counted(bank.answered.state !== bank.state);
  },
  "state-only-outside-request-object-not-used": async ({ bank }) => {
    await bank.code({ object: { state: undefined }, beside: { state: random() } });
    return counted(bank.answered.state !== undefined);
  },
  "ensure-different-nonce-inside-and-outside-request-object": async ({ bank }) => {
    const tokens = await bank.tokens(await bank.code({ beside: { nonce: random() } }));
    const claims = JSON.parse(Buffer.from(tokens.id_token.split(".")[1], "base64url"));
    return counted(claims.nonce !== bank.nonce);
  },
};

// Each fault of a proof of `dpop-negative-tests` at userinfo; what is sent instead of one good proof.
const PROOFS = {
  "two proofs": async (good) => [await good(), await good()],
  "no JWT": async (good) => [(await good()).replaceAll(".", "")],
  "typ missing": async (good) => [await good({ header: { typ: undefined } })],
  "typ JWT": async (good) => [await good({ header: { typ: "JWT" } })],
  "alg missing": async (good) => [await good({ header: { alg: undefined } })],
  "alg none": async (good) => [await good({ header: { alg: "none" } })],
  "alg RS256": async (good) => [await good({ header: { alg: "RS256" } })],
  "jwk missing": async (good) => [await good({ header: { jwk: undefined } })],
  "jwk private": async (good, { bank }) => [await good({ header: { jwk: bank.proofs.private } })],
  "jwk of another": async (good) => [await good({ header: { jwk: (await proofKey()).jwk } })],
  "signature of another": async (good) => [`${(await good()).replace(/[^.]*$/, "")}${(await good()).split(".")[2]}`],
  "jti missing": async (good) => [await good({ claims: { jti: undefined } })],
  "htm missing": async (good) => [await good({ claims: { htm: undefined } })],
  "htm PUT": async (good) => [await good({ claims: { htm: "PUT" } })],
  "htu missing": async (good) => [await good({ claims: { htu: undefined } })],
  "htu of another": async (good) => [await good({ claims: { htu: "https://other.example/userinfo" } })],
  "iat missing": async (good) => [await good({ claims: { iat: undefined } })],
  "iat in an hour": async (good, { provider }) => [await good({ claims: { iat: provider.now() + 60 * MINUTE } })],
  "iat an hour ago": async (good, { provider }) => [await good({ claims: { iat: provider.now() - 60 * MINUTE } })],
  "ath missing": async (good) => [await good({ claims: { ath: undefined } })],
  "ath of another": async (good) => [await good({ claims: { ath: Buffer.alloc(32).toString("base64url") } })],
  "another key": async (good) => [await good({ by: await proofKey() })],
  "no proof": async () => [],
};

async function withToken({ bank, provider }, show) {
  const { access_token: token } = await bank.tokens(await bank.code());
  return show(token, (changes) => bank.proof("GET", provider.about.userinfo_endpoint, { token, ...changes }));
}

SIGNED_IN["without a fault: userinfo"] = (all) => withToken(all, async (token, good) => all.bank.userinfo(token, { proofs: [await good()] }));
for (const [fault, proofs] of Object.entries(PROOFS)) {
  SIGNED_IN[`dpop-negative-tests: ${fault}`] = (all) =>
    withToken(all, async (token, good) => all.bank.userinfo(token, { proofs: await proofs(good, all) }));
}
SIGNED_IN["dpop-negative-tests: jti again"] = (all) =>
  withToken(all, async (token, good) => {
    const proofs = [await good()];
    const first = await all.bank.userinfo(token, { proofs });
    return first.taken ? all.bank.userinfo(token, { proofs }) : { ...first, taken: true, said: "not even the first" };
  });
SIGNED_IN["dpop-negative-tests: as Bearer"] = (all) =>
  withToken(all, (token) => all.bank.userinfo(token, { scheme: "Bearer", proofs: [] }));
