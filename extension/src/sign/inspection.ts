import { recognise } from "../document_view/kind.ts";
import { type Engine, EngineError } from "../documents/engine.ts";
import type { NamedFile } from "../signing/flow.ts";
import { type Found, isFlagged, risksOf } from "./risks.ts";

/** Where programs look for the header of a PDF (ISO 32000-1 annex H, implementation note 13). */
const HEADER_WITHIN = 1024;

/** What is called a PDF. */
export const isPdf = ({ name, type }: NamedFile): boolean => recognise(type, name).kind === "pdf";

/** What is told of it. */
export interface InspectionEvents {
  /** More is known of a document. */
  found(index: number): void;
  /** All are inspected. */
  done(): void;
}

/**
 * Inspects every PDF of a batch, whatever it is called, one at a time: of each only its structure is read. It has an engine of its own,
 * so that what is drawn meanwhile does not wait for it, and what is slow can be given up.
 */
export class Inspection {
  readonly #engine: Pick<Engine, "inspect" | "close">;
  readonly #events: InspectionEvents;
  #documents: readonly NamedFile[] = [];
  #found: (Found | undefined)[] = [];
  #known = 0;

  constructor(engine: Pick<Engine, "inspect" | "close">, events: InspectionEvents) {
    this.#engine = engine;
    this.#events = events;
  }

  /** How many documents are inspected. */
  get known(): number {
    return this.#known;
  }

  /** Whether every document is. Nobody signs before. */
  get isDone(): boolean {
    return this.#known === this.#documents.length;
  }

  /** What was found in a document; nothing where it was not inspected yet. */
  of(index: number): Found | undefined {
    return this.#found[index];
  }

  /** Positions of the documents of which a person should know something. */
  get flagged(): number[] {
    return this.#found.flatMap((found, index) => (isFlagged(found) ? [index] : []));
  }

  /** Inspects these documents, in place of what it had. */
  async begin(documents: readonly NamedFile[]): Promise<void> {
    this.forget();
    this.#documents = documents;
    this.#found = documents.map(() => undefined);
    for (const [index, document] of documents.entries()) {
      const found = await this.#inspect(document);
      // others came in their place
      if (this.#documents !== documents) return;
      this.#found[index] = found;
      this.#known += 1;
      this.#events.found(index);
    }
    this.#engine.close();
    this.#events.done();
  }

  /** Gives up what is under way, and forgets what was found. */
  forget(): void {
    this.#engine.close();
    this.#documents = [];
    this.#found = [];
    this.#known = 0;
  }

  async #inspect(document: NamedFile): Promise<Found> {
    try {
      if (!isPdf(document) && !(await hasPdfHeader(document.blob))) return { risks: [] };
      return { risks: risksOf((await this.#engine.inspect(document.blob)).risks) };
    } catch (error) {
      return { unreadable: error instanceof EngineError ? error.message : String(error) };
    }
  }
}

/** A file of another type and name may be opened as a PDF all the same. */
async function hasPdfHeader(blob: Blob): Promise<boolean> {
  const head = new Uint8Array(await blob.slice(0, HEADER_WITHIN).arrayBuffer());
  return new TextDecoder("latin1").decode(head).includes("%PDF-");
}
