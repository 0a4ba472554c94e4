// What an operator signs in the page, with a key from a file. The key stays here: only what it signed is sent.

// JSON Web Keys by their curves (RFC 7518 section 3.4, RFC 8037): how the browser imports them, how it signs, what their thumbprint is over
const CURVES = {
  "P-256": { kty: "EC", algorithm: "ES256", importing: { name: "ECDSA", namedCurve: "P-256" }, signing: { name: "ECDSA", hash: "SHA-256" }, members: ["crv", "kty", "x", "y"] },
  "P-384": { kty: "EC", algorithm: "ES384", importing: { name: "ECDSA", namedCurve: "P-384" }, signing: { name: "ECDSA", hash: "SHA-384" }, members: ["crv", "kty", "x", "y"] },
  Ed25519: { kty: "OKP", algorithm: "EdDSA", importing: { name: "Ed25519" }, signing: { name: "Ed25519" }, members: ["crv", "kty", "x"] },
};
// longer ones are no keys
const MAX_FILE = 8192;
const SIGN_IN_LIFETIME = 120;

const form = document.getElementById("sign");
const file = document.getElementById("key");
const signed = document.getElementById("signed");
const failure = document.getElementById("failure");
const opened = performance.now();

// without a secure context there is nothing to sign with, and the other way is open
if (globalThis.crypto?.subtle) {
  document.getElementById("here").hidden = false;
  document.getElementById("elsewhere").open = false;
  document.getElementById("sign-here").addEventListener("click", sign);
}

async function sign() {
  failure.replaceChildren();
  try {
    const key = await read();
    const input = form.dataset.signs === "entry" ? await entry(key) : await signIn(key);
    const signature = await crypto.subtle.sign(key.curve.signing, key.private, utf8(input));
    signed.value = `${input}.${base64url(signature)}`;
    file.value = "";
    form.submit();
  } catch (error) {
    const name = error instanceof Fault ? error.message : "browser";
    failure.replaceChildren(document.getElementById(`fault-${name}`).content.cloneNode(true));
  }
}

class Fault extends Error {}

async function read() {
  const chosen = file.files[0];
  if (!chosen) throw new Fault("no-file");
  if (chosen.size > MAX_FILE) throw new Fault("no-key");
  let jwk;
  try {
    jwk = JSON.parse(await chosen.text());
  } catch {
    throw new Fault("no-key");
  }
  const curve = Object.hasOwn(CURVES, jwk?.crv) ? CURVES[jwk.crv] : undefined;
  if (curve?.kty !== jwk?.kty || typeof jwk?.d !== "string") throw new Fault("no-key");
  const members = Object.fromEntries([...curve.members, "d"].map((name) => [name, jwk[name]]));
  let imported;
  try {
    imported = await crypto.subtle.importKey("jwk", members, curve.importing, false, ["sign"]);
  } catch (error) {
    throw error.name === "DataError" ? new Fault("no-key") : error;
  }
  const canonical = JSON.stringify(Object.fromEntries(curve.members.map((name) => [name, jwk[name]])));
  const thumbprint = base64url(await crypto.subtle.digest("SHA-256", utf8(canonical)));
  return { curve, private: imported, thumbprint };
}

// The server said what is signed, and for whose key.
async function entry(key) {
  if (key.thumbprint !== form.dataset.key) throw new Fault("other-key");
  return form.dataset.input;
}

// By the server's clock: the browser's may be wrong.
async function signIn(key) {
  const now = Number(form.dataset.now) + Math.floor((performance.now() - opened) / 1000);
  const header = { alg: key.curve.algorithm, typ: "bitaqa-operator-sign-in+jwt" };
  const jti = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const claims = { aud: form.dataset.issuer, sub: key.thumbprint, iat: now, exp: now + SIGN_IN_LIFETIME, jti };
  return [header, claims].map((part) => base64url(utf8(JSON.stringify(part)))).join(".");
}

function utf8(text) {
  return new TextEncoder().encode(text);
}

function base64url(bytes) {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
