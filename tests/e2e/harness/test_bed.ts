import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ended } from "./desktop.ts";
import { program } from "./programs.ts";

/** A reader of the test bed; see `bitaqa-testbed serve`. */
export interface ReaderOptions {
  name?: string;
  pinPad?: "none" | "verify" | "verify-modify";
  pace?: "no" | "yes" | "fails";
}

/** A card of the test bed. */
export interface CardSpec {
  personality: "esteid" | "pkcs15" | "cnie-1" | "cnie-2" | "bahrain-2016" | "bahrain-2025" | "passport-bac";
  /** One of the people of the test bed, or anybody. */
  person?: string | { surname: string; givenName: string; country: string; serialNumber: string };
  pin?: string;
  certificate?: string;
  triesLeft?: number;
  key?: string;
  /** The key for documents signs any number of times after one entry. */
  signsMany?: boolean;
  /** Of an Estonian card: of 2018 or of 2025. */
  generation?: "idemia" | "thales";
  hypothesis?: "ias-ecc-cam" | "pkcs15-gm" | "icao-only";
  seed?: number;
  document?: DocumentOrder;
}

/** What is known of a card; certificates are DER in base64. */
export interface CardFacts {
  present: boolean;
  atr: string;
  certificate: string;
  signatureCertificate: string;
}

/** A travel document of a card, and what is wrong with it. */
export interface DocumentOrder {
  can?: string;
  faults?: {
    copied?: boolean;
    altered?: { group?: number; at: number; bits: number };
    hiddenGroups?: number[];
    signer?: "expired";
  };
}

/** What opens a travel document, and who signed it. */
export interface DocumentFacts {
  accessNumber: string;
  /** Number, birth and expiry of the zone, each with its check digit. */
  information: string;
  /** Certificates of its country's authority and document signer, and a list that revokes that signer: DER in base64. */
  authority: string;
  signer: string;
  revocationList: string;
}

/** One command that a card got; data fields are in no log. */
export interface LogEntry {
  time: number;
  header: string;
  bytesIn: number;
  bytesOut: number;
  status: string;
  duration: number;
  presented: boolean;
}

/** Longer than any command takes, on a computer that is very busy; some make keys, some start pcscd. */
const ANSWERED_WITHIN = 60_000;

/** What the key pad of a reader waits for, and how often a person entered digits on it. */
export interface KeyPad {
  waiting: "verify" | "old" | "new" | "confirm" | null;
  entries: number;
}

/** Where the test PKI is, and who is in it. */
export interface Pki {
  directory: string;
  root: string;
  issuing: string;
  issuers: string;
  people: { person: string }[];
  pins: Record<string, string>;
}

/** Software cards and readers behind a real pcscd of their own. */
export class TestBed {
  /** Value of `PCSCLITE_CSOCK_NAME` for clients. */
  readonly socket: string;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  readonly #said: string[];
  /** Readers that had a card. */
  readonly #used = new Set<number>();
  /** VERIFY commands that are in no card's log any more: the card was replaced, or its log cleared. */
  #forgotten = 0;
  #next = 1;

  private constructor(child: ChildProcess, socket: string, said: string[]) {
    this.#process = child;
    this.socket = socket;
    this.#said = said;
  }

  static start(readers: ReaderOptions[] = [{}]): Promise<TestBed> {
    const child = spawn(program("bitaqa-testbed"), ["serve", "--readers", JSON.stringify(readers)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    return new Promise((resolve, reject) => {
      const said: string[] = [];
      child.stderr.on("data", (data: Buffer) => {
        process.stderr.write(data);
        said.push(data.toString());
      });
      let bed: TestBed | undefined;
      child.once("error", reject);
      child.once("exit", (code) => {
        const error = new Error(`the test bed ended with ${code}`);
        reject(error);
        if (bed !== undefined) bed.#end(error);
      });
      createInterface({ input: child.stdout }).on("line", (line) => {
        said.push(line);
        const message = JSON.parse(line) as { event?: string; socket?: string; id?: number };
        if (bed !== undefined) return bed.#answer(message as Answer);
        if (message.event !== "ready" || message.socket === undefined) return reject(new Error(line));
        bed = new TestBed(child, message.socket, said);
        resolve(bed);
      });
    });
  }

  /** Everything it said so far, on both its outputs. */
  said(): string {
    return this.#said.join("\n");
  }

  /** Environment of programs that shall use this pcscd. */
  get environment(): Record<string, string> {
    return { PCSCLITE_CSOCK_NAME: this.socket };
  }

  async insert(card: CardSpec, reader = 0): Promise<CardFacts> {
    await this.#lookBack(reader);
    this.#used.add(reader);
    return this.ask({ command: "insert", reader, card });
  }
  insertAgain(reader = 0): Promise<unknown> {
    return this.ask({ command: "insert-again", reader });
  }
  async swap(card: CardSpec, reader = 0): Promise<unknown> {
    await this.#lookBack(reader);
    this.#used.add(reader);
    return this.ask({ command: "swap", reader, card });
  }
  /** Puts another certificate (DER) for the same key in the place of the last card's certificate for documents. */
  renew(certificate: Uint8Array, reader = 0): Promise<CardFacts> {
    return this.ask({ command: "renew", reader, signatureCertificate: Buffer.from(certificate).toString("base64") });
  }
  remove(reader = 0): Promise<unknown> {
    return this.ask({ command: "remove", reader });
  }
  async log(reader = 0, clear = false): Promise<{ entries: LogEntry[]; verifyCount: number; resets: number }> {
    const log = await this.ask<{ entries: LogEntry[]; verifyCount: number; resets: number }>({ command: "log", reader, clear });
    if (clear) this.#forgotten += log.verifyCount;
    return log;
  }
  async verifyCount(reader = 0): Promise<number> {
    return (await this.ask<{ count: number }>({ command: "verify-count", reader })).count;
  }
  /** VERIFY commands that presented a PIN to any card of this test bed, since it was started. */
  async presented(): Promise<number> {
    let presented = this.#forgotten;
    for (const reader of this.#used) presented += await this.verifyCount(reader);
    return presented;
  }
  misbehave(faults: object[], reader = 0): Promise<unknown> {
    return this.ask({ command: "misbehave", reader, faults });
  }
  pinPad(action: "press" | "cancel" | "time-out" | "state", more: object = {}, reader = 0): Promise<KeyPad> {
    return this.ask({ command: "pin-pad", reader, action, ...more });
  }
  document(card: CardSpec): Promise<DocumentFacts> {
    return this.ask({ command: "document", card });
  }
  pki(): Promise<Pki> {
    return this.ask({ command: "pki" });
  }
  stopService(crash = false): Promise<unknown> {
    return this.ask({ command: "stop-service", crash });
  }
  async startService(readers?: ReaderOptions[]): Promise<unknown> {
    for (const reader of this.#used) if (readers !== undefined && reader >= readers.length) await this.#lookBack(reader);
    return this.ask({ command: "start-service", ...(readers === undefined ? {} : { readers }) });
  }

  async stop(): Promise<void> {
    this.#process.stdin?.end();
    await ended(this.#process);
  }

  ask<Result = unknown>(command: { command: string; [field: string]: unknown }): Promise<Result> {
    const id = this.#next++;
    return new Promise<Result>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#answer({ id, error: `no answer within ${ANSWERED_WITHIN} ms to ${command.command}` });
      }, ANSWERED_WITHIN);
      this.#waiting.set(id, {
        resolve(result) {
          clearTimeout(late);
          resolve(result as Result);
        },
        reject(error) {
          clearTimeout(late);
          reject(error);
        },
      });
      this.#process.stdin?.write(`${JSON.stringify({ id, ...command })}\n`);
    });
  }

  /** Before a reader's card, and with it the card's log, is out of reach. */
  async #lookBack(reader: number): Promise<void> {
    if (this.#used.delete(reader)) this.#forgotten += await this.verifyCount(reader);
  }

  #answer({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }

  #end(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}
