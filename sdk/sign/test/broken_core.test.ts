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
const folder = mkdtempSync(join(tmpdir(), "bitaqa-sign-"));
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
  alias: {
    "bitaqa-sign-core": path("../../../target/sign-core/bitaqa_sign.js"),
    "bitaqa-sign-lettering": path("../../../target/sign-core/bitaqa_lettering.js"),
  },
});
cpSync(path("../dist/bitaqa_sign.wasm"), join(folder, "bitaqa_sign.wasm"));
type Opened = typeof import("@bitaqa/sign") & { calling: <T>(call: () => T) => T };
const { calling, finish, prepare } = (await import(pathToFileURL(join(folder, "opened.mjs")).href)) as Opened;

test("the call that broke it fails, and what was prepared before is finished with fresh memory", async () => {
  const holder = authority.holder();
  const document = Buffer.from("a document");
  const request = { certificate: holder.certificate, format: "cades", packaging: "detached", documents: [{ content: document }] } as const;
  const prepared = await prepare(request);
  const broken = (): never => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  assert.throws(() => calling(broken), /nothing came of this call/);
  const { bytes } = await finish({ state: prepared.state, signature: holder.sign(prepared) });
  authority.verifyCades(bytes, document);
});
