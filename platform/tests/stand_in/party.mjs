// A relying party on npm jose, with nothing of ours: what it sends can be changed in every part.

import { createHash, randomBytes } from "node:crypto";
import { SignJWT, UnsecuredJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from "jose";

export const MINUTE = 60;
export const random = () => randomBytes(32).toString("base64url");

// Public keys that the provider has to know, and private ones.
export async function keys() {
  const made = {};
  for (const alg of ["ES256", "RS256"]) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    made[alg] = { public: { ...(await exportJWK(publicKey)), kid: alg }, private: { ...(await exportJWK(privateKey)), kid: alg } };
  }
  return made;
}

export const published = (made) => Object.values(made).map((key) => key.public);

// A key for proofs.
export async function proofKey() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { jwk, private: await exportJWK(privateKey), sign: privateKey, thumbprint: await calculateJwkThumbprint(jwk) };
}

const coded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
export const altered = (token) =>
  token.replace(/\.([^.]{20})(.)([^.]*)$/, (_, before, one, after) => `.${before}${one === "A" ? "B" : "A"}${after}`);

// What an answer of the provider's says, and whether it gave what was asked for.
async function heard(answer, gave) {
  const text = await answer.text();
  let said = {};
  try {
    said = JSON.parse(text);
  } catch {
    // a page for people, or nothing
  }
  // with an access token it is the challenge that says what is wrong (RFC 6750 section 3)
  const challenged = /error="([^"]*)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1];
  return { taken: gave(answer, said), status: answer.status, said: said.error ?? challenged ?? "", answer: said };
}

// Without what is undefined.
const given = (members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

export class Party {
  // `provider`: its discovery document as `about`, `now()` in seconds, `wait(seconds)`, `browse(url, kept)`.
  constructor(provider, { client, redirectUri, made, proofs }) {
    Object.assign(this, { provider, client, redirectUri, made, proofs, verifier: random(), nonce: random(), state: random() });
  }

  async sign(claims, { alg = "ES256", typ, by }) {
    const key = by ?? (await importJWK(this.made[alg].private, alg));
    return new SignJWT(claims).setProtectedHeader({ alg, kid: alg, typ }).sign(key);
  }

  lives() {
    const now = this.provider.now();
    return { iss: this.client, aud: this.provider.about.issuer, iat: now, nbf: now, exp: now + 5 * MINUTE, jti: random() };
  }

  async assertion(changes, alg = "ES256") {
    return this.sign({ ...this.lives(), sub: this.client, jti: random(), ...changes }, { alg, typ: "JWT" });
  }

  asked() {
    return {
      client_id: this.client, response_type: "code", redirect_uri: this.redirectUri, scope: "openid", state: this.state, nonce: this.nonce,
      code_challenge: createHash("sha256").update(this.verifier).digest("base64url"), code_challenge_method: "S256",
    };
  }

  // A request object; `how` is another algorithm, or what is wrong with its signature.
  async object(changes, how) {
    const [claims, typ] = [{ ...this.lives(), ...this.asked(), ...changes }, "oauth-authz-req+jwt"];
    switch (how) {
      case "none": return new UnsecuredJWT(claims).encode();
      case "altered": return altered(await this.sign(claims, { typ }));
      case "other key": return this.sign(claims, { typ, by: (await generateKeyPair("ES256")).privateKey });
      default: return this.sign(claims, { typ, alg: how });
    }
  }

  // A proof of a key for a request; of its header and its claims anything can be changed.
  async proof(htm, htu, { by = this.proofs, token, header, claims } = {}) {
    const ath = token && createHash("sha256").update(token).digest("base64url");
    const said = given({ jti: random(), htm, htu, iat: this.provider.now(), ath, ...claims });
    const head = given({ alg: "ES256", typ: "dpop+jwt", jwk: by.jwk, ...header });
    // what no library signs
    if (head.alg !== "ES256") return `${coded(head)}.${coded(said)}.${head.alg === "none" ? "" : random()}`;
    return new SignJWT(said).setProtectedHeader(head).sign(by.sign);
  }

  async post(url, body, { proven = Boolean(this.proofs), proof, method = "POST" } = {}) {
    const headers = proven ? { DPoP: await this.proof("POST", url, proof) } : {};
    return fetch(url, { method, headers, body: new URLSearchParams(given(body)) });
  }

  async authentication({ asserted = true, assertion, authenticate } = {}) {
    if (!asserted) return { client_id: this.client };
    return {
      client_id: this.client,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: typeof assertion === "string" ? assertion : await this.assertion(assertion, authenticate),
    };
  }

  // Pushes a request; `sign` is another algorithm, what is wrong with the signature, or that there is none.
  async push(changes = {}) {
    const { object, beside, sign } = changes;
    const request = sign === "not at all" ? this.asked() : { request: await this.object(object, sign) };
    const body = { ...request, ...beside, ...(await this.authentication(changes)) };
    const answer = await this.post(this.provider.about.pushed_authorization_request_endpoint, body, changes);
    return heard(answer, ({ status }) => status === 201);
  }

  authorize(parameters) {
    return `${this.provider.about.authorization_endpoint}?${new URLSearchParams(given(parameters))}`;
  }

  // Where a person ends who signs in and agrees, if they are asked to.
  async browse(url, kept = false) {
    const { status, location, signedIn } = await this.provider.browse(url, kept);
    const answer = location?.includes("?") ? Object.fromEntries(new URL(location).searchParams) : {};
    return { taken: Boolean(answer.code), status, said: answer.error ?? "", answer, location, signedIn };
  }

  // A code for a request with these changes.
  async code(changes) {
    const pushed = await this.push(changes);
    if (!pushed.taken) throw new Error(`not pushed: ${JSON.stringify(pushed)}`);
    return this.coded(await this.browse(this.authorize({ client_id: this.client, request_uri: pushed.answer.request_uri })));
  }

  // The same for a request that the browser carries.
  async plainCode(changes = {}, kept = false) {
    return this.coded(await this.browse(this.authorize({ ...this.asked(), ...changes }), kept));
  }

  coded(answered) {
    if (!answered.taken) throw new Error(`no code: ${JSON.stringify(answered)}`);
    this.answered = answered.answer;
    return answered.answer.code;
  }

  async redeem(code, changes = {}) {
    const { verifier = this.verifier, redirectUri = this.redirectUri } = changes;
    const body = {
      grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: changes.noVerifier ? undefined : verifier,
      ...(await this.authentication(changes)),
    };
    const answer = await this.post(this.provider.about.token_endpoint, body, changes);
    return heard(answer, ({ status }, said) => status === 200 && Boolean(said.access_token));
  }

  async tokens(code) {
    const redeemed = await this.redeem(code);
    if (!redeemed.taken) throw new Error(`no tokens: ${JSON.stringify(redeemed)}`);
    return redeemed.answer;
  }

  async userinfo(token, { scheme = "DPoP", proofs } = {}) {
    const url = this.provider.about.userinfo_endpoint;
    const headers = new Headers({ authorization: `${scheme} ${token}` });
    for (const proof of proofs ?? [await this.proof("GET", url, { token })]) headers.append("DPoP", proof);
    return heard(await fetch(url, { headers }), ({ status }, said) => status === 200 && Boolean(said.sub));
  }
}
