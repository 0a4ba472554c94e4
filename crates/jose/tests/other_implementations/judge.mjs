// Does what a list of tasks (JSON on standard input) says with the package `jose`, and prints the list of results.

import { CompactEncrypt, CompactSign, calculateJwkThumbprint, compactDecrypt, compactVerify, importJWK } from "jose";

const bytes = (text) => Buffer.from(text, "base64url");
const text = (bytes) => Buffer.from(bytes).toString("base64url");

const tasks = {
  async thumbprint({ jwk }) {
    return await calculateJwkThumbprint(jwk, "sha256");
  },
  async verify({ jws, jwk, algorithm }) {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(jwk, algorithm), { algorithms: [algorithm] });
    return { content: text(payload), header: protectedHeader };
  },
  async sign({ jwk, algorithm, header, content }) {
    return await new CompactSign(bytes(content)).setProtectedHeader({ ...header, alg: algorithm }).sign(await importJWK(jwk, algorithm));
  },
  async decrypt({ jwe, jwk }) {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, await importJWK(jwk, "ECDH-ES"), {
      keyManagementAlgorithms: ["ECDH-ES"],
      contentEncryptionAlgorithms: ["A256GCM", "A128GCM"],
    });
    return { content: text(plaintext), header: protectedHeader };
  },
  async encrypt({ jwk, enc, header: { apu, apv, ...header }, content }) {
    const encrypt = new CompactEncrypt(bytes(content)).setProtectedHeader({ ...header, alg: "ECDH-ES", enc });
    encrypt.setKeyManagementParameters({ apu: bytes(apu), apv: bytes(apv) });
    return await encrypt.encrypt(await importJWK(jwk, "ECDH-ES"));
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
