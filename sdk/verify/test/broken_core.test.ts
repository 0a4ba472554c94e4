/**
 * A core that breaks: built from the sources, so that a test can reach behind the package's exports.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Authority } from "./openssl.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bitaqa-verify-"));
const authority = new Authority();
after(() => {
  rmSync(folder, { recursive: true, force: true });
  authority.remove();
});
await build({
  stdin: { contents: 'export { calling } from "./core"; export * from "./index";', resolveDir: path("../src"), loader: "ts" },
  outfile: join(folder, "opened.mjs"),
  bundle: true,
  format: "esm",
  platform: "node",
  alias: { "bitaqa-verify-core": path("../../../target/verify-core/bitaqa_verify.js") },
});
cpSync(path("../dist/bitaqa_verify.wasm"), join(folder, "bitaqa_verify.wasm"));
type Opened = typeof import("@bitaqa/verify") & { calling: <T>(call: () => T) => T };
const { calling, newChallenge, Verifier } = (await import(pathToFileURL(join(folder, "opened.mjs")).href)) as Opened;

test("the call that broke it fails, and the next ones start over with fresh memory", async () => {
  const origin = "https://portal.example.ma";
  const verifier = new Verifier({ origin, trust: { certificates: [{ name: "root.pem", content: authority.certificate }] } });
  const challenge = newChallenge();
  const token = authority.holder("amina").token(origin, challenge);
  const begun = verifier.beginSignIn(token, { challenge });
  const broken = (): never => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  assert.throws(() => calling(broken), /nothing was verified/);
  // what was begun in the old memory ends in an error, and in no result
  await assert.rejects(begun.finish());
  const { subject } = await verifier.verifySignIn(token, { challenge });
  assert.equal(subject.surname, "EXEMPLE");
});
