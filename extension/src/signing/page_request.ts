/** What a page asks about documents, and what it is told where nothing comes of it. */
import { initSync, signingRequest } from "bitaqa-documents";
import type { ErrorCode } from "../generated/ErrorCode";
import type { ErrorReport } from "../generated/ErrorReport";
import type { SigningRequest } from "../generated/SigningRequest";
import { HostFailure } from "./host_requests.ts";

/** Where the build puts the module for documents, relative to the extension. */
const FILE = "documents.wasm";

let loaded: Promise<void> | undefined;

/**
 * Reads the page's text, strictly: in Rust, by the module for documents, which is loaded for it.
 *
 * @throws string, the JSON of an `ErrorReport`
 */
export async function readRequest(text: string): Promise<SigningRequest> {
  await (loaded ??= load());
  return JSON.parse(signingRequest(text)) as SigningRequest;
}

async function load(): Promise<void> {
  const response = await fetch(chrome.runtime.getURL(FILE));
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}

/** What was thrown, as a report; what nobody knows has the code `otherwise`. */
export function reportOf(error: unknown, otherwise: ErrorCode): ErrorReport {
  if (error instanceof HostFailure) return error.report;
  // what the module throws
  if (typeof error === "string") return JSON.parse(error) as ErrorReport;
  return { code: otherwise, detail: String(error) };
}

/** Faults of the page's own, of which it is told the detail; of others it would tell which card is in the reader. */
const OF_THE_PAGE: readonly ErrorCode[] = ["request-invalid", "request-too-large", "document-not-readable"];

/** What a page is told of a failure. */
export function forPage({ detail, ...report }: ErrorReport): ErrorReport {
  return detail !== undefined && OF_THE_PAGE.includes(report.code) ? { ...report, detail } : report;
}
