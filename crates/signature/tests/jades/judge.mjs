// Does what a list of tasks says with the package `jose`.

import { CompactSign, FlattenedSign, GeneralSign, flattenedVerify, generalVerify, importPKCS8, importX509 } from "jose";
import { answer } from "../support/answer.mjs";

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

await answer(tasks);
