/**
 * `cargo xtask bench documents`: what a PAdES signature (B-B) in a PDF of 100 MB costs the extension's own worker for documents, in
 * Chromium, as it is shipped: the file is a file of the disk, read by slices of its Blob; a key of this program stands in for the card.
 *
 * For each step: bytes that were read of Blobs beside the size of the file; the memory of the WebAssembly; and the memory of the
 * process of the extension's pages, its worker with it, by the kernel's high-water mark (proc(5), VmHWM, from the step's beginning on)
 * less what it held before the file was opened. In that is everything: WebAssembly, what JavaScript holds, and what the browser copies
 * for itself. Hashing stands beside WebCrypto on the same Blob, in the same browser.
 */
import { execFileSync } from "node:child_process";
import { createPrivateKey, sign } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { type Browser, chooseFiles, type Tab } from "../e2e/harness/browser.ts";
import { startChromium } from "../e2e/harness/chromium.ts";
import { descendants } from "../e2e/harness/processes.ts";
import { EXTENSION } from "../e2e/harness/stage.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" } } });

const SIGNED = 100 * 1000 * 1000;
/** The longest file that is hashed at once, and one beyond. */
const HASHED = { hashingAtOnce: 256 * 2 ** 20, hashingInPieces: 320 * 2 ** 20 };
const ROUNDS = 5;
const EXTENSION_IN_CHROMIUM = join(EXTENSION, "chromium");

/** What is used of Playwright's page: its workers. */
interface WithWorkers {
  workers(): { evaluate<Result>(work: string): Promise<Result> }[];
}

interface Called {
  milliseconds: number;
  /** Of Blobs. */
  bytesRead: number;
  /** The largest memory of a WebAssembly instance so far. */
  wasmBytes: number;
}

interface Step extends Called {
  readByFile: number;
  /** What the process held at most, less what it held before. */
  memoryBytes: number;
  memoryByFile: number;
}

const folder = mkdtempSync(join(tmpdir(), "bitaqa-bench-"));
let browser: Browser | undefined;
try {
  browser = await startChromium(EXTENSION_IN_CHROMIUM);
  const page = await browser.openExtensionPage("sign.html");
  const figures = { ...(await signature(page, browser)), ...(await hashing(page)), module: moduleSize() };
  console.log(values.json === true ? JSON.stringify(figures) : JSON.stringify(figures, null, 1).replace(/[{}",]/g, ""));
} finally {
  await browser?.quit();
  rmSync(folder, { recursive: true, force: true });
}

/** A whole signature: prepared, signed, finished, and the finished file validated. */
async function signature(page: Tab, browser: Browser): Promise<object> {
  const path = join(folder, "large.pdf");
  writePdf(path, SIGNED);
  const size = statSync(path).size;
  await choose(page, path);
  await startWorker(page);
  const { certificate, key } = signer();
  const renderer = pageProcess(browser);
  const request = { format: "pades", documents: [{}], certificate, algorithm: { scheme: "ecdsa", hash: "SHA-256" }, statement: { signingTime: now() } };
  // compiled before, so that what a step needs is the step's
  await call(page, `["plan", [${JSON.stringify(request)}]]`);
  const before = resident(renderer);
  const measured = async (called: string, keep: string): Promise<Step> => {
    startPeak(renderer);
    const { milliseconds, bytesRead, wasmBytes } = await call(page, called, keep);
    const memoryBytes = peak(renderer) - before;
    return {
      ...{ milliseconds, bytesRead, readByFile: ratio(bytesRead, size), wasmBytes },
      ...{ memoryBytes, memoryByFile: ratio(memoryBytes, size) },
    };
  };
  const inspected = await measured('["inspect", [window.chosen]]', "risks");
  const prepared = await measured(`["prepare", [${JSON.stringify(request)}, [window.chosen]]]`, "prepared");
  const toBeSigned = Buffer.from(await page.evaluate<string>("btoa(String.fromCharCode(...window.prepared.toBeSigned))"), "base64");
  const made = sign("sha256", toBeSigned, { key, dsaEncoding: "ieee-p1363" });
  const finished = await measured(`["finish", [window.prepared.state, new Uint8Array(${JSON.stringify([...made])}), [window.chosen]]]`, "signed");
  const validated = await measured(`["verify", [window.signed, ${JSON.stringify({ at: now(), trust: [], detached: [] })}, []]]`, "verified");
  const intact = await page.evaluate<boolean>("window.verified.report.signatures.length === 1 && window.verified.report.signatures[0].cryptographicallyIntact");
  if (!intact) throw new Error("the finished file does not validate");
  const steps = { inspected, prepared, finished, validated };
  const all = Object.values(steps);
  return {
    fileBytes: size,
    ...steps,
    whole: {
      readByFile: ratio(all.reduce((sum, { bytesRead }) => sum + bytesRead, 0), size),
      wasmBytes: Math.max(...all.map(({ wasmBytes }) => wasmBytes)),
        memoryByFile: Math.max(...all.map(({ memoryByFile }) => memoryByFile)),
    },
  };
}

/** Digests as a detached signature needs them, beside WebCrypto: with the same Blob read into memory, and of bytes that are there. */
async function hashing(page: Tab): Promise<object> {
  const figures: Record<string, object> = {};
  const { certificate } = signer();
  const request = {
    ...{ format: "cades", packaging: "detached", documents: [{}], certificate },
    ...{ algorithm: { scheme: "ecdsa", hash: "SHA-256" }, statement: { signingTime: now() } },
  };
  for (const [name, size] of Object.entries(HASHED)) {
    const path = join(folder, `${name}.bin`);
    writeZeros(path, size);
    await choose(page, path);
    const rounds: { own: number; read: number; held: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { milliseconds: own } = await call(page, `["prepare", [${JSON.stringify(request)}, [window.chosen]]]`);
      const theirs = await page.evaluate<{ read: number; held: number }>(`(async () => {
        const started = performance.now();
        const bytes = await window.chosen.arrayBuffer();
        const held = performance.now();
        await crypto.subtle.digest("SHA-256", bytes);
        const ended = performance.now();
        return { read: ended - started, held: ended - held };
      })()`);
      rounds.push({ own, ...theirs });
    }
    figures[name] = {
      bytes: size,
      milliseconds: middle(rounds.map(({ own }) => own)),
      webCryptoMilliseconds: middle(rounds.map(({ read }) => read)),
      speedByWebCrypto: middle(rounds.map(({ own, read }) => read / own)),
      // reading is ours alone then
      speedByWebCryptoOnBytesHeld: middle(rounds.map(({ own, held }) => held / own)),
    };
    rmSync(path);
  }
  return figures;
}

/** The module's size as a store compresses it; the build refuses more. */
function moduleSize(): object {
  const bytes = readFileSync(join(EXTENSION_IN_CHROMIUM, "documents.wasm"));
  return { bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length, gzipBytesAtMost: 900 * 1024 };
}

/** The extension's own worker, which writes down what it reads and what memory its WebAssembly has. */
async function startWorker(page: Tab): Promise<void> {
  await page.evaluate('window.worker = new Worker("documents_worker.js"); new Promise((done) => setTimeout(done, 1000))');
  const worker = (page as unknown as WithWorkers).workers().at(-1);
  if (worker === undefined) throw new Error("the worker for documents does not start");
  await worker.evaluate(`(() => {
    const read = FileReaderSync.prototype.readAsArrayBuffer;
    const Instance = WebAssembly.Instance;
    self.memories = [];
    self.bytesRead = 0;
    const wasmBytes = () => Math.max(0, ...self.memories.map(({ buffer }) => buffer.byteLength));
    FileReaderSync.prototype.readAsArrayBuffer = function (blob) {
      self.bytesRead += blob.size;
      return read.call(this, blob);
    };
    WebAssembly.Instance = function (...given) {
      const made = new Instance(...given);
      self.memories.push(made.exports.memory);
      return made;
    };
    // memory grows and never shrinks: what an instance has at its end is its most
    const { postMessage } = self;
    self.postMessage = (answer) => {
      postMessage.call(self, { ...answer, bytesRead: self.bytesRead, wasmBytes: wasmBytes() });
      self.bytesRead = 0;
      self.memories = self.memories.slice(-1);
    };
  })()`);
}

/** Calls the worker; what it gives is kept in a variable of the page. */
async function call(page: Tab, called: string, keep = "given"): Promise<Called> {
  const answer = await page.evaluate<Called & { failed?: string }>(`new Promise((resolve) => {
    const [name, given] = ${called};
    const started = performance.now();
    window.worker.onmessage = ({ data }) => {
      const milliseconds = performance.now() - started;
      window[${JSON.stringify(keep)}] = data.result;
      const failed = data.outcome === "done" ? {} : { failed: JSON.stringify(data) };
      const { bytesRead, wasmBytes } = data;
      resolve({ milliseconds, bytesRead, wasmBytes, ...failed });
    };
    window.worker.postMessage({ name, given });
  })`);
  if (answer.failed !== undefined) throw new Error(`the worker for documents: ${answer.failed}`);
  return answer;
}

/** The person chooses a file; the page's own field is left alone. */
async function choose(page: Tab, path: string): Promise<void> {
  await page.evaluate(`(() => {
    document.querySelector("#measured")?.remove();
    const field = Object.assign(document.createElement("input"), { type: "file", id: "measured" });
    document.body.append(field);
  })()`);
  await chooseFiles(page, "#measured", path);
  await page.evaluate('window.chosen = document.querySelector("#measured").files[0]');
}

/** The process of the extension's pages: one that runs for an extension, and holds the most. */
function pageProcess(browser: Browser): number {
  const found = descendants(browser.processId()).filter(({ words }) => {
    // Chromium writes its renderers' command lines as one word
    const said = words.join(" ");
    return said.includes("--type=renderer") && said.includes("--extension-process");
  });
  const [one] = found.sort((a, b) => resident(b.pid) - resident(a.pid));
  if (one === undefined) throw new Error("no process runs the extension");
  return one.pid;
}

function status(pid: number, field: string): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m"));
  return Number(line?.[1]) * 1024;
}

function resident(pid: number): number {
  return status(pid, "VmRSS");
}

/** From now on (proc(5), clear_refs). */
function startPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

function peak(pid: number): number {
  return status(pid, "VmHWM");
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function ratio(part: number, whole: number): number {
  return Math.round((1000 * part) / whole) / 1000;
}

function middle(all: number[]): number {
  return Math.round(100 * ([...all].sort((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN)) / 100;
}

/** A certificate for documents, and its key. */
function signer(): { certificate: string; key: ReturnType<typeof createPrivateKey> } {
  const [key, out] = [join(folder, "key.pem"), join(folder, "certificate.der")];
  execFileSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=A"],
    ...["-addext", "keyUsage=critical,nonRepudiation", "-keyout", key, "-outform", "DER", "-out", out],
  ], { stdio: "pipe" });
  return { certificate: readFileSync(out).toString("base64"), key: createPrivateKey(readFileSync(key)) };
}

function writeZeros(path: string, size: number): void {
  const [file, piece] = [openSync(path, "w"), Buffer.alloc(2 ** 20)];
  for (let left = size; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(piece.length, left));
  closeSync(file);
}

/** A PDF of one page with so many bytes that no signature needs. */
function writePdf(path: string, ballast: number): void {
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
  writeFileSync(path, Buffer.concat(pieces));
}
