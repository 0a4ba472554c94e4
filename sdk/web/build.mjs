#!/usr/bin/env node
/**
 * Builds `dist/bitaqa-web.js` (one ES module, minified) and `dist/bitaqa-web.d.ts` (one file of types).
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { declarations } from "../declarations.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));

/** @param {string} out folder for both files */
export async function buildSdk(out) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: [join(HERE, "src/index.ts")],
    outfile: join(out, "bitaqa-web.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  writeFileSync(join(out, "bitaqa-web.d.ts"), declarations(HERE));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSdk(process.argv[2] ?? join(HERE, "dist"));
