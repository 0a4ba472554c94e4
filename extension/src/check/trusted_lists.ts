/** Trusted lists (TS 119 612): which of those at hand verify, on whose word, and which others would help. */
import { type Engine, EngineError } from "../documents/engine.ts";
import type { ListSummary, StatedList, ValidationReport } from "../documents/results.ts";
import type { SourceName } from "../generated/SourceName";
import { anchorOf, type Pack } from "./trust.ts";

/** A list at hand. */
export interface GivenList {
  /** The file's name, or the host that it came from. */
  name: string;
  /** Its XML in base64. */
  list: string;
  /** Where it came from; none if the person chose it. */
  url?: string;
}

/** Who may sign lists: a pack's word, or the person's, which no pack stands for. */
export interface ListSigners {
  pack: Pack | undefined;
  signers: readonly string[];
}

/** A list that verifies. */
export interface VerifiedList extends GivenList {
  /** What verifies it: lists that point to it, then itself. */
  path: readonly StatedList[];
  summary: ListSummary;
  pack: Pack | undefined;
}

/** A list that does not. */
export interface RefusedList extends GivenList {
  /** Why, in English. */
  because: string;
}

/** Lists, sorted by whether they may be used. */
export interface Lists {
  verified: readonly VerifiedList[];
  refused: readonly RefusedList[];
}

/** What verifies lists. */
type Verifies = Pick<Engine, "trustedList">;

/**
 * Verifies lists, each by who may sign lists, or by one that points to it, in whatever order they come. One that does not verify is
 * set apart, and the others stay.
 *
 * @throws EngineError where the module itself fails
 */
export async function verifiedLists(given: readonly GivenList[], signers: readonly ListSigners[], at: number, engine: Verifies): Promise<Lists> {
  const verified: VerifiedList[] = [];
  let open: readonly GivenList[] = given;
  let refused: RefusedList[] = [];
  // whose word counts for more is asked first
  const words = signers.filter((one) => one.signers.length > 0).sort((one, other) => Number(one.pack?.isTest ?? false) - Number(other.pack?.isTest ?? false));
  for (let isNew = true; isNew && open.length > 0; ) {
    isNew = false;
    refused = [];
    for (const one of open) {
      const found = await verify(one, words, verified, at, engine);
      if ("because" in found) refused.push(found);
      else verified.push(found);
      isNew ||= !("because" in found);
    }
    open = refused;
  }
  return { verified, refused };
}

async function verify({ name, list, url }: GivenList, words: readonly ListSigners[], known: readonly VerifiedList[], at: number, engine: Verifies): Promise<VerifiedList | RefusedList> {
  const one: GivenList = { name, list, ...(url !== undefined && { url }) };
  const ways = [
    ...words.map(({ pack, signers }) => ({ pack, path: [{ list, signers }] })),
    ...known.map(({ pack, path }) => ({ pack, path: [...path, { list, signers: [] }] })),
  ];
  let because = "nobody is known who may sign it";
  for (const { pack, path } of ways) {
    try {
      return { ...one, pack, path, summary: await engine.trustedList(path, at) };
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "trust-invalid") throw error;
      because = error.message;
    }
  }
  return { ...one, because };
}

/** The lists as a verification takes them: each after those that point to it, once. */
export function stated(lists: readonly VerifiedList[]): StatedList[] {
  return [...new Map(lists.flatMap(({ path }) => path).map((one) => [JSON.stringify(one), one])).values()];
}

/** A list that could be fetched: where it is, and the list in which the address stands, if it is not in the configuration. */
export interface WantedList {
  url: string;
  list?: string;
}

/** The media type of a list for programs (TS 119 612 clause 5.3.13); a pointer may not have it. */
const XML = ["", "application/vnd.etsi.tsl+xml"];

/**
 * The lists that could say whether a signature is qualified: those of the configuration, and those that they point to for the country
 * of an issuer. None where no signature has a way to an authority, or each is decided.
 */
export function wantedLists({ signatures }: ValidationReport, lists: readonly VerifiedList[], sources: readonly SourceName[]): WantedList[] {
  const open = signatures.filter(({ indication, chain, qualification }) => indication !== "TOTAL-FAILED" && anchorOf(chain) !== undefined && ["indeterminate", "not-qualified"].includes(qualification.level));
  if (open.length === 0) return [];
  const countries = new Set(open.flatMap(({ chain }) => chain.flatMap(({ issuer }) => countryOf(issuer) ?? [])));
  const configured = sources.flatMap(({ kind, url }) => (kind === "trusted-list" ? [{ url }] : []));
  const pointed = lists.flatMap(({ list, summary }) =>
    summary.pointers.filter(({ territory, mediaType }) => countries.has(territory) && XML.includes(mediaType)).map(({ location }) => ({ url: location, list })),
  );
  const all = new Map([...pointed, ...configured].map((one) => [one.url, one]));
  // what is there already
  for (const { url } of lists) all.delete(url ?? "");
  return [...all.values()];
}

/** The country in a distinguished name (RFC 4514). */
function countryOf(name: string): string | undefined {
  // a comma in a value is escaped
  const plain = name.replaceAll(/\\./g, "_");
  return /(?:^|[,+] *)C=([A-Za-z]{2})(?=$| *[,+])/.exec(plain)?.[1]?.toUpperCase();
}
