import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ErrorReport } from "../../../extension/src/generated/ErrorReport.ts";
import type { Stage } from "../../../extension/src/generated/Stage.ts";

const PROGRAM = fileURLToPath(new URL("../fixtures/scripted_host.mjs", import.meta.url));

/** How the host behaves. */
export interface Script {
  /** Ends at once with this status. */
  exitAtStart?: number;
  /** Never answers `hello`. */
  silent?: boolean;
  /** Protocol versions it speaks instead of the extension's. */
  versions?: number[];
  /** Stages it reports. */
  stages?: Stage[];
  /** Milliseconds until it answers a request. */
  delay?: number;
  /** Never answers a request. */
  never?: boolean;
  /** Ends with this status instead of answering a request. */
  exitAtRequest?: number;
  /** Bytes instead of an answer. */
  raw?: string;
  /** Signs another challenge than the one it was asked about. */
  otherChallenge?: boolean;
  /** The failure it answers with. */
  failure?: ErrorReport;
}

/** One line of the host's log. */
export interface LogEntry {
  pid: number;
  event: "start" | "frame" | "end";
  frame?: { type: string; [field: string]: unknown };
}

/** A scripted host: a program at a path, for a browser's manifest. */
export class ScriptedHost {
  readonly program: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.program = join(folder, "scripted-host");
    writeFileSync(this.program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' '${folder}'\n`);
    chmodSync(this.program, 0o755);
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", "/CN=SCRIPTED,HOST/serialNumber=TEST-1", "-addext", "keyUsage=critical,digitalSignature"],
      ...["-addext", "extendedKeyUsage=clientAuth"],
      ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "certificate.pem")],
    ], { stdio: "pipe" });
    this.play({});
  }

  /** How the next process behaves; the log starts anew. */
  play(script: Script): void {
    writeFileSync(join(this.#folder, "script.json"), JSON.stringify(script));
    rmSync(join(this.#folder, "log.jsonl"), { force: true });
  }

  get log(): LogEntry[] {
    const path = join(this.#folder, "log.jsonl");
    if (!existsSync(path)) return [];
    return readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line) as LogEntry);
  }

  /** Types of the frames it got. */
  get frames(): string[] {
    return this.log.flatMap(({ frame }) => (frame ? [frame.type] : []));
  }

  /** Processes that have started and not ended. */
  get running(): number[] {
    const ended = new Set(this.log.filter(({ event }) => event === "end").map(({ pid }) => pid));
    return this.log.filter(({ event, pid }) => event === "start" && !ended.has(pid)).map(({ pid }) => pid);
  }
}
