import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { program } from "./programs.ts";

/** Adds a pack as an administrator does, and keeps what came of it for the programs that are started later. */
const INSTALL = '"$1" trust add --fingerprint "$2" "$3" && cp -a /etc/bitaqa/. "$4"';

/** A root that is as the machine's but for `/etc/bitaqa`: where a test's administrator installs trust packs. */
export class OwnRoot {
  // not below TMPDIR, which the root may not have
  readonly #folder = mkdtempSync("/tmp/bqroot");

  /** Words of a command line that starts a program of ours in it; the program's arguments follow. */
  words(name: string): string[] {
    return this.#inside(program(name));
  }

  /** Installs a trust pack: the hosts that are started from now on believe it. */
  install(pack: string, fingerprint: string): void {
    const [first = "", ...words] = this.#inside("/bin/sh");
    const own = ["-c", INSTALL, "install", program("bitaqa"), fingerprint, pack, join(this.#folder, "bitaqa")];
    execFileSync(first, [...words, ...own], { stdio: "pipe" });
  }

  /** Writes a configuration: the hosts that are started from now on read it. */
  configure(name: string, text: string): void {
    const folder = join(this.#folder, "bitaqa");
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, name), text, { mode: 0o644 });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #inside(path: string): string[] {
    return [program("bitaqa-testbed"), "in-root", "--folder", this.#folder, path];
  }
}
