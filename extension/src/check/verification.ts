/** One check of a file: what is asked of the module, and what comes of it. */
import { base64 } from "../documents/base64.ts";
import { EngineError, type Engine } from "../documents/engine.ts";
import type { StatedList, ValidationReport, Verified } from "../documents/results.ts";
import type { Answered } from "./asking.ts";

/** What is checked, and on whose word. */
export interface Question {
  file: File;
  /** Documents that stand beside the file. */
  beside: readonly File[];
  /** Certificates of authorities that the person trusts, about signers and time stamps. */
  authorities: readonly File[];
  /** Those of installed trust packs, in base64. */
  installed: { signers: readonly string[]; timeStampAuthorities: readonly string[]; ofTests: readonly string[] };
  /** Trusted lists that verify, each after those that point to it. */
  trustedLists: readonly StatedList[];
  /** What services answered. */
  answers: readonly Answered[];
  /** The time at which signatures are judged, in milliseconds since 1970. */
  at: number;
}

/** What came of it. */
export interface Found extends Verified {
  /** Documents beside the file that none of its signatures is about, by name. */
  unsigned: string[];
  /** What the module was asked, and the documents with it: the same again gives the same report. */
  asked: Asked;
  given: readonly File[];
}

/** What the module is asked, as far as others look at it. */
export interface Asked {
  trust: readonly string[];
  trustedLists: readonly StatedList[];
  detached: readonly (string | null)[];
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

/** Longest file of certificates, and longest trusted list, in bytes. */
const MAX_CERTIFICATES = 1 << 20;
const MAX_LIST = 32 << 20;

/** Whether a file is too long for a trusted list. */
export const tooLong = ({ size }: File): boolean => size > MAX_LIST;

type Verify = Pick<Engine, "verify">;

/**
 * Checks a file.
 *
 * @throws EngineError, NoCertificates
 */
export async function check({ file, beside, authorities, installed, trustedLists, answers, at }: Question, engine: Verify): Promise<Found> {
  const chosen = await certificates(authorities);
  const trust = chosen.map(({ bytes }) => bytes);
  const common = {
    at: Math.floor(at / 1000),
    trust: [...trust, ...installed.signers],
    timeStampTrust: [...trust, ...installed.timeStampAuthorities],
    trustedLists,
    testTrust: installed.ofTests,
    answers,
  };
  // a single document is the one that is meant, whatever the signature calls it
  const named = beside.map((document) => ({ document, name: beside.length === 1 ? null : document.name }));
  const ask = async (of: typeof named): Promise<Omit<Found, "unsigned">> => {
    const [asked, given] = [{ ...common, detached: of.map(({ name }) => name) }, of.map(({ document }) => document)];
    return { ...(await engine.verify(file, asked, given)), asked, given };
  };
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
    throw new NoCertificates(await unreadable(file, chosen, common.at, engine));
  }
}

/** Whether the document of a signature is not at hand. */
function isMissing({ signatures }: ValidationReport): boolean {
  return signatures.some(({ steps }) => steps.some(({ subIndication }) => subIndication === "SIGNED_DATA_NOT_FOUND"));
}

/** A file of certificates. */
interface Certificates {
  name: string;
  bytes: string;
}

/**
 * The certificates of files, each file's in base64.
 *
 * @throws EngineError, NoCertificates
 */
export async function certificates(files: readonly File[]): Promise<Certificates[]> {
  const long = files.filter(({ size }) => size > MAX_CERTIFICATES);
  if (long.length > 0) throw new NoCertificates(long.map(({ name }) => name));
  return Promise.all(files.map(read));
}

/**
 * A file in base64.
 *
 * @throws EngineError
 */
export async function read(file: File): Promise<Certificates> {
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
