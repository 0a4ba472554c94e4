// What a relying party of others does with encrypted tokens, with the package `jose`: one list of tasks (JSON on standard input), one list
// of results.

import { CompactEncrypt, compactDecrypt, createLocalJWKSet, importJWK, jwtVerify } from "jose";

const tasks = {
  // encrypted for `key`, and inside signed by one of `jwks`
  async open({ jwt, key, encryption, jwks, issuer, audience, now }) {
    const { plaintext, protectedHeader } = await compactDecrypt(jwt, await importJWK(key, "ECDH-ES"), {
      keyManagementAlgorithms: ["ECDH-ES"],
      contentEncryptionAlgorithms: [encryption],
    });
    const inner = new TextDecoder().decode(plaintext);
    if (!jwks) return { outer: protectedHeader, claims: JSON.parse(inner) };
    const currentDate = new Date(now * 1000);
    const verified = await jwtVerify(inner, createLocalJWKSet(jwks), { issuer, audience, currentDate, algorithms: ["ES256"] });
    return { outer: protectedHeader, inner, header: verified.protectedHeader, claims: verified.payload };
  },
  async encrypt({ content, jwks, encryption }) {
    const key = jwks.keys.find((key) => key.use === "enc");
    const header = { alg: "ECDH-ES", enc: encryption, cty: "JWT", kid: key.kid };
    return await new CompactEncrypt(new TextEncoder().encode(content)).setProtectedHeader(header).encrypt(await importJWK(key));
  },
};

let input = "";
for await (const chunk of process.stdin) input += chunk;
const results = [];
for (const { task, ...parameters } of JSON.parse(input)) {
  try {
    results.push({ done: await tasks[task](parameters) });
  } catch (error) {
    results.push({ refused: String(error) });
  }
}
process.stdout.write(JSON.stringify(results));
