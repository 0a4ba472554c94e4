/**
 * One file of types for a package that is one module.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The declarations of a package's module and of what it imports, in one text without imports. What is marked as internal is left out.
 *
 * @param {string} packageFolder with `tsconfig.json` and `src/index.ts`
 */
export function declarations(packageFolder) {
  const emitted = mkdtempSync(join(tmpdir(), "bitaqa-types-"));
  try {
    execFileSync(process.execPath, [
      join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc"),
      ...["-p", packageFolder, "--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--stripInternal"],
      ...["--allowImportingTsExtensions", "false", "--rewriteRelativeImportExtensions"],
      ...["--rootDir", join(packageFolder, "src"), "--outDir", emitted],
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
