import { execFileSync, spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./programs.ts";

/** What `bitaqa verify` says of a signed file, when it asks nobody and believes this root alone. */
export function verdict(file: string, root: string): { indication: string; level: string | undefined } {
  // the exit code says the same as the report
  const { stdout, stderr } = spawnSync(program("bitaqa"), ["verify", "--json", "--offline", "--trust", root, file], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  const { indication, signatures } = JSON.parse(stdout) as { indication: string; signatures: { level?: string }[] };
  return { indication, level: signatures[0]?.level };
}

/** pyHanko's verdicts on a PDF, with nothing but what is in it; see `pyhanko_judge.py`. */
export const pyHanko = (file: string, root: string): { parts: { type: string; good: boolean }[]; basic: string } =>
  inPython("pyhanko_judge.py", file, root) as ReturnType<typeof pyHanko>;

/** pyHanko's verdicts on the signatures of a PDF of level B-B; see `pyhanko_basic_judge.py`. */
export const pyHankoBasic = (file: string, root: string): { good: boolean; coverage: string }[] =>
  inPython("pyhanko_basic_judge.py", file, root) as ReturnType<typeof pyHankoBasic>;

function inPython(script: string, ...parts: string[]): unknown {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const python = process.env["BITAQA_PYTHON"] ?? join(cache, "bitaqa/python/bin/python3");
  return JSON.parse(execFileSync(python, [fileURLToPath(new URL(script, import.meta.url)), ...parts], { encoding: "utf8" }));
}

/** What pdfsig says of the signatures of a PDF. */
export const pdfsig = (file: string): string => execFileSync("pdfsig", ["-nocert", file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** A message of CMS as openssl reads it. */
export const cmsPrinted = (file: string): string => execFileSync("openssl", ["cms", "-cmsout", "-print", "-inform", "DER", "-in", file], { encoding: "utf8" });
