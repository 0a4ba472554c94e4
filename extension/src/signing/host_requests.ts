import { type NativePortListener, NativePort, type NativeRuntime } from "../background/native_port.ts";
import type { HostGoneCause } from "../background/core.ts";
import type { DigestToSign } from "../generated/DigestToSign";
import type { DocumentToSign } from "../generated/DocumentToSign";
import type { DocumentTrust } from "../generated/DocumentTrust";
import type { ErrorCode } from "../generated/ErrorCode";
import type { ErrorReport } from "../generated/ErrorReport";
import type { Freshness } from "../generated/Freshness";
import type { FromHost } from "../generated/FromHost";
import type { Language } from "../generated/Language";
import type { SigningCertificate } from "../generated/SigningCertificate";
import type { Stage } from "../generated/Stage";
import type { ToHost } from "../generated/ToHost";
import type { TokenAlgorithm } from "../generated/TokenAlgorithm";
import type { WantedData } from "../generated/WantedData";

/** Versions of the host's protocol that this file speaks. */
const VERSIONS = [1];

/** A host that has not said hello by then does not, in milliseconds; the core waits as long. */
const GREETING = 5000;

/** Most characters that the parts of one answer have together. */
const MAX_JOINED = 64 * 1024 * 1024;

/** Longest request to the host (`MAX_TO_HOST` of the protocol), and longest bytes to be signed in base64 that hold only digests (`MAX_OF_DIGESTS` of the reader). */
const MOST_TO_HOST = 4 * 1024 * 1024 - 16 * 1024;
const MOST_OF_ONE = (256 * 1024 * 4) / 3;

/** Why a request to the host came to nothing. */
export class HostFailure extends Error {
  override readonly name = "HostFailure";
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.code);
    this.report = report;
  }
}

/** Who asks, in which language. Without an origin it is the holder, on a page of the extension. */
export interface Asker {
  origin?: string;
  language: Language;
}

/** How a request goes on. */
export interface HostProgress {
  stage?(stage: Stage): void;
  signed?(count: number, total: number): void;
}

/** What was signed. */
export interface MadeSignatures {
  /** In base64, in the order of the documents. */
  signatures: string[];
  /** Why there are fewer than documents. */
  stopped?: ErrorReport;
}

type Wanted = Extract<ToHost, { type: "signing-certificates" | "sign" | "sign-digests" | "document-trust" | "validation-services" | "fetch-validation-data" }>;
type Request = Wanted extends infer One ? (One extends Wanted ? Omit<One, "id"> : never) : never;

/** One of the host's answers, by its type. */
type Answer<Type extends FromHost["type"]> = Extract<FromHost, { type: Type }>;

/** Requests about documents to the host, over a port of their own; one at a time. */
export class HostRequests implements NativePortListener {
  readonly #extension: string;
  readonly #native: NativePort;
  #parts: { id: string; count: number; texts: string[]; length: number } | undefined;
  #greeted: { promise: Promise<void>; resolve: () => void; reject: (error: HostFailure) => void } | undefined;
  #running: { id: string; progress: HostProgress; resolve: (frame: FromHost) => void; reject: (error: HostFailure) => void } | undefined;

  /** @param extension this extension's version */
  constructor(runtime: NativeRuntime, extension: string) {
    this.#extension = extension;
    this.#native = new NativePort(runtime, this);
  }

  /** Which certificates the card has for documents. The person agrees. */
  async certificates(asker: Asker, progress: HostProgress): Promise<SigningCertificate[]> {
    const answer = await this.#ask({ type: "signing-certificates", ...asker }, "signing-certificates", progress);
    return answer.certificates;
  }

  /** Signs documents; the person sees them in the host's window. */
  async sign(asker: Asker, certificate: string, algorithm: TokenAlgorithm, documents: DocumentToSign[], progress: HostProgress): Promise<MadeSignatures> {
    // base64 has four characters for three bytes; what surrounds them is short
    const together = documents.reduce((sum, { name, toBeSigned }) => sum + toBeSigned.length + 3 * name.length + 100, 0);
    if (together > MOST_TO_HOST || documents.some(({ format, toBeSigned }) => format !== "jws-signing-input" && toBeSigned.length > MOST_OF_ONE)) {
      throw new HostFailure({ code: "request-too-large", detail: "what is to be signed is too long for the host" });
    }
    return this.#ask({ type: "sign", ...asker, certificate, algorithm, documents }, "signatures", progress);
  }

  /** Signs digests. */
  signDigests(asker: Required<Asker>, certificate: string, digests: DigestToSign[], progress: HostProgress): Promise<MadeSignatures> {
    return this.#ask({ type: "sign-digests", ...asker, certificate, digests }, "signatures", progress);
  }

  /** Whom the administrator's configuration names. Nobody is asked, neither the person nor a service. */
  validationServices(): Promise<Answer<"validation-services">> {
    return this.#ask({ type: "validation-services" }, "validation-services", {});
  }

  /** Authorities of the installed trust packs. Nobody is asked, neither the person nor a service. */
  async documentTrust(): Promise<DocumentTrust[]> {
    return (await this.#ask({ type: "document-trust" }, "document-trust", {})).packs;
  }

  /** Fetches validation data from whom the person allowed to be asked: in base64, and not verified. */
  fetch(wanted: WantedData, freshness: Freshness = "kept"): Promise<Answer<"validation-data">> {
    // what comes along is a list
    if ("list" in wanted && wanted.list !== undefined && wanted.list.length > MOST_TO_HOST) {
      return Promise.reject(new HostFailure({ code: "request-too-large", detail: "the list is too long for the host" }));
    }
    return this.#ask({ type: "fetch-validation-data", wanted, ...(freshness !== "kept" && { freshness }) }, "validation-data", {});
  }

  /** Gives up what is asked, and the host's window with it. */
  close(): void {
    this.#drop({ code: "request-aborted" });
  }

  frame(json: string): void {
    const part = JSON.parse(json) as FromHost;
    if (part.type === "hello") return this.#hello(part);
    const frame = part.type === "chunk" ? this.#joined(part) : part;
    if (frame === undefined) return;
    if (frame.type === "failure" && frame.id === undefined) return this.#drop(frame.error);
    const running = this.#running;
    if (running === undefined || !("id" in frame) || frame.id !== running.id) return;
    if (frame.type === "progress") return running.progress.stage?.(frame.stage);
    if (frame.type === "signed") return running.progress.signed?.(frame.count, frame.total);
    this.#running = undefined;
    if (frame.type === "failure") running.reject(new HostFailure(frame.error));
    else running.resolve(frame);
  }

  #hello({ version: chosen, versions }: Answer<"hello">): void {
    if (chosen !== undefined && VERSIONS.includes(chosen)) return this.#greeted?.resolve();
    const isOld = versions.every((spoken) => spoken < Math.min(...VERSIONS));
    this.#drop({ code: isOld ? "host-too-old" : "extension-too-old" });
  }

  /** The answer that comes in parts, when the last is there. */
  #joined({ id, index, count, data }: Answer<"chunk">): FromHost | undefined {
    const parts = (this.#parts ??= { id, count, texts: [], length: 0 });
    parts.length += data.length;
    if (parts.id !== id || parts.count !== count || parts.texts.length !== index || parts.length > MAX_JOINED) {
      this.#drop({ code: "host-misbehaved", detail: "parts of an answer that do not belong together" });
      return undefined;
    }
    parts.texts.push(data);
    if (parts.texts.length < count) return undefined;
    this.#parts = undefined;
    return JSON.parse(parts.texts.join("")) as FromHost;
  }

  gone(cause: HostGoneCause, reason: string): void {
    this.#drop({ code: GONE[cause], detail: reason });
  }

  async #ask<Type extends FromHost["type"]>(request: Request, answer: Type, progress: HostProgress): Promise<Answer<Type>> {
    if (this.#running !== undefined) throw new HostFailure({ code: "request-pending" });
    const id = crypto.randomUUID();
    const answered = new Promise<FromHost>((resolve, reject) => (this.#running = { id, progress, resolve, reject }));
    // who waits for the greeting hears of a failure there, too
    answered.catch(() => undefined);
    await this.#greet();
    this.#native.send({ id, ...request });
    const frame = await answered;
    if (frame.type !== answer) throw new HostFailure({ code: "internal-error", detail: `the host answered with ${frame.type}` });
    return frame as Answer<Type>;
  }

  #greet(): Promise<void> {
    if (this.#greeted === undefined) {
      let resolve = (): void => undefined;
      let reject = (_: HostFailure): void => undefined;
      const promise = new Promise<void>((good, bad) => ([resolve, reject] = [good, bad]));
      this.#greeted = { promise, resolve, reject };
      this.#native.open();
      this.#native.send({ type: "hello", versions: VERSIONS, extension: this.#extension });
      const timer = setTimeout(() => this.#drop({ code: "host-crashed", detail: "no hello within 5 s" }), GREETING);
      const stop = (): void => clearTimeout(timer);
      promise.then(stop, stop);
    }
    return this.#greeted.promise;
  }

  #drop(report: ErrorReport): void {
    const greeted = this.#greeted;
    this.#greeted = undefined;
    this.#parts = undefined;
    this.#native.close();
    this.#fail(report);
    greeted?.reject(new HostFailure(report));
  }

  #fail(report: ErrorReport): void {
    const running = this.#running;
    this.#running = undefined;
    running?.reject(new HostFailure(report));
  }
}

/** What each end of the port means for the person. */
const GONE: { readonly [cause in HostGoneCause]: ErrorCode } = {
  missing: "host-missing",
  forbidden: "host-forbidden",
  ended: "host-crashed",
  permission: "permission-missing",
};
