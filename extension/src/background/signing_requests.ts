import { initSync, signingRequest } from "bitaqa-documents";
import { Catalogue } from "../catalogue.ts";
import { ERRORS } from "../errors.ts";
import type { ErrorReport } from "../generated/ErrorReport";
import type { Language } from "../generated/Language";
import type { SigningReply } from "../generated/SigningReply";
import type { SigningRequest } from "../generated/SigningRequest";
import { languageOf, type Settings } from "../settings.ts";
import { HostFailure, type HostProgress, HostRequests } from "../signing/host_requests.ts";

/** Where the build puts the module for documents, relative to the extension. */
const FILE = "documents.wasm";

let loaded: Promise<void> | undefined;

/** What is asked, by whom. */
export interface Asked {
  request: string;
  id: string;
  /** The browser's word. */
  origin: string;
  settings: Promise<Settings>;
  /** This extension's version. */
  extension: string;
  heard(reply: SigningReply): void;
}

/**
 * Carries out a request about digests or certificates; gives what ends it. The page's text is read in Rust, by the module for
 * documents, which is loaded for it; the host checks everything once more.
 */
export function carryOut({ request, origin, settings, extension, heard }: Asked): () => void {
  const host = new HostRequests(chrome.runtime, extension);
  let ended = false;
  const say = (reply: SigningReply): void => {
    if (!ended) heard(reply);
  };
  void (async () => {
    const chosen = await settings;
    let language = languageOf(chosen);
    try {
      const asked = await read(request);
      if (chosen.language === undefined && asked.language !== undefined) language = asked.language;
      if (ended) return;
      say(await answer(host, asked, { origin, language }, say));
    } catch (error) {
      say({ type: "failure", error: new Catalogue(language, ERRORS).failure(forPage(reportOf(error))) });
    } finally {
      host.close();
    }
  })();
  return () => {
    ended = true;
    host.close();
  };
}

async function answer(
  host: HostRequests,
  asked: SigningRequest,
  asker: { origin: string; language: Language },
  say: (reply: SigningReply) => void,
): Promise<SigningReply> {
  const total = asked.type === "sign-digests" ? asked.digests.length : 0;
  let signed = 0;
  const progress: HostProgress = {
    stage(stage) {
      if (stage === "waiting-for-person" || stage === "signing") say({ type: "signing-progress", stage, signed, total });
    },
    signed(count) {
      signed = count;
      say({ type: "signing-progress", stage: "signing", signed, total });
    },
  };
  switch (asked.type) {
    case "signing-certificates":
      return { type: "signing-certificates", certificates: await host.certificates(asker, progress) };
    case "sign-digests": {
      const { certificate, algorithm, digests } = asked;
      const { signatures, stopped } = await host.signDigests(asker, certificate, algorithm, digests, progress);
      const why = stopped && new Catalogue(asker.language, ERRORS).failure(forPage(stopped));
      return { type: "signatures", signatures, ...(why && { stopped: why }) };
    }
    case "sign":
      throw new HostFailure({ code: "request-invalid", detail: "documents come beside the request" });
  }
}

/** The page's text, read strictly. */
async function read(text: string): Promise<SigningRequest> {
  await (loaded ??= load());
  return JSON.parse(signingRequest(text)) as SigningRequest;
}

function reportOf(error: unknown): ErrorReport {
  if (error instanceof HostFailure) return error.report;
  // what the module throws
  if (typeof error === "string") return JSON.parse(error) as ErrorReport;
  return { code: "internal-error", detail: String(error) };
}

/** Faults of the page's own, of which it is told the detail; of others it would tell which card is in the reader. */
const OF_THE_PAGE: readonly ErrorReport["code"][] = ["request-invalid", "request-too-large", "document-not-readable"];

function forPage({ detail, ...report }: ErrorReport): ErrorReport {
  return detail !== undefined && OF_THE_PAGE.includes(report.code) ? { ...report, detail } : report;
}

async function load(): Promise<void> {
  const response = await fetch(chrome.runtime.getURL(FILE));
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}
