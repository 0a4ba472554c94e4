/** On whose word signatures are judged: trust packs that the administrator installed, and what the person chose. */
import { fromBase64 } from "../documents/base64.ts";
import type { SignatureReport } from "../documents/results.ts";
import { sha256Hex } from "../documents/sha256.ts";
import type { DocumentTrust } from "../generated/DocumentTrust";
import type { ErrorReport } from "../generated/ErrorReport";
import type { SourceName } from "../generated/SourceName";
import { HostFailure, type HostRequests } from "../signing/host_requests.ts";

/** A trust pack, as it is told. */
export interface Pack {
  name: string;
  isTest: boolean;
}

/** What the computer brings. */
export interface ComputerTrust {
  installed: InstalledTrust;
  /** Whom the administrator's configuration names for lists and the like. */
  sources: readonly SourceName[];
  /** Why no authority is known: the host is not there, or cannot say. */
  trustFault: ErrorReport | undefined;
  /** Why no service can be asked. */
  askFault: ErrorReport | undefined;
}

/** Authorities of the installed packs. */
export class InstalledTrust {
  static readonly none = new InstalledTrust([], []);
  readonly packs: readonly DocumentTrust[];
  readonly #named: readonly Named[];

  private constructor(packs: readonly DocumentTrust[], named: readonly Named[]) {
    this.packs = packs;
    this.#named = named;
  }

  static async of(packs: readonly DocumentTrust[]): Promise<InstalledTrust> {
    const named: Named[] = [];
    for (const pack of packs) {
      for (const kind of ["signers", "timeStampAuthorities"] as const) {
        for (const certificate of pack[kind]) {
          named.push({ kind, fingerprint: await sha256Hex(fromBase64(certificate)), pack: { name: pack.pack, isTest: pack.test } });
        }
      }
    }
    return new InstalledTrust(packs, named);
  }

  get signers(): string[] {
    return this.packs.flatMap(({ signers }) => signers);
  }

  get timeStampAuthorities(): string[] {
    return this.packs.flatMap(({ timeStampAuthorities }) => timeStampAuthorities);
  }

  /** Those that count for tests alone, of all kinds. */
  get ofTests(): string[] {
    return this.packs.filter(({ test }) => test).flatMap(({ signers, timeStampAuthorities, listSigners }) => [...signers, ...timeStampAuthorities, ...listSigners]);
  }

  /** Packs that name this certificate, once each; `kind`: only as one of these. */
  naming(sha256OfCertificate: string, kind?: Named["kind"]): Pack[] {
    const all = this.#named.filter((one) => one.fingerprint === sha256OfCertificate && (kind ?? one.kind) === one.kind);
    return [...new Map(all.map(({ pack }) => [pack.name, pack])).values()];
  }
}

/** A certificate that a pack names. */
interface Named {
  kind: "signers" | "timeStampAuthorities";
  /** SHA-256, in hexadecimal digits. */
  fingerprint: string;
  pack: Pack;
}

/** What is known beside a report: whose word it rests on. */
export interface Basis {
  installed: InstalledTrust;
  /** Packs on whose word trusted lists are used. */
  listPacks: readonly Pack[];
}

/** Nobody but the person. */
export const CHOICE: Basis = { installed: InstalledTrust.none, listPacks: [] };

/** The packs for tests that a signature's verdict rests on: by the paths of its certificate and time stamps, and by lists. */
export function testPacksOf({ assurance, chain, timeStamps, qualification }: SignatureReport, { installed, listPacks }: Basis): string[] {
  if (assurance !== "test") return [];
  const paths = [chain, ...timeStamps.map((stamp) => stamp.chain)].flat();
  const all = [...paths.flatMap(({ sha256: fingerprint }) => installed.naming(fingerprint)), ...(qualification.level === "indeterminate" ? [] : listPacks)];
  return [...new Set(all.filter(({ isTest }) => isTest).map(({ name }) => name))];
}

/** The authority at which a path ends, if it ends at one that is trusted. */
export function anchorOf(chain: SignatureReport["chain"]): SignatureReport["chain"][number] | undefined {
  const last = chain.at(-1);
  return last?.revocation.status === "anchor" ? last : undefined;
}

/** A host that did not answer by then does not, in milliseconds. */
const ANSWER = 10_000;

/** What the host knows. It shows no window and asks nobody for it; without a host nobody is known. `wait`: for each answer, in milliseconds. */
export async function trustOfComputer(connect: () => HostRequests, wait = ANSWER): Promise<ComputerTrust> {
  const found: ComputerTrust = { installed: InstalledTrust.none, sources: [], trustFault: undefined, askFault: undefined };
  const host = connect();
  try {
    const fault = await asked(host, wait, async () => {
      found.installed = await InstalledTrust.of(await host.documentTrust());
    });
    const isGone = fault !== undefined && GONE.has(fault.code);
    // a host of before this question was there does not know it
    found.trustFault = fault === undefined || isGone ? fault : { ...fault, code: "host-too-old" };
    found.askFault = isGone
      ? fault
      : await asked(host, wait, async () => {
          found.sources = (await host.validationServices()).sources;
        });
    return found;
  } finally {
    host.close();
  }
}

/** With these nothing else can be asked either. */
const GONE: ReadonlySet<string> = new Set(["host-missing", "host-forbidden", "host-crashed", "host-misbehaved", "host-too-old", "extension-too-old", "permission-missing"]);

async function asked(host: HostRequests, wait: number, what: () => Promise<void>): Promise<ErrorReport | undefined> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    host.close();
  }, wait);
  try {
    await what();
    return undefined;
  } catch (error) {
    if (isLate) return { code: "host-crashed", detail: `no answer within ${wait / 1000} s` };
    return error instanceof HostFailure ? error.report : { code: "host-misbehaved", detail: String(error) };
  } finally {
    clearTimeout(timer);
  }
}
