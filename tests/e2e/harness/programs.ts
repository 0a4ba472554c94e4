import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Folder of a cargo profile's programs: `$BITAQA_PROGRAMS` (set by `cargo xtask`), else where `cargo xtask build` puts them. */
function folder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const target = process.env["CARGO_TARGET_DIR"] ?? join(cache, "bitaqa/target/native");
  return process.env["BITAQA_PROGRAMS"] ?? join(target, "release");
}

/** A program of ours, as it is shipped. */
export function program(name: string): string {
  const path = join(folder(), name);
  if (!existsSync(path)) throw new Error(`${name} is not built: run cargo xtask build (looked for ${path})`);
  return path;
}
