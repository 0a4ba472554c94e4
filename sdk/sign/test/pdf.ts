/**
 * A PDF, and what pdfsig and openssl say of it.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { Authority } from "./openssl.ts";

/** A PDF of one page, with so many bytes that no signature needs. */
export function pdf(ballast = 0): Buffer {
  const bodies = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
    `<</Length ${ballast}>>\nstream\n${" ".repeat(ballast)}\nendstream`,
  ];
  let text = "%PDF-1.7\n";
  const offsets = bodies.map((body, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const start = text.length;
  return Buffer.from(`${text}xref\n0 5\n0000000000 65535 f \n${offsets.join("")}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`);
}

/** What a program says, whatever it thinks of it. */
export function run(program: string, ...parts: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, parts, { encoding: "utf8" });
  assert.ok(status !== null, `${program} did not run`);
  return stdout + stderr;
}

/** What pdfsig and openssl say of a file with so many signatures, the last of which covers it all. */
export function judge(authority: Authority, file: Buffer, signatures: number): string {
  const said = run("pdfsig", "-nocert", authority.write("signed.pdf", file));
  assert.equal(said.match(/Signature is Valid\./g)?.length, signatures, said);
  assert.match(said, /Total document signed/);
  const [, first = "", second = "", third = "", fourth = ""] = [...file.toString("latin1").matchAll(/ByteRange ?\[(\d+) (\d+) (\d+) (\d+)\]/g)].at(-1) ?? [];
  const [start, length, next, rest] = [first, second, third, fourth].map(Number) as [number, number, number, number];
  const hex = file.toString("latin1", start + length + 1, next - 1);
  const message = Buffer.from(hex, "hex");
  const size = 4 + message.readUInt16BE(2);
  authority.verifyCades(message.subarray(0, size), Buffer.concat([file.subarray(start, length), file.subarray(next, next + rest)]));
  return said;
}
