/**
 * Asks services on the network, through the host: only those that the person allowed, only what a verification needs, in rounds as
 * `bitaqa verify` does.
 */
import { hostOf, keyOf, wantedOf } from "../documents/need.ts";
import type { Need, ValidationReport } from "../documents/results.ts";
import type { ErrorReport } from "../generated/ErrorReport";
import type { WantedData } from "../generated/WantedData";
import { HostFailure, type HostRequests } from "../signing/host_requests.ts";
import type { GivenList, WantedList } from "./trusted_lists.ts";

/** Most rounds: certificates of issuers first, then what is known about them (`MAX_ROUNDS` of `bitaqa verify`). */
const MOST_ROUNDS = 8;

/** What came for a need, as the module reads it. */
export interface Answered {
  need: Need;
  received: string | null;
}

/** What a check found, as far as it is looked at here. */
export interface Judged {
  report: ValidationReport;
  needs: readonly Need[];
  /** Trusted lists that would say more. */
  wantedLists: readonly WantedList[];
}

/** What is asked of somebody. */
export type What = "ocsp" | "crl" | "issuer-certificate" | "trusted-list";

/** A host, and what it is asked. */
export interface Asked {
  host: string;
  what: readonly What[];
}

/** Something that could not be had. */
export interface Failed {
  host: string;
  url: string;
  report: ErrorReport;
}

/** Something to be fetched. */
interface Wish {
  key: string;
  host: string;
  url: string;
  wanted: WantedData & { kind: What };
  need: Need | undefined;
}

/** What is wrong with one answer; every other failure is one of the host, which answers nothing else either. */
const OF_ONE: ReadonlySet<string> = new Set(["validation-data-unavailable", "address-not-allowed", "request-invalid", "request-too-large"]);

/** What was asked about one file, and what came. */
export class Asking {
  readonly #host: Pick<HostRequests, "fetch">;
  readonly #answers = new Map<string, Answered>();
  readonly #lists = new Map<string, GivenList>();
  readonly #failed = new Map<string, Failed>();
  readonly #allowed = new Set<string>();
  readonly #asked = new Set<string>();
  /** What came from what the host had kept: it was never verified. */
  readonly #kept = new Set<string>();
  /** What is to be fetched anew, once what was kept did not help. */
  #anew: ReadonlySet<string> | undefined;
  #fault: ErrorReport | undefined;

  constructor(host: Pick<HostRequests, "fetch">) {
    this.#host = host;
  }

  /** What came for needs. */
  get answers(): Answered[] {
    return [...this.#answers.values()];
  }

  /** Trusted lists that came. */
  get lists(): GivenList[] {
    return [...this.#lists.values()];
  }

  get failed(): Failed[] {
    return [...this.#failed.values()];
  }

  /** Hosts that were asked over the network, in alphabetical order. */
  get asked(): string[] {
    return [...this.#asked].sort();
  }

  /** Why nobody can be asked any more: the host is gone. */
  get fault(): ErrorReport | undefined {
    return this.#fault;
  }

  /** Whether somebody who is allowed was not asked yet. */
  isWaiting(judged: Judged): boolean {
    return this.#fault === undefined && this.#open(judged).some(({ host }) => this.#allowed.has(host));
  }

  /** Whom the person has not allowed yet. */
  unasked(judged: Judged): Asked[] {
    return hostsOf(this.#open(judged).filter(({ host }) => !this.#allowed.has(host)));
  }

  /** The person allows these, also those that failed before. */
  allow(hosts: readonly string[]): void {
    for (const host of hosts) this.#allowed.add(host);
    for (const [key, { host }] of this.#failed) if (hosts.includes(host)) this.#failed.delete(key);
    this.#fault = undefined;
  }

  /** Asks those that are allowed, and judges anew with what came, until it is decided or only others could tell. */
  async run<Found extends Judged>(found: Found, judge: () => Promise<Found>, { signal, asks }: { signal: AbortSignal; asks(host: string): void }): Promise<Found> {
    let now = await this.#rounds(found, judge, signal, asks);
    const isOpen = now.report.indication === "INDETERMINATE" && this.#open(now).length === 0;
    if (isOpen && this.#anew === undefined && this.#kept.size > 0 && this.#fault === undefined) {
      this.#anew = new Set(this.#kept);
      for (const key of this.#anew) {
        this.#answers.delete(key);
        this.#lists.delete(key);
      }
      now = await this.#rounds(await judge(), judge, signal, asks);
    }
    return now;
  }

  async #rounds<Found extends Judged>(found: Found, judge: () => Promise<Found>, signal: AbortSignal, asks: (host: string) => void): Promise<Found> {
    let now = found;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const wishes = this.#open(now).filter(({ host }) => this.#allowed.has(host));
      if (wishes.length === 0) return now;
      for (const wish of wishes) {
        signal.throwIfAborted();
        asks(wish.host);
        await this.#fetch(wish, signal);
        if (this.#fault !== undefined) break;
      }
      now = await judge();
      if (this.#fault !== undefined) return now;
    }
    return now;
  }

  async #fetch({ key, host, url, wanted, need }: Wish, signal: AbortSignal): Promise<void> {
    const hostname = new URL(url).hostname;
    try {
      const { data, origin } = await this.#host.fetch(wanted, this.#anew?.has(key) === true ? "anew" : "kept");
      if (origin === "kept") this.#kept.add(key);
      else this.#asked.add(hostname);
      if (need === undefined) this.#lists.set(key, { name: host, list: data, url });
      else this.#answers.set(key, { need, received: data });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HostFailure)) throw error;
      if (!OF_ONE.has(error.report.code)) {
        this.#fault = error.report;
        return;
      }
      if (error.report.code === "validation-data-unavailable") this.#asked.add(hostname);
      this.#failed.set(key, { host, url, report: error.report });
    }
  }

  /** What was not asked yet and can be. */
  #open({ needs, wantedLists }: Judged): Wish[] {
    const ofNeeds = needs.flatMap((need): Wish[] => {
      if (need.kind === "time-stamp") return [];
      const [wanted, host] = [wantedOf(need), hostOf(need.url)];
      if (wanted === undefined || host === undefined) return [];
      return [{ key: keyOf(need), host, url: need.url, wanted: wanted as Wish["wanted"], need }];
    });
    const ofLists = wantedLists.flatMap(({ url, list }): Wish[] => {
      const host = hostOf(url);
      return host === undefined ? [] : [{ key: url, host, url, wanted: { kind: "trusted-list", url, ...(list !== undefined && { list }) }, need: undefined }];
    });
    return [...ofNeeds, ...ofLists].filter(({ key }) => !this.#answers.has(key) && !this.#lists.has(key) && !this.#failed.has(key));
  }
}

function hostsOf(wishes: readonly Wish[]): Asked[] {
  const found = new Map<string, Set<What>>();
  for (const { host, wanted } of wishes) found.set(host, (found.get(host) ?? new Set()).add(wanted.kind));
  return [...found].map(([host, what]) => ({ host, what: [...what] }));
}
