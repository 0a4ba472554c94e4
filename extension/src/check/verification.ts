/** One check of a file: what is asked of the module, and what comes of it. */
import { base64 } from "../documents/base64.ts";
import { EngineError, type Engine } from "../documents/engine.ts";
import type { ValidationReport, Verified } from "../documents/results.ts";

/** What is checked, and on whose word. */
export interface Question {
  file: File;
  /** Documents that stand beside the file. */
  beside: readonly File[];
  /** Certificates of authorities that the person trusts. */
  authorities: readonly File[];
  /** The time at which signatures are judged, in milliseconds since 1970. */
  at: number;
}

/** What came of it. */
export interface Found extends Verified {
  /** Documents beside the file that none of its signatures is about, by name. */
  unsigned: string[];
}

/** Files of the person's choice that are no certificates. */
export class NoCertificates extends Error {
  override readonly name = "NoCertificates";
  readonly files: readonly string[];

  constructor(files: readonly string[]) {
    super(`no certificates: ${files.join(", ")}`);
    this.files = files;
  }
}

/** Longest file of certificates, in bytes. */
const MAX_CERTIFICATES = 1 << 20;

type Verify = Pick<Engine, "verify">;

/**
 * Checks a file.
 *
 * @throws EngineError, NoCertificates
 */
export async function check({ file, beside, authorities, at }: Question, engine: Verify): Promise<Found> {
  const trust = await certificates(authorities);
  const common = { at: Math.floor(at / 1000), trust: trust.map(({ bytes }) => bytes) };
  // a single document is the one that is meant, whatever the signature calls it
  const named = beside.map((document) => ({ document, name: beside.length === 1 ? null : document.name }));
  const ask = (of: typeof named): Promise<Verified> =>
    engine.verify(file, { ...common, detached: of.map(({ name }) => name) }, of.map(({ document }) => document));
  try {
    const found = await ask(named);
    if (named.length > 1 && isMissing(found.report)) {
      // a signature that names nothing is over one document: which of these, it may tell itself
      for (const { document } of named) {
        const alone = await ask([{ document, name: null }]);
        if (alone.report.signatures.every(({ cryptographicallyIntact }) => cryptographicallyIntact)) {
          return { ...alone, unsigned: beside.filter((other) => other !== document).map(({ name }) => name) };
        }
      }
    }
    // who gives a document wants to know whether it is signed, not whether something else is
    const unsigned: string[] = [];
    for (const one of named) {
      const without = await ask(named.filter((other) => other !== one));
      if (JSON.stringify(without.report) === JSON.stringify(found.report)) unsigned.push(one.document.name);
    }
    return { ...found, unsigned };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "trust-invalid") throw error;
    throw new NoCertificates(await unreadable(file, trust, common.at, engine));
  }
}

/** Whether the document of a signature is not at hand. */
function isMissing({ signatures }: ValidationReport): boolean {
  return signatures.some(({ steps }) => steps.some(({ subIndication }) => subIndication === "SIGNED_DATA_NOT_FOUND"));
}

interface Certificates {
  name: string;
  bytes: string;
}

async function certificates(files: readonly File[]): Promise<Certificates[]> {
  const tooLong = files.filter(({ size }) => size > MAX_CERTIFICATES);
  if (tooLong.length > 0) throw new NoCertificates(tooLong.map(({ name }) => name));
  return Promise.all(files.map(read));
}

async function read(file: File): Promise<Certificates> {
  try {
    return { name: file.name, bytes: base64(new Uint8Array(await file.arrayBuffer())) };
  } catch (error) {
    throw new EngineError("file-unreadable", String(error));
  }
}

/** Which of the files cannot be read as certificates: each is given alone. */
async function unreadable(file: File, trust: readonly Certificates[], at: number, engine: Verify): Promise<string[]> {
  const refused: string[] = [];
  for (const { name, bytes } of trust) {
    const outcome = await engine.verify(file, { at, trust: [bytes], detached: [] }, []).catch((error: unknown) => error);
    if (outcome instanceof EngineError && outcome.code === "trust-invalid") refused.push(name);
  }
  return refused;
}
