/**
 * The package as it is installed: packed, in an empty project, by its name.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { coreSize } from "./module.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "bitaqa-sign-"));
after(() => rmSync(project, { recursive: true, force: true }));
const run = (program: string, parts: string[], cwd = project): string => execFileSync(program, parts, { cwd, encoding: "utf8" });

test("it is installed into an empty project, and imported by its name, with types", (context) => {
  context.diagnostic(`bitaqa_sign.wasm has ${coreSize().toLocaleString("en")} bytes`);
  run("npm", ["pack", "--silent", "--pack-destination", project], PACKAGE);
  const [archive] = readdirSync(project).filter((name) => name.endsWith(".tgz"));
  assert.ok(archive !== undefined);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "provider", private: true, type: "module" }));
  run("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${archive}`]);
  assert.deepEqual(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith(".")), ["@bitaqa"]);
  writeFileSync(
    join(project, "provider.ts"),
    `import { prepare, finish, SignError, type PreparedSignature } from "@bitaqa/sign";
try {
  const prepared: PreparedSignature = await prepare({ certificate: "", format: "cades", packaging: "detached", documents: [{ digest: new Uint8Array(32) }] });
  const { kind, bytes } = await finish({ state: prepared.state, signature: new Uint8Array(64) });
  console.log(kind, bytes.length);
} catch (error) {
  // @ts-expect-error: no such code
  if (error instanceof SignError && error.code === "no-such-code") throw error;
  console.log((error as SignError).code);
}
`,
  );
  const options = { strict: true, noEmit: true, target: "es2022", module: "nodenext", types: ["node"], skipLibCheck: false };
  const root = dirname(fileURLToPath(import.meta.resolve("@types/node/package.json")));
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...options, typeRoots: [dirname(root)] }, include: ["provider.ts"] }));
  run(process.execPath, [join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc"), "-p", "."]);
  const script = `import { algorithmOf } from "@bitaqa/sign";
try { algorithmOf({ certificate: "none" }); } catch ({ name, code }) { console.log(name, code); }`;
  assert.equal(run(process.execPath, ["--input-type=module", "--eval", script]), "SignError certificate-invalid\n");
});
