import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Documents from "../src/documents.ts";
import { builtModule, type Envelope, failure, openPage, type Page, until } from "./page.ts";

/** What the page says of a request about documents. */
interface Asked {
  type: string;
  request: string;
  documents?: Blob[];
}

/** A page that was just clicked, and an extension that answers with these. */
async function clicked(...replies: object[]): Promise<Page & { documents: typeof Documents }> {
  const page = await openPage();
  page.active = true;
  page.extension = ({ port }: Envelope) => {
    port.onmessage = ({ data }) => {
      if (data.type === "signing-request") for (const reply of replies) port.postMessage(reply);
      if (data.type === "cancel") port.close();
    };
    port.postMessage({ type: "ready" });
  };
  const documents = (await import(pathToFileURL(builtModule.replace(/\.js$/, "-documents.js")).href)) as typeof Documents;
  return Object.assign(page, { documents });
}

const DOCUMENTS = ["lease", "annex"].map((text) => ({ name: `${text}.txt`, blob: new Blob([text], { type: "text/plain" }) }));

const signedFile = (text: string): object => ({ name: `${text}.txt.p7m`, type: "application/pkcs7-mime", level: "B-B" });

test("documents go as they are, and signed files come back with their names", async () => {
  const answer = { type: "signed-documents", documents: [signedFile("lease"), signedFile("annex")], files: [new Blob(["1"]), new Blob(["22"])] };
  const { documents, said } = await clicked(answer);
  const files = await documents.sign({ documents: DOCUMENTS, format: "cades", language: "fr" });
  assert.deepEqual(files.map(({ name, level, blob }) => [name, level, blob.size]), [["lease.txt.p7m", "B-B", 1], ["annex.txt.p7m", "B-B", 2]]);
  await until(() => said.length > 0);
  const [asked] = said as [Asked];
  assert.deepEqual(JSON.parse(asked.request), {
    type: "sign",
    documents: [{ name: "lease.txt", type: "text/plain", size: 5 }, { name: "annex.txt", type: "text/plain", size: 5 }],
    format: "cades",
    level: "B-B",
    certificate: { qualified: false },
    language: "fr",
  });
  assert.deepEqual(await Promise.all((asked.documents ?? []).map((blob) => blob.text())), ["lease", "annex"]);
});

test("progress is told in its order, without the words of the wire", async () => {
  const progress = [
    { stage: "receiving", signed: 0, total: 2 },
    { stage: "signing", signed: 1, total: 2 },
    { stage: "finishing", signed: 2, total: 2 },
  ];
  const { documents } = await clicked(
    // what a sign-in tells is none of a signature
    { type: "progress", stage: "reading" },
    ...progress.map((told) => ({ type: "signing-progress", ...told })),
    { type: "signatures", signatures: ["AQI="] },
  );
  const heard: Documents.SigningProgress[] = [];
  const onProgress = (told: Documents.SigningProgress): void => void heard.push(told);
  const digests = [{ name: "lease", digest: new Uint8Array([251, 255]), algorithm: "ES384" as const }];
  const signatures = await documents.signDigests({ certificate: "MAA=", digests, onProgress });
  assert.deepEqual(heard, progress);
  assert.deepEqual(signatures, [new Uint8Array([1, 2])]);
});

test("aborting rejects at once, tells the extension, and nothing that comes later counts", async () => {
  const page = await clicked();
  const abort = new AbortController();
  const call = page.documents.sign({ documents: DOCUMENTS, format: "asic-e", signal: abort.signal });
  await until(() => page.said.length > 0);
  abort.abort();
  await assert.rejects(call, { code: "request-aborted" });
  await until(() => page.said.length > 1);
  assert.deepEqual(page.said[1], { type: "cancel" });
});

test("a signal that is aborted already sends nothing, of any call", async () => {
  const page = await clicked();
  const signal = AbortSignal.abort();
  for (const call of [
    page.documents.sign({ documents: DOCUMENTS, format: "cades", signal }),
    page.documents.signDigests({ certificate: "MAA=", digests: [], signal }),
    page.documents.signingCertificates({ signal }),
  ]) {
    await assert.rejects(call, { code: "request-aborted" });
  }
  assert.equal(page.posted.length, 0);
});

test("what was signed until the person stopped comes with the error", async () => {
  const stopped = { code: "user-cancelled", message: "You stopped.", remedy: "Sign the rest." };
  const { documents } = await clicked({ type: "signed-documents", documents: [signedFile("lease")], files: [new Blob(["1"])], stopped });
  await assert.rejects(documents.sign({ documents: DOCUMENTS, format: "cades" }), (error: Documents.Stopped<Documents.SignedFile>) => {
    assert.ok(error instanceof documents.BitaqaError);
    assert.deepEqual([error.code, error.signed.map(({ name, blob }) => [name, blob.size])], ["user-cancelled", [["lease.txt.p7m", 1]]]);
    return true;
  });
  const digests = await clicked({ type: "signatures", signatures: ["AQI="], stopped });
  const asked = ["lease", "annex"].map((name) => ({ name, digest: new Uint8Array(48), algorithm: "ES384" as const }));
  await assert.rejects(
    digests.documents.signDigests({ certificate: "MAA=", digests: asked }),
    ({ code, signed }: Documents.Stopped<Uint8Array>) => code === "user-cancelled" && signed.length === 1 && signed[0]?.[1] === 2,
  );
});

test("a failure and an answer of another kind are errors", async () => {
  const refused = await clicked(failure("request-too-large", { detail: "501 documents" }));
  await assert.rejects(refused.documents.sign({ documents: DOCUMENTS, format: "cades" }), { code: "request-too-large", detail: "501 documents" });
  const other = await clicked({ type: "signatures", signatures: [] });
  await assert.rejects(other.documents.signingCertificates(), { code: "internal-error" });
});
