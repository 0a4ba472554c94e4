#!/usr/bin/env node
/**
 * Builds the package:
 *
 *     node build.mjs --core DIR [--out DIR]
 *
 * `--core`: what `bitaqa-bindgen` made of `sdk/sign/wasm` and `sdk/sign/lettering`. `--out`: `dist` beside this file if not given; one ES module, the core and what sets text, one file of
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

/** What the sources import WebAssembly as, its name, and the most bytes it may have by gzip. The second is loaded when it is needed. */
const MODULES = [
  { alias: "bitaqa-sign-core", name: "bitaqa_sign", most: 900 * 1024 },
  { alias: "bitaqa-sign-lettering", name: "bitaqa_lettering", most: 300 * 1024 },
];

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
    alias: Object.fromEntries(MODULES.map(({ alias, name }) => [alias, resolve(core, `${name}.js`)])),
    logLevel: "warning",
  });
  writeFileSync(join(out, "bitaqa-sign.d.ts"), declarations(HERE));
  for (const { name, most } of MODULES) {
    const bytes = readFileSync(join(core, `${name}_bg.wasm`));
    const packed = gzipSync(bytes, { level: 9 }).length;
    if (packed > most) throw new Error(`${name}.wasm has ${packed} bytes by gzip, and may have ${most}`);
    writeFileSync(join(out, `${name}.wasm`), bytes);
    console.error(`${name}.wasm: ${bytes.length.toLocaleString("en")} bytes, ${packed.toLocaleString("en")} by gzip`);
  }
  cpSync(join(core, "NOTICES.txt"), join(out, "NOTICES.txt"));
  for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(join(HERE, "../..", licence), join(out, licence));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { core: { type: "string" }, out: { type: "string" } } });
  if (values.core === undefined) {
    console.error("usage: node build.mjs --core DIR [--out DIR]");
    process.exit(2);
  }
  await buildSign({ core: values.core, out: values.out ?? join(HERE, "dist") });
}
