import type { Appearance } from "../generated/Appearance";
import type { CertificateWanted } from "../generated/CertificateWanted";
import type { ErrorReport } from "../generated/ErrorReport";
import type { FailureReport } from "../generated/FailureReport";
import type { Language } from "../generated/Language";
import type { SigningReply } from "../generated/SigningReply";
import type { SigningRequest } from "../generated/SigningRequest";
import type { SigningStage } from "../generated/SigningStage";
import { Catalogue } from "../catalogue.ts";
import { ERRORS } from "../errors.ts";
import { languageOf, loadSettings } from "../settings.ts";
import { DocumentsPort, type RawPort } from "./documents_port.ts";
import { fromBase64 } from "../documents/base64.ts";
import type { NamedFile, SignedFile, Wish } from "./flow.ts";
import { HostFailure } from "./host_requests.ts";
import { forPage, readRequest, reportOf } from "./page_request.ts";
import { SITE_IMAGE, type SignatureImage, signatureImage } from "./signature_image.ts";
import { snapshot } from "./snapshot.ts";
import { type Asking, documentsPort, MOST_TOGETHER, SIGNING_WINDOW_PORT, type ToWindow } from "./messages.ts";

/** What a site asks. */
export interface SiteRequest {
  origin: string;
  wish: Wish;
  /** The language that it asks for. */
  asked: Language | undefined;
  files: NamedFile[];
  /** Where the site puts the visible signature, and what it wants it to show. */
  placed: SitePlacement | undefined;
}

/** A site's visible signature. */
export interface SitePlacement extends Omit<Appearance, "image"> {
  image?: SignatureImage;
}

/** What becomes of it. */
export interface SiteJobEvents {
  asked(request: SiteRequest): void;
  /** The request is none; the site knows already. */
  refused(report: ErrorReport): void;
  /** Nobody asked for this window: it was reloaded, or opened by hand. */
  nobody(): void;
  /** The site's document is gone, or gave the request up. */
  gone(): void;
}

/** A site's request, in its signing window: finds the document that asks, takes its documents, gives signed files back. */
export class SiteJob {
  /** The browser's word about who asks; nothing before it is known. */
  origin: string | undefined;
  readonly #token: string;
  #port: DocumentsPort | undefined;

  constructor(token: string) {
    this.#token = token;
  }

  begin(events: SiteJobEvents): void {
    const broker = chrome.runtime.connect({ name: SIGNING_WINDOW_PORT });
    let met = false;
    broker.onMessage.addListener((message: ToWindow) => {
      met = true;
      this.origin = message.asking.origin;
      this.#meet(message.asking, events);
      broker.disconnect();
    });
    broker.onDisconnect.addListener(() => {
      void chrome.runtime.lastError;
      if (!met) events.nobody();
    });
  }

  progress(stage: string, signed: number, total: number): void {
    const known: { readonly [stage: string]: SigningStage } = {
      certificate: "waiting-for-person",
      preparing: "finishing",
      "waiting-for-person": "waiting-for-person",
      signing: "signing",
      finishing: "finishing",
      raising: "finishing",
    };
    const named = known[stage];
    if (named !== undefined) this.#tell({ type: "signing-progress", stage: named, signed, total });
  }

  async deliver(files: readonly SignedFile[], stopped: FailureReport | undefined): Promise<void> {
    const documents = files.map(({ name, type, level }) => ({ name, type, level }));
    const reply: SigningReply = { type: "signed-documents", documents, ...(stopped && { stopped }) };
    await this.#port?.send(reply, files.map(({ blob }) => blob));
  }

  refuse(error: FailureReport): void {
    this.#tell({ type: "failure", error });
  }

  /** This window is left. */
  leave(): void {
    this.#port?.disconnect();
  }

  #tell(reply: SigningReply): void {
    void this.#port?.send(reply);
  }

  #meet({ origin, tabId, documentId }: Asking, events: SiteJobEvents): void {
    const options = { name: documentsPort(this.#token), ...(documentId === undefined ? { frameId: 0 } : { documentId }) };
    const port = new DocumentsPort(chrome.tabs.connect(tabId, options) as RawPort, MOST_TOGETHER);
    this.#port = port;
    port.gone = () => events.gone();
    port.heard = (message, blobs) => {
      // one request: what the person looks at does not change
      port.heard = undefined;
      void this.#asked(message, blobs, origin, events);
    };
  }

  async #asked(message: object, blobs: readonly Blob[], origin: string, events: SiteJobEvents): Promise<void> {
    try {
      const { request } = message as { request?: unknown };
      const asked = await readRequest(typeof request === "string" ? request : "");
      if (asked.type !== "sign") throw requestFault("the request is not about documents");
      const fits = blobs.length === asked.documents.length && blobs.every(({ size }, at) => size === asked.documents[at]?.size);
      if (!fits) throw requestFault("the documents are not those of the request");
      const files = await filesOf(asked, blobs);
      const placed = asked.appearance && (await placedOf(asked.appearance));
      this.#tell({ type: "signing-progress", stage: "showing", signed: 0, total: blobs.length });
      events.asked({ origin, wish: wishOf(asked), asked: asked.language, files, placed });
    } catch (error) {
      const report = reportOf(error, "document-not-readable");
      this.refuse(new Catalogue(languageOf(await loadSettings()), ERRORS).failure(forPage(report)));
      events.refused(report);
    }
  }
}

type Sign = Extract<SigningRequest, { type: "sign" }>;

function wishOf({ format, level, packaging, certificate }: Sign): Wish {
  return { format, level, packaging, certificate: certificate satisfies CertificateWanted };
}

async function placedOf({ image: encoded, ...place }: Appearance): Promise<SitePlacement> {
  if (encoded === undefined) return place;
  const image = await signatureImage(new Blob([fromBase64(encoded)]), SITE_IMAGE);
  if (image === undefined) throw requestFault(`the image cannot be read, or has more than ${SITE_IMAGE.side} pixels on a side`);
  return { ...place, image };
}

/** The documents as they are now. What is signed as a PDF is shown as one, whatever the site calls it. */
async function filesOf({ documents, format }: Sign, blobs: readonly Blob[]): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  for (const [at, blob] of blobs.entries()) {
    const { name = "", type = "" } = documents[at] ?? {};
    files.push({ name, type: format === "pades" ? "application/pdf" : type, blob: await snapshot(blob) });
  }
  return files;
}

const requestFault = (detail: string): HostFailure => new HostFailure({ code: "request-invalid", detail });
