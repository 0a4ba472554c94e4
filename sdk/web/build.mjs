#!/usr/bin/env node
/**
 * Builds `dist/bitaqa-web.js` (one ES module, minified) and `dist/bitaqa-web.d.ts` (one file of types).
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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
  writeFileSync(join(out, "bitaqa-web.d.ts"), declarations());
}

/** The declarations of the module and of what it imports, in one text without imports. */
function declarations() {
  const emitted = mkdtempSync(join(tmpdir(), "bitaqa-web-"));
  try {
    execFileSync(process.execPath, [
      join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc"),
      ...["-p", HERE, "--noEmit", "false", "--declaration", "--emitDeclarationOnly"],
      ...["--allowImportingTsExtensions", "false", "--rewriteRelativeImportExtensions"],
      ...["--rootDir", join(HERE, "src"), "--outDir", emitted],
    ]);
    /** @type {Map<string, string>} */
    const texts = new Map();
    collect(emitted, "index.d.ts", texts);
    return [...texts.values()].reverse().join("\n");
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/**
 * Adds a declaration file, and those that it imports, to `texts`. Only what `index.ts` exports by name stays exported.
 *
 * @param {string} folder
 * @param {string} file
 * @param {Map<string, string>} texts
 */
function collect(folder, file, texts) {
  if (texts.has(file)) return;
  const text = readFileSync(posix.join(folder, file), "utf8");
  const own = text.replace(/^import .*;\n/gm, "").replace(/^\/\/ This file was generated.*\n/gm, "");
  texts.set(file, file === "index.d.ts" ? own : own.replace(/^export (?!\{\})/gm, "").replace(/^export \{\};\n/gm, ""));
  for (const [, specifier = ""] of text.matchAll(/^import .* from "(.*)";$/gm)) {
    const name = posix.join(posix.dirname(file), specifier).replace(/\.js$|\.ts$/, "");
    collect(folder, `${name}.d.ts`, texts);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSdk(process.argv[2] ?? join(HERE, "dist"));
