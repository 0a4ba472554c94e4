import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./browser.ts";
import { descendants, type Running } from "./processes.ts";
import { program } from "./programs.ts";

/** A process of `bitaqa-host`. */
export interface HostProcess {
  pid: number;
  parent: number;
  /** Whether it is the window child. */
  window: boolean;
}

/**
 * The processes of `bitaqa-host` that this test started, through whatever browser. They are found by what every user may
 * read of them: they are not dumpable, so that their program and environment are closed to their own user.
 */
export function hostProcesses(): HostProcess[] {
  const path = program("bitaqa-host");
  const ours = descendants(process.pid);
  const hosts = ours.filter(({ words: [first, second] }) => first === path && second !== "--window");
  // a window runs the very program of its host, by whatever name
  const windows = ours.filter(({ words, parent }) => words[1] === "--window" && hosts.some(({ pid }) => pid === parent));
  const asHost = (window: boolean) => ({ pid, parent }: Running): HostProcess => ({ pid, parent, window });
  return [...hosts.map(asHost(false)), ...windows.map(asHost(true))];
}

/** `bitaqa-host` between two ears: everything that goes in and comes out is also written to files. */
export class OverheardHost {
  readonly #folder = mkdtempSync(join(tmpdir(), "bitaqa-heard-"));
  readonly #words: readonly string[];

  /** With the words of the command line that starts it. */
  constructor(words: readonly string[] = [program("bitaqa-host")]) {
    this.#words = words;
  }

  /** The program that a manifest names. */
  program(): string {
    const path = join(this.#folder, "bitaqa-host-overheard");
    if (existsSync(path)) return path;
    const file = (name: string): string => `'${join(this.#folder, name)}'`;
    const host = this.#words.map((word) => `'${word}'`).join(" ");
    writeFileSync(path, `#!/bin/sh\nexec 2>>${file("stderr")}\ntee -a ${file("stdin")} | ${host} "$@" | tee -a ${file("stdout")}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Ends it as a crash would, with both ears. */
  async end(): Promise<void> {
    const running = (): Running[] =>
      descendants(process.pid)
        .filter(({ words }) => words.includes(this.program()))
        .flatMap((first) => [first, ...descendants(first.pid)]);
    for (const { pid } of running()) process.kill(pid, "SIGKILL");
    await until(() => running().length === 0, "the end of the host");
  }

  /** What was heard so far, by stream. */
  heard(): Record<"stdin" | "stdout" | "stderr", Buffer> {
    const read = (name: string): Buffer => readFileSync(join(this.#folder, name), { flag: "a+" });
    return { stdin: read("stdin"), stdout: read("stdout"), stderr: read("stderr") };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
