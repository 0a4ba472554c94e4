import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A core image of a process, taken by the administrator, whatever the process said about core images. */
export async function coreImage(pid: number): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "bitaqa-core-"));
  try {
    await asAdministrator("gcore", "-a", "-o", join(folder, "core"), String(pid)).catch((error: unknown) => {
      throw new Error(`core images need gcore (package gdb) and root, or sudo without a password: ${String(error)}`);
    });
    const path = join(folder, `core.${pid}`);
    if (process.getuid?.() !== 0) await asAdministrator("chown", String(process.getuid?.()), path);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where in its process a place of a core image was; see the program headers in elf(5). */
export function addressOf(image: Buffer, place: number): bigint {
  const [start, size, count] = [Number(image.readBigUInt64LE(32)), image.readUInt16LE(54), image.readUInt16LE(56)];
  const LOAD = 1;
  for (let header = start; header < start + size * count; header += size) {
    const offset = Number(image.readBigUInt64LE(header + 8));
    const length = Number(image.readBigUInt64LE(header + 32));
    if (image.readUInt32LE(header) !== LOAD || place < offset || place >= offset + length) continue;
    return image.readBigUInt64LE(header + 16) + BigInt(place - offset);
  }
  throw new Error(`place ${place} of the core image is no memory`);
}

/** The mappings of a process that never leave memory: their first and last address. */
export async function lockedMappings(pid: number): Promise<[bigint, bigint][]> {
  const { stdout } = await asAdministrator("cat", `/proc/${pid}/smaps`);
  const mappings = stdout.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  return mappings
    .filter((mapping) => /^VmFlags:.*\blo\b/m.test(mapping))
    .map((mapping) => /^([0-9a-f]+)-([0-9a-f]+) /.exec(mapping) ?? [])
    .map(([, first, end]) => [BigInt(`0x${first}`), BigInt(`0x${end}`) - 1n]);
}

/** The words of a command line that starts a program which may look into other processes. */
export function administratorWords(...words: string[]): string[] {
  return process.getuid?.() === 0 ? words : ["sudo", "-n", ...words];
}

function asAdministrator(...words: string[]): Promise<{ stdout: string }> {
  const [first = "", ...rest] = administratorWords(...words);
  return run(first, rest, { maxBuffer: 64 * 1024 * 1024 });
}
