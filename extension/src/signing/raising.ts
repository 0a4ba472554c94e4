/**
 * Raises signed files to a level: what the module for documents needs is fetched through the host, after the person allowed whom to
 * ask. What cannot be had lowers the level that is reached, and no file is lost.
 */
import { base64 } from "../documents/base64.ts";
import type { Engine } from "../documents/engine.ts";
import { hostOf, keyOf, wantedOf } from "../documents/need.ts";
import type { Need } from "../documents/results.ts";
import type { AuthorityName } from "../generated/AuthorityName";
import type { Freshness } from "../generated/Freshness";
import type { SignatureLevel } from "../generated/SignatureLevel";
import { HostFailure, type HostRequests } from "./host_requests.ts";

/** The levels, the lowest first. */
export const LEVELS: readonly SignatureLevel[] = ["B-B", "B-T", "B-LT", "B-LTA"];

/** Most rounds of one step: eight issuers above signer and authority, then each address of a certificate in its turn. */
const MOST_ROUNDS = 32;

/** Whether a level has all that another has. */
export const reaches = (level: SignatureLevel, wanted: SignatureLevel): boolean => LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);

/** The level that all have. */
export const lowest = (levels: readonly SignatureLevel[]): SignatureLevel => LEVELS.find((level) => levels.includes(level)) ?? "B-B";

/** A file as it is, and the level that it has. */
export interface Raised {
  blob: Blob;
  level: SignatureLevel;
}

/** Whom the person is asked about: time-stamp authorities, and hosts that certificates name. */
export interface Services {
  authorities: readonly AuthorityName[];
  hosts: readonly string[];
  /** What the file that waits for them is without them. */
  level: SignatureLevel;
}

/** Why the level was not reached. */
export interface Missing {
  why:
    /** The administrator's configuration names no time-stamp authority, or cannot be used. */
    | "not-set-up"
    /** Nobody of them gave a time stamp. */
    | "no-time-stamp"
    /** They gave no answer. */
    | "no-answer"
    /** The person did not want them to be asked. */
    | "not-allowed"
    /** Nobody is known who could be asked about certificates. */
    | "certificates"
    /** A certificate was revoked before the signature or the time stamp was made. */
    | "revoked"
    /** The module for documents could not go on. */
    | "not-raised";
  /** Names and hosts. */
  whom: readonly string[];
}

/** What the person is asked meanwhile. */
export interface RaisingEvents {
  /** Whether these may be asked. */
  mayAsk(services: Services): Promise<boolean>;
  /** Whether the person gave it up: nobody is asked any more. */
  isStopped(): boolean;
}

/** What the module for documents reads as an answer to a need. */
interface Answer {
  need: Need;
  received: string | null;
  isToken: boolean;
}

/** Raises the files of one request; whom the person allowed or refused for one counts for all. */
export class Raising {
  readonly #engine: Engine;
  readonly #host: HostRequests;
  readonly #events: RaisingEvents;
  /** Anchors beside the self-signed certificates that come along. */
  readonly #trust: readonly string[];
  #authorities: Promise<readonly AuthorityName[]> | undefined;
  /** Whether time-stamp authorities and each host may be asked. */
  readonly #allowed = new Map<string, boolean>();
  /** What came, by need. */
  readonly #received = new Map<string, string | null>();
  /** What of it the host had kept, and what is to be fetched anew because that did not help. */
  readonly #kept = new Set<string>();
  readonly #anew = new Set<string>();
  /** Addresses of lists that were fetched for these files: what the host kept before may be older than their signatures. */
  readonly #lists = new Set<string>();
  /** No authority gives time stamps: each would be waited for in vain, for every file anew. */
  #areTimeStampsMissing = false;
  readonly #missing = new Map<Missing["why"], Set<string>>();

  /** `trust`: certificates of authorities in base64, where paths end beside the self-signed certificates that come along. */
  constructor({ engine, host, trust = [] }: { engine: Engine; host: HostRequests; trust?: readonly string[] }, events: RaisingEvents) {
    this.#engine = engine;
    this.#trust = trust;
    this.#host = host;
    this.#events = events;
  }

  /** Why files did not reach their level. */
  get missing(): Missing[] {
    return [...this.#missing].map(([why, whom]) => ({ why, whom: [...whom] }));
  }

  /**
   * Raises a file step by step, from one level to the next, beginning with the one that it has; what `check` finds bad, or a step that
   * breaks, leaves the file as it was before. `names`: of the documents beside it.
   */
  async raise(file: Raised, wanted: SignatureLevel, { names, files }: { names: readonly (string | null)[]; files: readonly Blob[] }, check: (blob: Blob) => Promise<void>): Promise<Raised> {
    let good = file;
    for (const step of LEVELS.slice(LEVELS.indexOf(file.level) + 1, LEVELS.indexOf(wanted) + 1)) {
      if (this.#events.isStopped()) break;
      try {
        let { lacks, ...raised } = await this.#step(good, step, names, files);
        if (!reaches(raised.level, step) && lacks !== "revoked" && this.#forgetKept()) ({ lacks, ...raised } = await this.#step(good, step, names, files));
        await check(raised.blob);
        good = raised;
        if (!reaches(good.level, step) && lacks !== undefined) this.#lacks(lacks);
      } catch {
        this.#lacks("not-raised");
        break;
      }
      if (!reaches(good.level, step)) break;
    }
    return good;
  }

  async #step({ blob, level: had }: Raised, level: SignatureLevel, detached: readonly (string | null)[], beside: readonly Blob[]): Promise<Raised & { lacks: Missing["why"] | undefined }> {
    const seed = base64(crypto.getRandomValues(new Uint8Array(32)));
    const asked = { level, at: Math.floor(Date.now() / 1000), trust: this.#trust, pathsEndAt: "self-signed", detached, seed };
    const answers: Answer[] = [];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const raised = await this.#engine.raise(blob, { ...asked, answers }, beside);
      if ("file" in raised) {
        const { level: reached, isRevoked } = raised.reached;
        // everybody who was to be asked answered, or there was nobody
        const isAnswered = answers.every(({ received }) => received !== null);
        return { blob: raised.file, level: reached, lacks: isRevoked ? "revoked" : isAnswered ? "certificates" : undefined };
      }
      await this.#ask(raised.needs, had);
      for (const need of raised.needs) answers.push({ need, received: await this.#receive(need), isToken: need.kind === "time-stamp" });
    }
    throw new Error("a file that never has enough");
  }

  /** Asks the person about whom they were not asked yet. */
  async #ask(needs: readonly Need[], level: SignatureLevel): Promise<void> {
    const unknown = new Set(needs.filter((need) => !this.#received.has(keyOf(need))).map(whomOf));
    const undecided = [...unknown].filter((whom) => whom !== undefined && !this.#allowed.has(whom)) as string[];
    const authorities = undecided.includes(AUTHORITIES) ? await this.#services() : [];
    const hosts = undecided.filter((whom) => whom !== AUTHORITIES);
    if (authorities.length + hosts.length === 0 || this.#events.isStopped()) return;
    const may = await this.#events.mayAsk({ authorities, hosts, level });
    for (const whom of undecided) this.#allowed.set(whom, may);
  }

  async #receive(need: Need): Promise<string | null> {
    if (need.kind === "time-stamp" && this.#areTimeStampsMissing) return null;
    const key = keyOf(need);
    const known = this.#received.get(key);
    if (known !== undefined) return known;
    const received = await this.#fetch(need);
    this.#received.set(key, received);
    this.#areTimeStampsMissing ||= received === null && need.kind === "time-stamp";
    return received;
  }

  /** One list is about many certificates: it is fetched once, and then the host has it. */
  #freshness(need: Need): Freshness {
    if (this.#anew.has(keyOf(need))) return "anew";
    if (need.kind === "ocsp") return "newest";
    if (need.kind !== "crl" || this.#lists.has(need.url)) return "kept";
    this.#lists.add(need.url);
    return "newest";
  }

  async #fetch(need: Need): Promise<string | null> {
    const wanted = wantedOf(need);
    const whom = whomOf(need);
    if (wanted === undefined || whom === undefined || this.#events.isStopped()) return null;
    const authorities = whom === AUTHORITIES ? await this.#services() : [];
    const names = whom === AUTHORITIES ? authorities.map(({ name }) => name) : [whom];
    if (whom === AUTHORITIES && authorities.length === 0) return this.#lacks("not-set-up");
    if (this.#allowed.get(whom) !== true) return this.#lacks("not-allowed", names);
    try {
      const { data, origin } = await this.#host.fetch(wanted, this.#freshness(need));
      if (origin === "kept") this.#kept.add(keyOf(need));
      return data;
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      if (this.#events.isStopped()) return null;
      return this.#lacks(whom === AUTHORITIES ? "no-time-stamp" : "no-answer", names);
    }
  }

  /** What was kept may be what somebody put into the network's way: with it nothing would get further until it ends. */
  #forgetKept(): boolean {
    const hadAny = this.#kept.size > 0;
    for (const key of this.#kept) {
      this.#received.delete(key);
      this.#anew.add(key);
    }
    this.#kept.clear();
    return hadAny;
  }

  /** Who gives time stamps; none where the host cannot say. */
  #services(): Promise<readonly AuthorityName[]> {
    return (this.#authorities ??= this.#host.validationServices().then(
      ({ timeStampAuthorities }) => timeStampAuthorities,
      () => [],
    ));
  }

  #lacks(why: Missing["why"], whom: readonly string[] = []): null {
    const known = this.#missing.get(why) ?? new Set();
    for (const one of whom) known.add(one);
    this.#missing.set(why, known);
    return null;
  }
}

/** Stands for the time-stamp authorities among hosts, of which none is called so. */
const AUTHORITIES = " ";

/** The host that is asked, or {@link AUTHORITIES}. */
function whomOf(need: Need): string | undefined {
  return need.kind === "time-stamp" ? AUTHORITIES : hostOf(need.url);
}
