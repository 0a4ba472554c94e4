/** Raises a checked file to a higher level, and checks it before anybody can save it. */
import type { Engine } from "../documents/engine.ts";
import { ending, short, stem } from "../documents/file_name.ts";
import type { SignatureReport, ValidationReport } from "../documents/results.ts";
import { isSound } from "../documents/sound.ts";
import type { SignatureLevel } from "../generated/SignatureLevel";
import type { HostRequests } from "../signing/host_requests.ts";
import { LEVELS, lowest, type Missing, Raising, type RaisingEvents } from "../signing/raising.ts";
import type { Found } from "./verification.ts";

/** What a file can be raised to. */
export interface Extendable {
  /** The level that the lowest of its signatures has. */
  from: SignatureLevel;
  /** Those above, the lowest first. */
  levels: readonly SignatureLevel[];
}

/** What came of it. */
export interface Extended {
  name: string;
  blob: Blob;
  from: SignatureLevel;
  wanted: SignatureLevel;
  /** The level that it has. */
  level: SignatureLevel;
  /** Why it is not the one that was wanted. */
  missing: Missing[];
  /** What the check of it found. */
  report: ValidationReport;
}

/** How far a file can be raised; not at all if something in it was changed or is not valid, or it has the highest level. */
export function extendable({ signatures }: ValidationReport): Extendable | undefined {
  if (signatures.length === 0 || !signatures.every(isSound)) return undefined;
  const from = lowest(signatures.map(({ level }) => level ?? "B-B"));
  const levels = LEVELS.slice(LEVELS.indexOf(from) + 1);
  return levels.length === 0 ? undefined : { from, levels };
}

/** What the raised file is called. */
export const extendedName = (name: string): string => `${short(stem(name))}-extended${ending(name)}`;

/**
 * Raises a file as far as what services give goes.
 *
 * @param found what its check found
 * @param check checks the raised file with the same trust
 */
export async function extend(
  { engine, host, trust }: { engine: Engine; host: HostRequests; trust: readonly string[] },
  file: File,
  found: Found,
  wanted: SignatureLevel,
  check: (file: File) => Promise<ValidationReport>,
  events: RaisingEvents,
): Promise<Extended> {
  const from = extendable(found.report)?.from ?? "B-B";
  const raising = new Raising({ engine, host, trust }, events);
  const name = extendedName(file.name);
  let { report } = found;
  const { blob, level } = await raising.raise({ blob: file, level: from }, wanted, { names: found.asked.detached, files: found.given }, async (made) => {
    const checked = await check(new File([made], name, { type: file.type }));
    if (!isStillGood(found.report, checked)) throw new Error("a signature is not what it was");
    report = checked;
  });
  return { name, blob: new Blob([blob], { type: file.type }), report, from, wanted, level, missing: raising.missing };
}

/** Whether a raised file has the same signatures, and nothing is wrong with any. */
function isStillGood(before: ValidationReport, after: ValidationReport): boolean {
  const has = (one: SignatureReport): boolean =>
    after.signatures.some((other) => other.name === one.name && other.signer?.certificateSha256 === one.signer?.certificateSha256);
  return after.signatures.length === before.signatures.length && after.signatures.every(isSound) && before.signatures.every(has);
}
