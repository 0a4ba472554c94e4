import { randomBytes } from "node:crypto";
import { raise, verify as verifyInCore } from "bitaqa-sign-core";
import { calling } from "./core";
import type { RangeReader } from "./document";
import { SignError } from "./error";
import { answered, type Fetch, type RawAnswer, type RawNeed } from "./fetching";
import type { HashName } from "./generated/HashName";
import type { ValidationReport } from "./report";
import { base64, file as certificateFile } from "./request";
import { finished, given, type FinishedSignature } from "./signing";
import { listsJson, type TrustedListFile } from "./trusted_list";

/** What is at hand for a signed file. */
interface FileOptions {
  /** Certificates that are trusted: self-signed ones are anchors, others help to get there. DER, or PEM with any number. */
  readonly trust: readonly (Uint8Array | string)[];
  /** The documents beside the file, by the names that the signature has for them; a single one needs none. */
  readonly detached?: readonly { readonly name?: string; readonly content: Uint8Array }[];
  /** Fetches what stands in certificates; without it nobody is asked. */
  readonly fetch?: Fetch;
}

/** On whose word a file is verified. */
export interface VerifyOptions extends FileOptions {
  /** The time at which signatures are judged; now unless something else is said. */
  readonly at?: Date;
  /** Trusted lists (TS 119 612), which say who is qualified; nobody is without. */
  readonly trustedLists?: readonly TrustedListFile[];
  /** Whom time stamps are believed of; `trust` unless something else is said. */
  readonly timeStampTrust?: readonly (Uint8Array | string)[];
  /** Certificates among all these that count for tests alone: a verdict that rests on one has the assurance `test`. */
  readonly testTrust?: readonly (Uint8Array | string)[];
  /** What is done where nobody can tell whether a certificate was revoked: `refuse` (INDETERMINATE) unless `accept` is said. */
  readonly onMissingRevocation?: "refuse" | "accept";
  /** In which forms the report is wanted beside its own: `xml` is that of TS 119 102-2. */
  readonly alsoAs?: readonly "xml"[];
  /** Revocation lists that were kept, in DER. */
  readonly revocationLists?: readonly Uint8Array[];
  /** Answers of responders that were kept, in DER. */
  readonly ocspResponses?: readonly Uint8Array[];
}

/** A level (EN 319 122-1 clause 6). */
export type Level = "B-B" | "B-T" | "B-LT" | "B-LTA";

/** To which level a file is raised. */
export interface AugmentOptions extends FileOptions {
  readonly level: Level;
  /** Hash of time stamps' imprints; SHA-256 unless something else is said. */
  readonly hash?: HashName;
  /** Now, unless something else is said. */
  readonly at?: Date;
}

/** What was reached. */
export interface AugmentedFile extends FinishedSignature {
  /** The level of the lowest of its signatures, by what was added and what was there. What each is worth `verify` says. */
  readonly level: Level;
  /** What could not be had, each a sentence in English. */
  readonly notices: readonly string[];
  /** Whether a certificate was revoked before signature or time stamp was made: nobody believes the file, and nothing mends it. */
  readonly isRevoked: boolean;
}

/** More rounds than any path needs: certificates of issuers first, then what is known about them. */
const VERIFY_ROUNDS = 8;
/** More rounds than any file needs. */
const AUGMENT_ROUNDS = 64;

/**
 * Validates every signature of a file (EN 319 102-1): CAdES, PAdES, XAdES, JAdES, ASiC. Of a PDF by ranges no more than a piece is held. A report is no exception: look at its `indication`.
 *
 * @throws SignError: it is no signed file that can be read, or what is trusted cannot be used
 */
export async function verify(file: Uint8Array | RangeReader, options: VerifyOptions): Promise<ValidationReport> {
  const { at = new Date(), trustedLists = [], timeStampTrust, testTrust = [], onMissingRevocation, alsoAs = [], revocationLists = [], ocspResponses = [], fetch } = options;
  const answers: RawAnswer[] = [];
  for (let round = 0; ; round += 1) {
    const asked = JSON.stringify({
      ...common(options, at),
      trustedLists: listsJson(trustedLists),
      timeStampTrust: timeStampTrust?.map(certificateFile),
      testTrust: testTrust.map(certificateFile),
      onMissingRevocation,
      alsoAs,
      revocationLists: revocationLists.map(base64),
      ocspResponses: ocspResponses.map(base64),
      answers,
    });
    const { report, needs, reportXml } = JSON.parse(calling(() => verifyInCore(file, asked, beside(options)))) as { report: ValidationReport; needs: RawNeed[]; reportXml?: string };
    const known = new Set(answers.map(({ need }) => JSON.stringify(need)));
    const open = needs.filter((need) => !known.has(JSON.stringify(need)));
    if (fetch === undefined || open.length === 0 || round === VERIFY_ROUNDS) return reportXml === undefined ? report : { ...report, xml: reportXml };
    answers.push(...(await answered(open, fetch)));
  }
}

/**
 * Raises every signature of a file to a level, as far as what can be fetched goes. To a PDF bytes are appended, none where there is nothing to add. What is missing lowers the level and stands in `notices`; the file can be
 * raised later.
 *
 * @throws SignError
 */
export async function augment(file: Uint8Array | RangeReader, options: AugmentOptions): Promise<AugmentedFile> {
  const { level, hash, at = new Date(), fetch = async () => undefined } = options;
  const seed = randomBytes(32).toString("base64");
  const answers: RawAnswer[] = [];
  for (let round = 0; round < AUGMENT_ROUNDS; round += 1) {
    const asked = JSON.stringify({ ...common(options, at), level, hash, seed, answers });
    const [needs, done] = calling(() => {
      const raised = raise(file, asked, beside(options));
      const [needs, reached] = [raised.needs(), raised.reached()];
      const made = raised.file();
      if (reached === undefined || made === undefined) return [needs, undefined] as const;
      return [needs, { ...(JSON.parse(reached) as Pick<AugmentedFile, "level" | "notices" | "isRevoked">), ...finished(made) }] as const;
    });
    if (done !== undefined) return done;
    answers.push(...(await answered(JSON.parse(needs ?? "[]") as RawNeed[], fetch)));
  }
  throw new SignError({ code: "document-invalid", message: "raising the file needs more steps than any file should" });
}

const common = ({ trust, detached = [] }: FileOptions, at: Date): object => ({
  at: Math.floor(at.getTime() / 1000),
  trust: trust.map(certificateFile),
  detached: detached.map(({ name }) => name ?? null),
});

const beside = ({ detached = [] }: FileOptions) => given(detached.map(({ content }) => content));
