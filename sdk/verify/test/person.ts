/**
 * A person with a software card: `bitaqa-answers`, which reads the card as the host does and answers a portal's request.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { IdentityRequest } from "@bitaqa/verify";
import { program } from "../../../tests/e2e/harness/programs.ts";

/** What a host makes of a card. */
export interface Answered {
  /** The encrypted answer. */
  answer: string;
  /** What is inside. */
  content: Content;
  /** Certificate of the authority that signed the document: DER in base64. */
  authority: string;
  holder: { surname: string; documentNumber: string };
}

/** `bitaqa-identity:1`, as far as the tests change it. */
export interface Content {
  format: string;
  request: Record<string, unknown>;
  consent: { groups: string[]; claims: string[]; [name: string]: unknown };
  document: { sod: string; groups: Record<string, string>; [name: string]: unknown };
  proofs: { activeAuthentication?: [string, string] };
  hostAsserted: Record<string, unknown>;
  token?: unknown;
}

/** What `bitaqa-answers` is told. */
export interface Order {
  card: { personality: string; [name: string]: unknown };
  origin: string;
  request: IdentityRequest;
  recipient: object;
}

export class Person {
  readonly #process = spawn(program("bitaqa-answers"), { stdio: ["pipe", "pipe", "inherit"] });
  readonly #lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();

  async answer(order: Order): Promise<Answered> {
    return (await this.#ask(order)) as Answered;
  }

  /** What the card of the last answer says to the key of a server. */
  async chip(challenge: string): Promise<string> {
    return ((await this.#ask({ chip: challenge })) as { chip: string }).chip;
  }

  async #ask(order: object): Promise<unknown> {
    this.#process.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("bitaqa-answers has ended");
    return JSON.parse(value);
  }

  async leave(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.stdin.end();
    await ended;
  }
}
