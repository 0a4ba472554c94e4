// Judges a statement with npm jose. Its argument says text, key, issuer and time; it prints what the statement says.

import { importJWK, jwtVerify } from "jose";

const { text, key, issuer, at } = JSON.parse(process.argv[2]);
try {
  const { payload, protectedHeader } = await jwtVerify(text, await importJWK(key, "ES256"), {
    algorithms: ["ES256"],
    typ: "bitaqa-statement+jwt",
    issuer,
    maxTokenAge: 900,
    currentDate: new Date(at * 1000),
    requiredClaims: ["iss", "iat", "exp", "jti"],
  });
  process.stdout.write(JSON.stringify({ payload, protectedHeader }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.code }));
}
