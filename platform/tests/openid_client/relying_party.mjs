// A relying party on npm openid-client. Its argument says who it is; it prints where to send the browser, reads where the browser
// came back, and prints what it learnt.

import { createInterface } from "node:readline";
import * as client from "openid-client";
import { importJWK } from "jose";

const about = JSON.parse(process.argv[2]);
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const key = about.key && { key: await importJWK(about.key, "ES256"), kid: about.key.kid };
const authentication = key ? client.PrivateKeyJwt(key) : client.None();
const encryption = about.encryptionKey && { key: await importJWK(about.encryptionKey, "ECDH-ES", { extractable: false }), kid: about.encryptionKey.kid, alg: "ECDH-ES" };
const config = await client.discovery(new URL(about.issuer), about.client, about.metadata ?? {}, authentication, {
  // the provider of the test listens on loopback, without TLS
  execute: [client.allowInsecureRequests, ...(encryption ? [(config) => client.enableDecryptingResponses(config, about.encryptions, encryption)] : [])],
});

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();
const parameters = {
  redirect_uri: about.redirectUri,
  scope: "openid profile offline_access",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state: expectedState,
  nonce: expectedNonce,
  ...about.asks,
};
const options = about.proofs && { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair(about.proofs)) };
const asked = about.signedRequests ? (await client.buildAuthorizationUrlWithJAR(config, parameters, key)).searchParams : parameters;
const address = about.key
  ? await client.buildAuthorizationUrlWithPAR(config, asked, options)
  : client.buildAuthorizationUrl(config, asked);
print({ authorize: address.href });

try {
  const callback = new URL(JSON.parse((await lines.next()).value));
  const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }, undefined, options);
  const claims = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub, options);
  const again = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, options);
  const told = { scope: tokens.scope, claims, userinfo, refreshed: again.claims().sub, rotated: (again.refresh_token ?? tokens.refresh_token) !== tokens.refresh_token };
  told.tokenType = tokens.token_type;
  if (about.proofs) {
    const response = await fetch(config.serverMetadata().userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    told.asBearer = `${response.status} ${response.headers.get("www-authenticate")}`;
  }
  if (about.asks?.resource) {
    const narrowed = await client.refreshTokenGrant(config, tokens.refresh_token, { resource: about.asks.resource }, options);
    const { aud } = await client.tokenIntrospection(config, narrowed.access_token);
    const refused = await client.fetchUserInfo(config, narrowed.access_token, claims.sub, options).catch((error) => error);
    told.narrowed = { scope: narrowed.scope, aud, userinfo: refused.status, says: refused.cause?.[0]?.parameters?.error };
  }
  if (about.key) {
    const introspected = await client.tokenIntrospection(config, again.access_token);
    told.introspected = introspected.active;
    told.audience = introspected.aud;
    await client.tokenRevocation(config, tokens.refresh_token);
    told.afterRevocation = (await client.tokenIntrospection(config, again.access_token)).active;
  }
  print(told);
} catch (error) {
  print({ error: String(error) });
}
process.exit(0);
