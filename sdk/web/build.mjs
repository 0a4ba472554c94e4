#!/usr/bin/env node
/**
 * Builds `dist/bitaqa-web.js` and `dist/bitaqa-web-documents.js` (an ES module each, minified; the second loads the first), with a
 * file of types for each.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { declarations } from "../declarations.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));

/** The modules: entry and name. */
const MODULES = /** @type {const} */ ([
  ["index", "bitaqa-web"],
  ["documents", "bitaqa-web-documents"],
]);

/** @param {string} out folder for the files */
export async function buildSdk(out) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const [entry, name] of MODULES) await bundle(entry, join(out, `${name}.js`));
  for (const [entry, name] of MODULES) writeFileSync(join(out, `${name}.d.ts`), declarations(HERE, entry));
}

/**
 * @param {string} entry
 * @param {string} outfile
 */
async function bundle(entry, outfile) {
  await build({
    entryPoints: [join(HERE, `src/${entry}.ts`)],
    outfile,
    bundle: true,
    // the second module has the first beside it, and with it one error class and one visit
    plugins: [{ name: "beside", setup: ({ onResolve }) => onResolve({ filter: /^\.\/shared\.ts$/ }, () => ({ path: "./bitaqa-web.js", external: true })) }],
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSdk(process.argv[2] ?? join(HERE, "dist"));
