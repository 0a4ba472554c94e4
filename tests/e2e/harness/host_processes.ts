import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  const processes = new Map(runningProcesses().map((process) => [process.pid, process]));
  const isOurs = ({ parent }: Running): boolean => {
    for (let pid: number | undefined = parent; pid !== undefined; pid = processes.get(pid)?.parent) {
      if (pid === process.pid) return true;
    }
    return false;
  };
  const ours = [...processes.values()].filter(isOurs);
  const hosts = ours.filter(({ words: [first, second] }) => first === path && second !== "--window");
  // a window runs the very program of its host, by whatever name
  const windows = ours.filter(({ words, parent }) => words[1] === "--window" && hosts.some(({ pid }) => pid === parent));
  const asHost = (window: boolean) => ({ pid, parent }: Running): HostProcess => ({ pid, parent, window });
  return [...hosts.map(asHost(false)), ...windows.map(asHost(true))];
}

/** A process, with its command line. */
interface Running {
  pid: number;
  parent: number;
  words: string[];
}

function runningProcesses(): Running[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, "utf8");
      const stat = read("stat");
      // the name in parentheses may hold anything
      const [, parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(name), parent: Number(parent), words: read("cmdline").split("\0") }];
    } catch {
      // it ended meanwhile
      return [];
    }
  });
}

/** `bitaqa-host` between two ears: everything that goes in and comes out is also written to files. */
export class OverheardHost {
  readonly #folder = mkdtempSync(join(tmpdir(), "bitaqa-heard-"));

  /** The program that a manifest names. */
  program(): string {
    const path = join(this.#folder, "bitaqa-host-overheard");
    const file = (name: string): string => `'${join(this.#folder, name)}'`;
    writeFileSync(
      path,
      `#!/bin/sh\nexec 2>>${file("stderr")}\ntee -a ${file("stdin")} | '${program("bitaqa-host")}' "$@" | tee -a ${file("stdout")}\n`,
    );
    chmodSync(path, 0o755);
    return path;
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
