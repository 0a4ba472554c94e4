/**
 * `cargo xtask bench documents`: what signing a PDF of 100 MB costs in the extension's module for documents, in Node.js: how much of the
 * file is read to place the signature, how much memory the module takes, and its hashing beside the runtime's own (WebCrypto).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { core: { type: "string" }, json: { type: "boolean" } } });
const core = values.core ?? "";

/** What is used of the module. */
interface Documents {
  initSync(options: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
  place(request: string, document: object): unknown;
  inspect(document: object): string;
  Hasher: new (hash: string, form: string) => { update(piece: Uint8Array): void; finish(): Uint8Array };
}

const BALLAST = 100 * 1000 * 1000;
const PIECE = 4 * 2 ** 20;
const ROUNDS = 9;

const folder = mkdtempSync(join(tmpdir(), "bitaqa-bench-"));
try {
  const documents = (await import(join(core, "bitaqa_sign.js"))) as Documents;
  const { memory } = documents.initSync({ module: new WebAssembly.Module(readFileSync(join(core, "bitaqa_sign_bg.wasm"))) });
  const path = join(folder, "large.pdf");
  writeFileSync(path, pdf(BALLAST));
  const bytes = readFileSync(path);
  const file = openSync(path, "r");
  let read = 0;
  const document = {
    size: bytes.length,
    read(offset: number, length: number): Uint8Array {
      const piece = new Uint8Array(length);
      readSync(file, piece, 0, length, offset);
      read += length;
      return piece;
    },
  };
  const request = JSON.stringify({ format: "pades", documents: [{}], certificate: certificate(), statement: { signingTime: 1_790_000_000 } });
  const placing = median(() => {
    read = 0;
    documents.place(request, document);
  });
  const readToPlace = read;
  read = 0;
  documents.inspect(document);
  const readToInspect = read;
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [own, browsers] = [await time(() => hashed(documents, bytes)), await time(() => crypto.subtle.digest("SHA-256", bytes))];
    ratios.push(browsers / own);
  }
  closeSync(file);
  const figures = {
    fileBytes: bytes.length,
    readToPlaceBytes: readToPlace,
    readToInspectBytes: readToInspect,
    placingMilliseconds: placing,
    heapBytes: memory.buffer.byteLength,
    hashingBesideWebCrypto: ratios.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)],
  };
  console.log(values.json === true ? JSON.stringify(figures) : Object.entries(figures).map(([name, figure]) => `${name.padEnd(24)} ${figure}`).join("\n"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function hashed(documents: Documents, bytes: Uint8Array): void {
  const hasher = new documents.Hasher("SHA-256", "bytes");
  for (let at = 0; at < bytes.length; at += PIECE) hasher.update(bytes.subarray(at, at + PIECE));
  hasher.finish();
}

async function time(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** A certificate for documents; nobody signs. */
function certificate(): string {
  const out = join(folder, "certificate.der");
  execFileSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=A"],
    ...["-addext", "keyUsage=critical,nonRepudiation", "-keyout", join(folder, "key.pem"), "-outform", "DER", "-out", out],
  ], { stdio: "pipe" });
  return readFileSync(out).toString("base64");
}

/** A PDF of one page with so many bytes that no signature needs. */
function pdf(ballast: number): Buffer {
  const bodies = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"];
  const pieces = [Buffer.from("%PDF-1.7\n")];
  const length = (): number => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const offsets: number[] = [];
  for (const [at, body] of bodies.entries()) {
    offsets.push(length());
    pieces.push(Buffer.from(`${at + 1} 0 obj\n${body}\nendobj\n`));
  }
  offsets.push(length());
  pieces.push(Buffer.from(`4 0 obj\n<</Length ${ballast}>>\nstream\n`), Buffer.alloc(ballast, " "), Buffer.from("\nendstream\nendobj\n"));
  const start = length();
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  pieces.push(Buffer.from(`xref\n0 5\n0000000000 65535 f \n${table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`));
  return Buffer.concat(pieces);
}
