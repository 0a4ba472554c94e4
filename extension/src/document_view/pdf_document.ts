import type * as PdfJs from "pdfjs-dist";
import { pageText } from "./page_text.ts";
import { type PageShape, quarter } from "./placement.ts";

/** Where the build puts pdf.js and what it loads, beside the pages of the extension. */
const FOLDER = "pdf/";

/** Bytes that are read from the document at once. */
const CHUNK = 1 << 18;

/** Most pixels of an image inside a document: an A4 page at 1,000 dots per inch. */
const MAX_IMAGE = 100_000_000;

/** Why a document cannot be drawn. */
export class PdfRefused extends Error {
  readonly reason: "pdf-password" | "pdf-unreadable";

  constructor(reason: PdfRefused["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

/** What a document holds beside what its pages show. */
export type Beside = "pdf-form" | "pdf-scripts" | "pdf-attachments" | "pdf-layers";

/**
 * A PDF, parsed in a worker that ends with it.
 *
 * pdf.js gets ranges of the document as it asks for them. It runs no scripts of documents (its sandbox is not in the package, and it
 * has no code that evaluates text), draws no XFA, and gets no layer of links or fields to click: annotations are drawn as pictures.
 */
export class PdfDocument {
  readonly #library: typeof PdfJs;
  readonly #blob: Blob;
  readonly #worker: Worker;
  readonly #port: PdfJs.PDFWorker;
  /** Rejects when the worker or the document cannot be read any more. */
  readonly #broken: Promise<never>;
  readonly #break: (reason: Error) => void;
  /** How many images could not be decoded. */
  #missing = 0;
  #strict: Promise<PdfJs.PDFDocumentProxy> | undefined;
  #lenient: Promise<PdfJs.PDFDocumentProxy> | undefined;
  /** Number of its pages. */
  pages = 0;

  private constructor(library: typeof PdfJs, blob: Blob) {
    this.#library = library;
    this.#blob = blob;
    const { promise, reject } = deferred();
    // it is raced, and may break when nobody waits
    promise.catch(() => undefined);
    [this.#broken, this.#break] = [promise, reject];
    // the own worker: pdf.js would fall back to parsing in the page
    this.#worker = new Worker(file("pdf.worker.min.mjs"), { type: "module" });
    this.#worker.addEventListener("error", () => reject(new PdfRefused("pdf-unreadable")));
    this.#worker.addEventListener("message", ({ data }: MessageEvent<WorkerSaid>) => {
      if (lacksImage(data)) this.#missing += 1;
    });
    this.#port = library.PDFWorker.create({ port: this.#worker, verbosity: library.VerbosityLevel.ERRORS });
  }

  /** Opens a document. Rejects with {@link PdfRefused}. */
  static async open(blob: Blob): Promise<PdfDocument> {
    const library = await load();
    const document = new PdfDocument(library, blob);
    try {
      const strict = await document.#race(document.#opened("strict"));
      document.pages = strict.numPages;
      return document;
    } catch (error) {
      document.close();
      throw new PdfRefused(error instanceof library.PasswordException ? "pdf-password" : "pdf-unreadable");
    }
  }

  /** What it holds beside what its pages show. */
  async beside(): Promise<Beside[]> {
    const document = await this.#opened("strict");
    const settled = <Value>(asked: Promise<Value>, otherwise: Value): Promise<Value> => this.#race(asked).catch(() => otherwise);
    const [{ info }, scripts, attachments, layers] = await Promise.all([
      settled<{ info: object }>(document.getMetadata(), { info: {} }),
      settled(document.hasJSActions(), false),
      settled<ReadonlyMap<string, unknown> | null>(document.getAttachments(), null),
      settled<Iterable<[string, { visible: boolean }]>>(document.getOptionalContentConfig(), []),
    ]);
    const found: Beside[] = [];
    if ("IsXFAPresent" in info && info.IsXFAPresent === true) found.push("pdf-form");
    if (scripts) found.push("pdf-scripts");
    if (attachments !== null && attachments.size > 0) found.push("pdf-attachments");
    if ([...layers].some(([, { visible }]) => !visible)) found.push("pdf-layers");
    return found;
  }

  /** The shape of a page. */
  async shape(number: number): Promise<PageShape> {
    const { view, rotate, userUnit } = await this.#page("strict", number);
    const [left = 0, bottom = 0, right = 0, top = 0] = view;
    return { view: [left, bottom, right, top], rotation: quarter(rotate), userUnit };
  }

  /**
   * Draws a page; `scale` is in pixels for one of its units. False if something on the page could not be read, and is missing.
   * Stops, and rejects, when the signal says so.
   */
  async draw(number: number, canvas: HTMLCanvasElement, scale: number, stop: AbortSignal): Promise<boolean> {
    const missing = this.#missing;
    try {
      await this.#drawn("strict", number, canvas, scale, stop);
      return this.#missing === missing;
    } catch (error) {
      if (stop.aborted) throw error;
    }
    await this.#drawn("lenient", number, canvas, scale, stop);
    return false;
  }

  /** The text of a page as the document has it, the first part of a long one. */
  async text(number: number): Promise<string> {
    const page = await this.#page("strict", number);
    const { items } = await this.#race(page.getTextContent());
    return pageText(items.filter((item) => "str" in item));
  }

  /** Ends the worker, and with it everything that was parsed. */
  close(): void {
    for (const opened of [this.#strict, this.#lenient]) void opened?.then((document) => document.loadingTask.destroy()).catch(() => undefined);
    this.#port.destroy();
    this.#worker.terminate();
    this.#break(new PdfRefused("pdf-unreadable"));
  }

  async #drawn(manner: "strict" | "lenient", number: number, canvas: HTMLCanvasElement, scale: number, stop: AbortSignal): Promise<void> {
    const page = await this.#page(manner, number);
    stop.throwIfAborted();
    const viewport = page.getViewport({ scale });
    canvas.width = Math.max(1, Math.floor(viewport.width));
    canvas.height = Math.max(1, Math.floor(viewport.height));
    const task = page.render({ canvas, viewport, annotationMode: this.#library.AnnotationMode.ENABLE, background: "#ffffff" });
    const cancel = (): void => task.cancel();
    stop.addEventListener("abort", cancel);
    try {
      await this.#race(task.promise);
    } finally {
      stop.removeEventListener("abort", cancel);
      // what was parsed for it; it is parsed anew when it is wanted again
      page.cleanup();
    }
  }

  async #page(manner: "strict" | "lenient", number: number): Promise<PdfJs.PDFPageProxy> {
    return this.#race((await this.#race(this.#opened(manner))).getPage(number));
  }

  /** The document, with or without mercy for what is wrong with a page: pdf.js says that something is missing only without. */
  #opened(manner: "strict" | "lenient"): Promise<PdfJs.PDFDocumentProxy> {
    if (manner === "lenient") return (this.#lenient ??= this.#open(false));
    return (this.#strict ??= this.#open(true));
  }

  #open(stopAtErrors: boolean): Promise<PdfJs.PDFDocumentProxy> {
    const ranges = new this.#library.PDFDataRangeTransport(this.#blob.size, null);
    ranges.requestDataRange = (begin: number, end: number): void => {
      this.#blob.slice(begin, end).arrayBuffer().then(
        (bytes) => ranges.onDataRange(begin, new Uint8Array(bytes)),
        // the file was changed or taken away
        () => this.#break(new PdfRefused("pdf-unreadable")),
      );
    };
    return this.#library.getDocument({
      worker: this.#port,
      range: ranges,
      rangeChunkSize: CHUNK,
      disableAutoFetch: true,
      disableStream: true,
      stopAtErrors,
      maxImageSize: MAX_IMAGE,
      enableXfa: false,
      verbosity: this.#library.VerbosityLevel.ERRORS,
      // fonts of the package before those of the computer, so that a document looks the same everywhere
      useSystemFonts: false,
      // the worker asks the page for what is in the package, and fetches nothing
      useWorkerFetch: false,
      BinaryDataFactory: PackageFiles,
      disableWorkerRendering: true,
    }).promise;
  }

  #race<Value>(asked: Promise<Value>): Promise<Value> {
    return Promise.race([asked, this.#broken]);
  }
}

/** What the worker of pdf.js says to its page. */
interface WorkerSaid {
  action?: string;
  data?: unknown;
}

/** Whether it gives nothing in the place of an image. pdf.js leaves such an image out and tells nobody: a test sees to it that this holds. */
function lacksImage({ action, data }: WorkerSaid): boolean {
  const gives = action === "obj" || action === "commonobj";
  return gives && Array.isArray(data) && data.at(-2) === "Image" && data.at(-1) === null;
}

/** Where the files are that pdf.js asks for, and what they are called. */
const FILES: { readonly [kind: string]: { folder: string; names: RegExp } } = {
  cMapUrl: { folder: "cmaps", names: /^[\w-]+\.bcmap$/ },
  // those without serifs are not in the package: the browser's own stand for them
  standardFontDataUrl: { folder: "standard_fonts", names: /^Foxit\w+\.pfb$/ },
  wasmUrl: { folder: "wasm", names: /^(jbig2|openjpeg)\.wasm$/ },
};

/** Gives pdf.js files of the package, and nothing else. */
class PackageFiles {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const { folder, names } = FILES[kind] ?? {};
    if (names?.test(filename) !== true) throw new Error(`${filename} is not in the package`);
    const response = await fetch(file(`${folder}/${filename}`));
    if (!response.ok) throw new Error(`${filename} cannot be read`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

let library: Promise<typeof PdfJs> | undefined;

/** pdf.js, when the first PDF is to be shown. */
function load(): Promise<typeof PdfJs> {
  library ??= import(file("pdf.min.mjs")) as Promise<typeof PdfJs>;
  return library;
}

function file(name: string): string {
  return new URL(`${FOLDER}${name}`, location.href).href;
}

function deferred(): { promise: Promise<never>; reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_, refuse) => (reject = refuse));
  return { promise, reject };
}
