/**
 * What `@bitaqa/verify` takes in Node.js for a sign-in token and an identity answer, beside what the same code takes natively
 * (`bitaqa-answers bench`). With `--json` one JSON object is printed.
 */
import { generateKeyPairSync } from "node:crypto";
import { type IdentityRequest, newChallenge, Verifier } from "@bitaqa/verify";
import { Authority } from "../../sdk/verify/test/openssl.ts";
import { Person } from "../../sdk/verify/test/person.ts";

/** Least milliseconds that each is measured. */
const LEAST = 2000;
const ORIGIN = "https://portal.example.ma";

const authority = new Authority();
const person = new Person();
try {
  const challenge = newChallenge();
  const key = { ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), kid: "2026-01" };
  const { d: _, ...recipient } = key;
  const asked: IdentityRequest = {
    challenge,
    statement: "e30.e30.AAAA",
    purpose: "open-account",
    claims: { required: ["given_name", "family_name", "birthdate"], optional: ["photo"] },
  };
  const given = await person.answer({ card: { personality: "bahrain-2025" }, origin: ORIGIN, request: asked, recipient });
  const verifier = new Verifier({
    origin: ORIGIN,
    keys: [key],
    trust: {
      test: true,
      countries: [{ name: "csca.cer", content: Buffer.from(given.authority, "base64") }],
      certificates: [{ name: "root.pem", content: authority.certificate }],
    },
  });
  const token = JSON.stringify(authority.holder("amina").token(ORIGIN, challenge));
  const report = {
    node: process.version,
    tokenMilliseconds: await milliseconds(() => verifier.verifySignIn(token, { challenge })),
    identityMilliseconds: await milliseconds(() => verifier.verifyIdentity(given.answer, asked)),
  };
  if (process.argv.includes("--json")) console.log(JSON.stringify(report));
  else {
    console.log(`@bitaqa/verify in Node.js ${report.node}, milliseconds of one processor`);
    console.log(`  sign-in token (two signatures, P-256)${report.tokenMilliseconds.toFixed(3).padStart(31)}`);
    console.log(`  identity answer${report.identityMilliseconds.toFixed(3).padStart(53)}`);
  }
} finally {
  authority.remove();
  await person.leave();
}

/** Milliseconds of the processor for one; the compiler's threads are done before. */
async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  for (let run = 0; run < 50; run += 1) await work();
  const begun = process.cpuUsage();
  for (let runs = 1; ; runs += 1) {
    await work();
    const { user, system } = process.cpuUsage(begun);
    if (user + system >= LEAST * 1000) return (user + system) / 1000 / runs;
  }
}
