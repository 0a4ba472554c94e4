// Does what a list of tasks (JSON on standard input) says with the package `jose`, and prints the list of results.

import { CompactSign, FlattenedSign, GeneralSign, flattenedVerify, generalVerify, importPKCS8, importX509 } from "jose";

const bytes = (text) => Buffer.from(text, "base64url");
const text = (bytes) => Buffer.from(bytes).toString("base64url");
const crit = { sigD: true };

function flattened(document) {
  if (document.startsWith("{")) return JSON.parse(document);
  const [header, payload, signature] = document.split(".");
  return { protected: header, payload, signature };
}

const tasks = {
  // `payload`: content that the document leaves out
  async verify({ document, certificate, algorithm, payload }) {
    const key = await importX509(certificate, algorithm);
    const options = { algorithms: [algorithm], crit };
    const jws = flattened(document);
    jws.payload ??= payload ?? "";
    const verify = jws.signatures ? generalVerify : flattenedVerify;
    const result = await verify(jws, key, options);
    return { content: text(result.payload), header: result.protectedHeader };
  },
  async sign({ form, key, algorithm, header, content, unprotected }) {
    const secret = await importPKCS8(key, algorithm);
    const protectedHeader = { ...header, alg: algorithm };
    if (form === "compact") return await new CompactSign(bytes(content)).setProtectedHeader(protectedHeader).sign(secret);
    if (form === "general") {
      const sign = new GeneralSign(bytes(content));
      sign.addSignature(secret, { crit }).setProtectedHeader(protectedHeader);
      sign.addSignature(secret, { crit }).setProtectedHeader({ ...protectedHeader, iat: 2 });
      return JSON.stringify(await sign.sign());
    }
    const sign = new FlattenedSign(bytes(content)).setProtectedHeader(protectedHeader);
    if (unprotected) sign.setUnprotectedHeader(unprotected);
    return JSON.stringify(await sign.sign(secret, { crit }));
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
