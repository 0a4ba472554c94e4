/** No file leaves the signing window that does not validate as signed by the card's certificate. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { Engine } from "../src/documents/engine.ts";
import type { SignatureReport } from "../src/documents/results.ts";
import type { SignatureLevel } from "../src/generated/SignatureLevel.ts";
import type { SigningCertificate } from "../src/generated/SigningCertificate.ts";
import { type Outcome, signDocuments } from "../src/signing/flow.ts";
import type { HostRequests } from "../src/signing/host_requests.ts";
import { WILLING } from "./willing_person.ts";

const CERTIFICATE: SigningCertificate = { certificate: "MAA=", algorithms: ["ES384"], statements: [], legislations: [], policies: [], pinEachTime: false };
const fingerprint = (certificate: string): string => createHash("sha256").update(Buffer.from(certificate, "base64")).digest("hex");

/** What the validation of a file says, as far as the gate looks. */
function report(signer: string, more: Partial<SignatureReport> = {}): Partial<SignatureReport> {
  const named = { certificateSha256: fingerprint(signer) } as SignatureReport["signer"];
  return { signer: named, cryptographicallyIntact: true, indication: "INDETERMINATE", timeStamps: [], ...more } as Partial<SignatureReport>;
}

/** Signs one file, and raises it where a higher level is wished; the validation says this of the signed file, and this of the raised one. */
function signedWhere(signed: Partial<SignatureReport>[], raised?: Partial<SignatureReport>[]): Promise<Outcome> {
  const engine = {
    isWanted: async () => true,
    prepare: async () => ({ toBeSigned: new Uint8Array(3), state: new Uint8Array(), digest: new Uint8Array() }),
    finish: async () => new Blob(["signed"]),
    verify: async (file: Blob) => ({ needs: [], report: { signatures: (await file.text()) === "raised" ? raised : signed } }),
    raise: async (_: Blob, { level }: { level: SignatureLevel }) => ({ file: new Blob(["raised"]), reached: { level, notices: [], isRevoked: false } }),
  } as never as Engine;
  const host = { certificates: async () => [CERTIFICATE], sign: async () => ({ signatures: ["AAAA"] }) } as never as HostRequests;
  const wish = { format: "cades" as const, level: raised === undefined ? ("B-B" as const) : ("B-T" as const), certificate: { qualified: false } };
  return signDocuments({ engine, host }, { language: "en" }, [{ name: "a", type: "", blob: new Blob(["a"]) }], wish, WILLING);
}

const ours = (more: Partial<SignatureReport> = {}): Partial<SignatureReport> => report(CERTIFICATE.certificate, more);
const failed = { indication: "TOTAL-FAILED", subIndication: "HASH_FAILURE" } as Partial<SignatureReport>;

const FAULTY: [string, Partial<SignatureReport>[]][] = [
  ["broken", [ours({ cryptographicallyIntact: false })]],
  ["failed", [ours(failed)]],
  ["with a time stamp that failed", [ours({ timeStamps: [{ indication: "TOTAL-FAILED" }] as never })]],
  ["of somebody else", [report("MAE=")]],
  ["by nobody", []],
  ["without a signer", [ours({ signer: null })]],
  // the last of ours is the one that was just made
  ["broken behind an earlier one of ours", [ours(), ours({ cryptographicallyIntact: false })]],
];

for (const [what, signatures] of FAULTY) {
  test(`a signed file ${what} is not given out`, async () => {
    await assert.rejects(signedWhere(signatures), { message: "token-invalid" });
  });
}

test("a sound file is given out, other people's signatures in it or not", async () => {
  for (const signatures of [[ours()], [report("MAE=", failed), ours()], [ours(), report("MAE=", failed)]]) {
    const { files } = await signedWhere(signatures);
    assert.deepEqual(files.map(({ level }) => level), ["B-B"]);
  }
});

test("where raising spoils a file, the file from before is given out, and its level is said", async () => {
  for (const [what, signatures] of FAULTY) {
    const { files, missing } = await signedWhere([ours()], signatures);
    assert.deepEqual(await Promise.all(files.map(async ({ level, blob }) => [level, await blob.text()])), [["B-B", "signed"]], what);
    assert.ok(missing.length > 0, what);
  }
  const { files } = await signedWhere([ours()], [ours()]);
  assert.deepEqual(await Promise.all(files.map(async ({ level, blob }) => [level, await blob.text()])), [["B-T", "raised"]]);
});
