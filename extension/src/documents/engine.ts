/**
 * Documents: prepares, finishes, raises and verifies signed files, in a worker of its own that is started when it is used first.
 *
 * Files stay where they are: the worker reads the ranges that it needs. Calls run one after the other. If one breaks the worker,
 * only that one fails; the next gets a fresh worker.
 */
import type { CertificateWanted } from "../generated/CertificateWanted";
import type { Answer, Call, Functions, Name } from "./messages.ts";
import type { Code, Lettered, LetteringWanted, ListSummary, Overview, Plan, Prepared, Raised, StatedList, Verified } from "./results.ts";

/** Where the build puts the worker, relative to the extension's pages. */
const WORKER = "documents_worker.js";

/** Why there is no result: a code of the module, or one of ours. */
export type EngineCode = Code | "file-unreadable" | "closed";

/** There is no result. Compare `code`, never `message`. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineCode;

  constructor(code: EngineCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What is needed of a worker. */
export type DocumentsWorker = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror" | "onmessageerror">;

/** A call that waits for its turn, or for its answer. */
interface Job {
  call: Call;
  resolve(result: ReturnType<Functions[Name]>): void;
  reject(error: EngineError): void;
}

export class Engine {
  readonly #start: () => DocumentsWorker;
  readonly #jobs: Job[] = [];
  #worker: DocumentsWorker | undefined;
  /** Whether the first of the jobs is with the worker. */
  #isBusy = false;

  constructor(start: () => DocumentsWorker = () => new Worker(WORKER)) {
    this.#start = start;
  }

  /** How a request will be signed. `request`: as `Request` of `sdk/sign/wasm` reads it, bytes in base64. */
  plan(request: object): Promise<Plan> {
    return this.#run("plan", [request]);
  }

  /** Active content, pages and fields of a PDF, of which only the structure is read. */
  inspect(file: Blob): Promise<Overview> {
    return this.#run("inspect", [file]);
  }

  /**
   * The first step: what has to be signed. `files` are the request's documents in their order; of a PDF some ranges are read, and
   * of what is detached only digests are taken. A document whose digest stands in the request needs no file.
   */
  prepare(request: object, files: readonly Blob[]): Promise<Prepared> {
    return this.#run("prepare", [request, files]);
  }

  /** The second step: the signed file. A PDF is given again, since the signature is put at its end. */
  finish(state: Uint8Array, signature: Uint8Array, files: readonly Blob[]): Promise<Blob> {
    return this.#run("finish", [state, signature, files]);
  }

  /** Validates every signature of a file. `asked`: `Verification` of `sdk/sign/wasm`; its `detached` names the documents beside. */
  verify(file: Blob, asked: object, beside: readonly Blob[]): Promise<Verified> {
    return this.#run("verify", [file, asked, beside]);
  }

  /** Raises every signature of a file. `asked`: `Raise` of `sdk/sign/wasm`, with the answers to needs of earlier rounds. */
  raise(file: Blob, asked: object, beside: readonly Blob[]): Promise<Raised> {
    return this.#run("raise", [file, asked, beside]);
  }

  /** Verifies trusted lists in their order, and tells what the last one says. `at`: in seconds since 1970. */
  trustedList(lists: readonly StatedList[], at: number): Promise<ListSummary> {
    return this.#run("trustedList", [lists, at]);
  }

  /** What the certificate (DER) calls its holder, the best first. */
  signerNames(certificate: Uint8Array): Promise<string[]> {
    return this.#run("signerNames", [certificate]);
  }

  /** Whether the certificate (DER) says of itself what is wanted. */
  isWanted(certificate: Uint8Array, wanted: CertificateWanted): Promise<boolean> {
    return this.#run("isWanted", [certificate, wanted]);
  }

  /** Sets lines so that they fit; what sets them, and their font, are loaded for it. */
  letter(wanted: LetteringWanted): Promise<Lettered> {
    return this.#run("letter", [wanted]);
  }

  /** Ends the worker, and with it what it knows of files. Calls that wait fail; the next one starts anew. */
  close(): void {
    this.#stop();
    for (const { reject } of this.#jobs.splice(0)) reject(new EngineError("closed", "it was closed"));
  }

  #run<Called extends Name>(name: Called, given: Parameters<Functions[Called]>): Promise<ReturnType<Functions[Called]>> {
    return new Promise((resolve, reject) => {
      const job = { call: { name, given } as Call, resolve: resolve as Job["resolve"], reject };
      this.#jobs.push(job);
      this.#next();
    });
  }

  #next(): void {
    const [job] = this.#jobs;
    if (this.#isBusy || job === undefined) return;
    this.#isBusy = true;
    try {
      this.#worker ??= this.#started();
      this.#worker.postMessage(job.call);
    } catch (error) {
      // what cannot be sent, or a worker that cannot be started
      this.#broken(String(error));
    }
  }

  #started(): DocumentsWorker {
    const worker = this.#start();
    // of a worker that was ended a message may be under way still
    const heard = (hear: () => void): void => {
      if (worker === this.#worker) hear();
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => heard(() => this.#answered(data));
    worker.onerror = ({ message }: ErrorEvent) => heard(() => this.#broken(message));
    worker.onmessageerror = () => heard(() => this.#broken("an answer could not be read"));
    return worker;
  }

  #answered(answer: Answer): void {
    switch (answer.outcome) {
      case "done":
        return this.#settle(({ resolve }) => resolve(answer.result));
      case "refused":
        return this.#settle(({ reject }) => reject(new EngineError(answer.refusal.code, answer.refusal.message)));
      case "unreadable":
        return this.#settle(({ reject }) => reject(new EngineError("file-unreadable", answer.message)));
      case "broken":
        return this.#broken(answer.message);
    }
  }

  #broken(message: string): void {
    this.#stop();
    this.#settle(({ reject }) => reject(new EngineError("internal", `the module for documents broke: ${message}`)));
  }

  #settle(how: (job: Job) => void): void {
    this.#isBusy = false;
    const job = this.#jobs.shift();
    if (job !== undefined) how(job);
    this.#next();
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isBusy = false;
  }
}
