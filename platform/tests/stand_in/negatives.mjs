// Negative modules of the FAPI 2.0 plan that a pushed request can show, on npm jose and nothing of ours: each is the request that a provider
// takes, with one fault. Another provider judges them: what it takes is no fault by its reading of the specifications.

import { createHash, randomBytes } from "node:crypto";
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair, importJWK } from "jose";

const seconds = () => Math.floor(Date.now() / 1000);
const random = () => randomBytes(32).toString("base64url");
const MINUTE = 60;

// What a module changes: the object's members, its signature, the assertion, what stands beside, the proof's key.
const MODULES = {
  "ensure-request-object-without-exp-fails": { object: () => ({ exp: undefined }) },
  "ensure-request-object-without-nbf-fails": { object: () => ({ nbf: undefined }) },
  "ensure-expired-request-object-fails": { object: () => ({ nbf: seconds() - 20 * MINUTE, exp: seconds() - 5 * MINUTE }) },
  "ensure-request-object-with-bad-aud-fails": { object: () => ({ aud: "https://other.example" }) },
  "ensure-request-object-with-exp-over-60-fails": { object: () => ({ exp: seconds() + 70 * MINUTE }) },
  "ensure-request-object-with-nbf-over-60-fails": { object: () => ({ nbf: seconds() - 70 * MINUTE }) },
  "ensure-signed-request-object-with-RS256-fails": { sign: "RS256" },
  "ensure-request-object-signature-algorithm-is-not-none": { sign: "none" },
  "ensure-request-object-with-invalid-signature-fails": { sign: "altered" },
  "ensure-matching-key-in-authorization-request": { sign: "other key" },
  "ensure-unsigned-request-at-par-endpoint-fails": { sign: "not at all" },
  "par-authorization-request-containing-request_uri": { object: () => ({ request_uri: `urn:ietf:params:oauth:request_uri:${random()}` }) },
  "par-authorization-request-containing-request_uri-form-param": { beside: () => ({ request_uri: `urn:ietf:params:oauth:request_uri:${random()}` }) },
  "ensure-request-object-without-redirect-uri-fails": { object: () => ({ redirect_uri: undefined }) },
  "ensure-registered-redirect-uri": { object: () => ({ redirect_uri: "https://other.example/callback" }) },
  "ensure-response-type-code-idtoken-fails": { object: () => ({ response_type: "code id_token" }) },
  "ensure-response-type-token-fails": { object: () => ({ response_type: "token" }) },
  "par-ensure-pkce-required": { object: () => ({ code_challenge: undefined, code_challenge_method: undefined }) },
  "par-plain-pkce-rejected": { object: () => ({ code_challenge_method: "plain" }) },
  "ensure-signed-client-assertion-with-RS256-fails": { authenticate: "RS256" },
  "ensure-client-assertion-with-exp-is-5-minutes-in-past-fails": { assertion: () => ({ exp: seconds() - 5 * MINUTE }) },
  "ensure-client-assertion-with-wrong-aud-fails": { assertion: () => ({ aud: "https://other.example" }) },
  "ensure-client-assertion-with-no-sub-fails": { assertion: () => ({ sub: undefined }) },
  "par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails": { assertion: () => ({ nbf: seconds() + 2 * MINUTE, exp: seconds() + 4 * MINUTE }) },
  "par-test-array-as-audience-fails": { assertion: (provider) => ({ aud: [provider.issuer] }) },
  "par-test-par-endpoint-url-as-audience-fails": { assertion: (provider) => ({ aud: provider.pushed_authorization_request_endpoint }) },
  "par-test-token-endpoint-url-as-audience-fails": { assertion: (provider) => ({ aud: provider.token_endpoint }) },
  "ensure-mismatched-dpop-jkt-fails": { object: () => ({ dpop_jkt: random() }) },
};

// Public keys that the provider has to know, and private ones.
export async function keys() {
  const made = {};
  for (const alg of ["ES256", "RS256"]) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    made[alg] = { public: { ...(await exportJWK(publicKey)), kid: alg }, private: { ...(await exportJWK(privateKey)), kid: alg } };
  }
  return made;
}

// Pushes what a module says to a provider; what it answers.
async function push(provider, { client, redirectUri, made }, module) {
  const key = async (alg) => importJWK(made[alg].private, alg);
  const sign = async (claims, alg, typ, by) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid: alg, typ }).sign(by ?? (await key(alg)));
  const now = seconds();
  const lives = { iss: client, aud: provider.issuer, iat: now, nbf: now, exp: now + 5 * MINUTE, jti: random() };
  const asked = {
    client_id: client, response_type: "code", redirect_uri: redirectUri, scope: "openid", state: random(), nonce: random(),
    code_challenge: createHash("sha256").update(random()).digest("base64url"), code_challenge_method: "S256",
  };
  const object = { ...lives, ...asked, ...module.object?.() };
  const type = "oauth-authz-req+jwt";
  let request = await sign(object, module.sign === "RS256" ? "RS256" : "ES256", type);
  if (module.sign === "none") request = new UnsecuredJWT(object).encode();
  if (module.sign === "altered") request = request.replace(/\.([^.]{20})(.)([^.]*)$/, (_, before, one, after) => `.${before}${one === "A" ? "B" : "A"}${after}`);
  if (module.sign === "other key") request = await sign(object, "ES256", type, (await generateKeyPair("ES256")).privateKey);
  const proofs = await generateKeyPair("ES256");
  const htu = provider.pushed_authorization_request_endpoint;
  const proof = await new SignJWT({ jti: random(), htm: "POST", htu, iat: now })
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: await exportJWK(proofs.publicKey) }).sign(proofs.privateKey);
  const answer = await fetch(htu, {
    method: "POST",
    headers: { DPoP: proof },
    body: new URLSearchParams({
      ...(module.sign === "not at all" ? asked : { request }),
      ...module.beside?.(),
      client_id: client,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await sign({ ...lives, sub: client, jti: random(), ...module.assertion?.(provider) }, module.authenticate ?? "ES256", "JWT"),
    }),
  });
  const said = await answer.json();
  return { status: answer.status, said: said.error ? `${said.error}: ${said.error_description}` : "taken" };
}

// Each module against a provider. The request without a fault has to be taken, before and after.
export async function judge(issuer, about) {
  const provider = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const verdicts = [];
  for (const [name, module] of [["without a fault", {}], ...Object.entries(MODULES), ["without a fault", {}]]) {
    verdicts.push({ module: name, ...(await push(provider, about, module)) });
  }
  return verdicts;
}
