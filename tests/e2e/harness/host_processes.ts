import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { program } from "./programs.ts";

const run = promisify(execFile);

/** A process of `bitaqa-host`. */
export interface HostProcess {
  pid: number;
  parent: number;
  /** Whether it is the window child. */
  window: boolean;
}

/** The processes of `bitaqa-host` that use this smart card service: those of one stage. */
export function hostProcesses(socket: string): HostProcess[] {
  const path = program("bitaqa-host");
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      if (readlinkSync(`/proc/${name}/exe`) !== path) return [];
      const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, "utf8");
      if (!read("environ").split("\0").includes(`PCSCLITE_CSOCK_NAME=${socket}`)) return [];
      const [, first = ""] = read("cmdline").split("\0");
      // the name in parentheses may hold anything
      const [, parent = ""] = read("stat").slice(read("stat").lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(name), parent: Number(parent), window: first === "--window" }];
    } catch {
      // it ended meanwhile
      return [];
    }
  });
}

/** A core image of a process, taken by the administrator, whatever the process said about core images. */
export async function coreImage(pid: number): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "bitaqa-core-"));
  const gcore = ["gcore", "-a", "-o", join(folder, "core"), String(pid)];
  const [first = "", ...rest] = process.getuid?.() === 0 ? gcore : ["sudo", "-n", ...gcore];
  try {
    await run(first, rest, { maxBuffer: 64 * 1024 * 1024 }).catch((error: unknown) => {
      throw new Error(`core images need gcore (package gdb) and root, or sudo without a password: ${String(error)}`);
    });
    return readFileSync(join(folder, `core.${pid}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
