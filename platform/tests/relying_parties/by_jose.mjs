// A small relying party on npm jose and nothing else: private_key_jwt, PKCE, a signed request in the address, sign-out. Its argument says
// who it is; it prints where to send the browser, reads where the browser came back, and prints what it learnt.

import { createHash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { SignJWT, createRemoteJWKSet, importJWK, jwtVerify } from "jose";

const { issuer, client, redirectUri, signedOut, key: jwk, idTokenAlgorithm } = JSON.parse(process.argv[2]);
const tell = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);
const random = () => randomBytes(32).toString("base64url");
const require = (truth, what) => {
  if (!truth) throw new Error(what);
};

const key = await importJWK(jwk, "ES256");
const signed = (claims, typ) =>
  new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: jwk.kid, typ })
    .setIssuer(client).setAudience(issuer).setIssuedAt().setExpirationTime("1m").setJti(random()).sign(key);

async function json(answer) {
  require(answer.ok, `${answer.url}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

async function post(address, parameters) {
  const body = new URLSearchParams({
    ...parameters,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await signed({ sub: client }, "JWT"),
  });
  return json(await fetch(address, { method: "POST", body }));
}

function parametersOf(address, of) {
  require(address.split("?")[0] === of, "somebody else's address");
  const pairs = [...new URL(address).searchParams];
  const answer = Object.fromEntries(pairs);
  require(pairs.length === Object.keys(answer).length, "a parameter twice");
  return answer;
}

try {
  const provider = await json(await fetch(`${issuer}/.well-known/openid-configuration`));
  require(provider.issuer === issuer, "another issuer");
  const [verifier, state, nonce] = [random(), random(), random()];
  const asked = {
    client_id: client,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid profile",
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  const request = await signed(asked, "oauth-authz-req+jwt");
  tell({ authorize: `${provider.authorization_endpoint}?${new URLSearchParams({ client_id: client, request })}` });

  const answer = parametersOf(await hear(), redirectUri);
  require(answer.iss === issuer, "another issuer answered (RFC 9207)");
  require(answer.state === state, "another state");
  require(answer.code, JSON.stringify(answer));
  const redemption = { grant_type: "authorization_code", code: answer.code, redirect_uri: redirectUri, code_verifier: verifier };
  const tokens = await post(provider.token_endpoint, redemption);
  const keys = createRemoteJWKSet(new URL(provider.jwks_uri));
  const rules = { issuer, audience: client, algorithms: [idTokenAlgorithm], requiredClaims: ["sub", "exp", "iat", "nonce"] };
  const { payload: claims } = await jwtVerify(tokens.id_token, keys, rules);
  require(claims.nonce === nonce, "another nonce");
  const authorization = `${tokens.token_type} ${tokens.access_token}`;
  const userinfo = await json(await fetch(provider.userinfo_endpoint, { headers: { authorization } }));
  const end = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: signedOut, state });
  tell({ claims, userinfo, tokenType: tokens.token_type, endSession: `${provider.end_session_endpoint}?${end}` });
  const left = parametersOf(await hear(), signedOut);
  tell({ signedOut: Object.keys(left).length === 1 && left.state === state });
} catch (error) {
  tell({ error: String(error) });
}
process.exit(0);
