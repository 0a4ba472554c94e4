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
 * @param {string} packageFolder with `tsconfig.json` and the module in `src`
 * @param {string} [entry] the module
 */
export function declarations(packageFolder, entry = "index") {
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
    collect(emitted, entry, entry, texts);
    return [...texts.values()].reverse().join("\n");
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/**
 * Adds a declaration file, and those that it imports, to `texts`. Only what the entry exports by name stays exported.
 *
 * @param {string} folder
 * @param {string} entry
 * @param {string} name
 * @param {Map<string, string>} texts
 */
function collect(folder, entry, name, texts) {
  if (texts.has(name)) return;
  const text = readFileSync(posix.join(folder, `${name}.d.ts`), "utf8");
  const own = text.replace(/^import .*;\n/gm, "").replace(/^export \{.*\} from .*;\n/gm, "").replace(/^\/\/ This file was generated.*\n/gm, "");
  texts.set(name, name === entry ? own : own.replace(/^export (?!\{\})/gm, "").replace(/^export \{\};\n/gm, ""));
  for (const [, specifier = ""] of text.matchAll(/^(?:import|export) .* from "(.*)";$/gm)) {
    const imported = posix.join(posix.dirname(name), specifier).replace(/\.js$|\.ts$/, "");
    collect(folder, entry, imported, texts);
  }
}
