#!/usr/bin/env node
/**
 * Builds the package:
 *
 *     node build.mjs --core DIR [--out DIR]
 *
 * `--core`: what `bitaqa-bindgen` made of `sdk/sign/wasm`. `--out`: `dist` beside this file if not given; one ES module, the core, one file of
 * types, and the licences.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { declarations } from "../declarations.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));

/** @param {{ core: string, out: string }} options */
export async function buildSign({ core, out }) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: [join(HERE, "src/index.ts")],
    outfile: join(out, "bitaqa-sign.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    legalComments: "none",
    alias: { "bitaqa-sign-core": resolve(core, "bitaqa_sign.js") },
    logLevel: "warning",
  });
  writeFileSync(join(out, "bitaqa-sign.d.ts"), declarations(HERE));
  const code = join(out, "bitaqa_sign.wasm");
  cpSync(join(core, "bitaqa_sign_bg.wasm"), code);
  cpSync(join(core, "NOTICES.txt"), join(out, "NOTICES.txt"));
  for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(join(HERE, "../..", licence), join(out, licence));
  const bytes = readFileSync(code);
  const packed = gzipSync(bytes, { level: 9 }).length;
  console.error(`bitaqa_sign.wasm: ${bytes.length.toLocaleString("en")} bytes, ${packed.toLocaleString("en")} by gzip`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { core: { type: "string" }, out: { type: "string" } } });
  if (values.core === undefined) {
    console.error("usage: node build.mjs --core DIR [--out DIR]");
    process.exit(2);
  }
  await buildSign({ core: values.core, out: values.out ?? join(HERE, "dist") });
}
