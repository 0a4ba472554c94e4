/**
 * The worker for documents: calls the WebAssembly module, which is loaded with it. It has no network but the extension's own
 * package, and reads files only by the ranges that the module asks for.
 */
import {
  __wbg_reset_state as freshMemory,
  Contents,
  contentsNeeded,
  type Finished,
  finish,
  initSync,
  inspect,
  isWanted,
  place,
  plan,
  prepare,
  raise,
  signerNames,
  trustedList,
  verify,
} from "bitaqa-documents";
import { __wbg_reset_state as freshLettering, fit, initSync as initLettering } from "bitaqa-lettering";
import { base64 } from "./documents/base64.ts";
import { digestOf } from "./documents/digest.ts";
import { RangeFile, Unreadable } from "./documents/file_reader.ts";
import type { Answer, Call, Functions, Name } from "./documents/messages.ts";
import type { HashName, Lettered, ListSummary, Need, Overview, Plan, Prepared, Reached, Refusal, Verified } from "./documents/results.ts";

/** Where the build puts the module, what sets text, and the font in which it does, relative to the extension. */
const [FILE, LETTERING, FONT] = ["documents.wasm", "lettering.wasm", "BitaqaSans-Regular.ttf"];

/** A request, as far as it is looked at here. */
interface Request {
  documents?: { digest?: string }[];
}

let loaded: Promise<void> | undefined;
/** The font; what sets text in it is loaded with it, where a signature is to be seen. */
let font: Promise<Uint8Array> | undefined;
/** Files of the call that runs. */
let opened: RangeFile[] = [];

const FUNCTIONS: { [name in Name]: (...given: Parameters<Functions[name]>) => ReturnType<Functions[name]> | Promise<ReturnType<Functions[name]>> } = {
  plan: (request) => JSON.parse(plan(JSON.stringify(request))) as Plan,
  inspect: (file) => JSON.parse(inspect(open(file))) as Overview,
  prepare: prepared,
  finish(state, signature, files) {
    const needed = files.slice(0, contentsNeeded(state));
    return whole(finish(state, signature, contents(needed)), files[0]);
  },
  verify: (file, asked, beside) => JSON.parse(verify(open(file), JSON.stringify(asked), contents(beside))) as Verified,
  raise(file, asked, beside) {
    const raised = raise(open(file), JSON.stringify(asked), contents(beside));
    const reached = raised.reached();
    if (reached === undefined) return { needs: JSON.parse(raised.needs() ?? "[]") as Need[] };
    const made = raised.file();
    return { file: made === undefined ? file : whole(made, file), reached: JSON.parse(reached) as Reached };
  },
  trustedList: (lists, at) => JSON.parse(trustedList(JSON.stringify(lists), at)) as ListSummary,
  signerNames: (certificate) => JSON.parse(signerNames(certificate)) as string[],
  isWanted: (certificate, wanted) => isWanted(certificate, JSON.stringify(wanted)),
  async letter(wanted) {
    const face = await (font ??= loadLettering());
    const fitted = JSON.parse(fit(face, JSON.stringify(wanted))) as Omit<Lettered, "font">;
    freshLettering();
    return { ...fitted, font: base64(face) };
  },
};

addEventListener("message", ({ data }: MessageEvent<Call>) => void answer(data));

async function answer({ name, given }: Call): Promise<void> {
  try {
    await (loaded ??= load());
    const run = FUNCTIONS[name] as (...given: unknown[]) => ReturnType<Functions[Name]> | Promise<ReturnType<Functions[Name]>>;
    reply({ outcome: "done", result: await run(...given) });
  } catch (error) {
    reply(failure(error));
  }
  opened = [];
  // no call finds what was in the memory of another
  await loaded?.then(freshMemory, () => undefined);
}

function failure(error: unknown): Answer {
  const unreadable = error instanceof Unreadable ? error : opened.find(({ fault }) => fault !== undefined)?.fault;
  if (unreadable !== undefined) return { outcome: "unreadable", message: unreadable.message };
  if (typeof error === "string") return { outcome: "refused", refusal: JSON.parse(error) as Refusal };
  return { outcome: "broken", message: String(error) };
}

function reply(answer: Answer): void {
  postMessage(answer);
}

/** What the plan needs of the files, and with it what is to be signed. */
async function prepared(request: object, files: readonly Blob[]): Promise<Prepared> {
  const { needs, algorithm } = FUNCTIONS.plan(request) as Plan;
  switch (needs) {
    case "contents":
      return signed(request, files);
    case "ranges":
      return signed(await placed(request, files[0] ?? new Blob(), algorithm.hash), []);
    case "digests":
    case "base64url-digests":
      return signed(await digested(request, files, algorithm.hash, needs === "digests" ? "bytes" : "base64url"), []);
  }
}

function signed(request: object, files: readonly Blob[]): Prepared {
  const made = prepare(JSON.stringify(request), contents(files));
  return { toBeSigned: made.toBeSigned(), digest: made.digest(), state: made.state() };
}

/** The request with the digests of its documents; of those that have one already no file is looked at. */
async function digested(request: Request, files: readonly Blob[], hash: HashName, form: "bytes" | "base64url"): Promise<object> {
  const documents = (request.documents ?? []).map(async (document, at) => {
    const file = files[at];
    return document.digest !== undefined || file === undefined ? document : { ...document, digest: base64(await digestOf(file, hash, form)) };
  });
  return { ...request, documents: await Promise.all(documents) };
}

/** The request with a place in its PDF, and the digest over it. */
async function placed(request: object, file: Blob, hash: HashName): Promise<object> {
  const found = place(JSON.stringify(request), open(file));
  const kept = JSON.parse(found.request()) as { documents: [object] };
  const digest = await digestOf(new Blob([file, part(found.then())]), hash, "bytes");
  const [document] = kept.documents;
  return { ...kept, documents: [{ ...document, digest: base64(digest) }] };
}

/** The file: what was made, or the one that was there with what was made at its end. */
function whole(made: Finished, file: Blob | undefined): Blob {
  if (!made.isAppended()) return new Blob([part(made.bytes())]);
  if (file === undefined) {
    const refusal: Refusal = { code: "document-missing", message: "the signature belongs at the end of the PDF, which was not given" };
    throw JSON.stringify(refusal);
  }
  return new Blob([file, part(made.bytes())], { type: file.type });
}

/** The module gives copies, which nobody else has. */
function part(bytes: Uint8Array): BlobPart {
  return bytes as Uint8Array<ArrayBuffer>;
}

function contents(files: readonly Blob[]): Contents {
  const all = new Contents();
  for (const file of files) all.add(open(file));
  return all;
}

function open(file: Blob): RangeFile {
  const reader = new RangeFile(file);
  opened.push(reader);
  return reader;
}

async function load(): Promise<void> {
  initSync({ module: await WebAssembly.compile(await bytes(fetch(FILE))) });
}

async function loadLettering(): Promise<Uint8Array> {
  initLettering({ module: await WebAssembly.compile(await bytes(fetch(LETTERING))) });
  return new Uint8Array(await bytes(fetch(FONT)));
}

async function bytes(response: Promise<Response>): Promise<ArrayBuffer> {
  return (await response).arrayBuffer();
}
