import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { OwnRoot } from "./own_root.ts";
import { NAME, type Portal } from "./portal.ts";
import { program } from "./programs.ts";
import type { DocumentFacts } from "./test_bed.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
const PLATFORM = "https://platform.example.ma";
const DAY = 24 * 3600 * 1000;

/** Everything that is in DG1. */
export const ZONE_CLAIMS = [
  ...["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number", "document_number", "date_of_expiry"],
];

/** Everything that is in DG11. */
export const DETAIL_CLAIMS = [
  ...["given_name#ar", "family_name#ar", "place_of_birth", "place_of_birth#ar", "address", "address#ar", "other_personal_details"],
];

/** What `identify()` is given, but for challenge and statement. */
export interface Asked {
  claims: { required: string[]; optional?: string[] };
  purpose: string;
  proof?: "chip" | "data-only" | "unsigned";
  /** Whether the portal's server asks the chip for a proof of its own where the chip does not sign. */
  chipAuthentication?: true;
  /** Whether the PIN is asked for, too. */
  holder?: "pin";
  language?: "ar" | "fr" | "en" | "zgh";
}

/** What a page has for its portal's server. */
export interface Answered {
  challenge: string;
  answer: string;
  /** What the chip answered to the server. */
  chipProof?: string;
}

/** What `bitaqa identity verify --json` said, as far as the tests look at it. */
export interface Verdict {
  valid: boolean;
  code: string | null;
  message: string | null;
  checks: { step: string; outcome: string }[];
  identity: {
    claims: Record<string, { value: unknown; provenance: string; group?: string }>;
    level: string;
    assurance: string;
    holderVerification: string;
    link: unknown;
    chip: string;
    consent: { portal: string; purpose: string; groups: string[] };
  } | null;
}

/** How a statement is made that is not as it should be. */
export interface StatementOrder {
  /** Name of the platform's key. */
  key?: "platform" | "retired" | "stranger";
  /** Seconds. */
  validFor?: number;
  origins?: string[];
  claims?: string[];
}

/** Of an answer that nobody waits for. */
const NOT_OPEN: Verdict = { valid: false, code: "challenge-not-open", message: null, checks: [], identity: null };

/** A portal's server that asks who somebody is. It displays nothing of what it comes to know, and answers the page with a verdict. */
export class IdentityPortal {
  readonly origin: string;
  /** What the page asks for when it is opened next. */
  asked: Asked;
  /** The statement that it gives to the page, where it is no good fresh one. */
  statement: string | undefined;
  /** The portal whose challenges it gives away as its own. */
  impersonates: IdentityPortal | undefined;
  /** Whose certificates cards have, where the PIN is asked for: a file of issuer profiles. */
  issuers: string | undefined;
  /** What its server does when it is asked to begin: answer, or let the page wait. */
  begins: "at once" | "never" = "at once";
  /** Pages that wait. */
  waiting = 0;
  /** Of every answer so far. */
  readonly verdicts: Verdict[] = [];
  readonly #folder: string;
  readonly #name: string;
  readonly #challenges = new Map<string, "given" | "begun" | "used">();
  #countries = 0;

  private constructor(folder: string, name: string, origin: string) {
    this.#folder = folder;
    this.#name = name;
    this.origin = origin;
    this.asked = { claims: { required: ["given_name", "family_name"] }, purpose: "open-account", language: "en" };
  }

  /** The pages' portal and another one, both registered with a platform that this computer believes, as its administrator wanted. */
  static found(pages: Portal, root: OwnRoot): { portal: IdentityPortal; other: IdentityPortal; folder: string } {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-portal-"));
    for (const key of ["signer", "platform", "retired", "stranger", "portal", "other"]) {
      bitaqa(folder, "key", "new", "--out", `${key}.json`, "--kid", key);
    }
    const own = (name: string, host: string): IdentityPortal =>
      new IdentityPortal(folder, name, new URL(pages.url("/", { scheme: "https", host })).origin);
    const [portal, other] = [own("portal", NAME), own("other", "other.localhost")];
    const from = inDays(-30);
    const times = { not_before: from, not_after: inDays(30) };
    const pack = {
      name: "example", version: 1, expires: inDays(30), test: true,
      statement_issuers: [{
        iss: PLATFORM,
        keys: [{ jwk: "platform.json", ...times }, { jwk: "retired.json", ...times, revoked: from }],
        origins: [portal.origin, other.origin],
      }],
    };
    writeFileSync(join(folder, "pack.json"), JSON.stringify(pack));
    bitaqa(folder, "trust", "sign", "--key", "signer.json", "--out", "example.pack", "pack.json");
    const { fingerprint } = JSON.parse(bitaqa(folder, "key", "show", "--json", "signer.json")) as { fingerprint: string };
    root.install(join(folder, "example.pack"), fingerprint);
    for (const [path, serve] of Object.entries(portal.#routes())) pages.more.set(path, serve);
    return { portal, other, folder };
  }

  /** A statement of the platform about this portal. */
  issue({ key = "platform", validFor = 600, origins = [this.origin], claims }: StatementOrder = {}): string {
    const description = {
      iss: PLATFORM,
      legal_name: { ar: "بوابة المثال", fr: "Portail Exemple", en: "Example Portal" },
      origins,
      purposes: [{ id: "open-account", text: { ar: "فتح حساب", fr: "Ouvrir un compte", en: "Open an account" } }],
      claims: claims ?? [...ZONE_CLAIMS, "photo", ...DETAIL_CLAIMS],
      jwk: `${this.#name}.json`,
    };
    writeFileSync(join(this.#folder, "statement.json"), JSON.stringify(description));
    return bitaqa(this.#folder, "statement", "issue", "--key", `${key}.json`, "--valid-for", String(validFor), "statement.json").trim();
  }

  /** Believes this document's country from now on, and no other; with its revocation list if that is wanted. */
  believe({ authority, revocationList }: DocumentFacts, lists: "with-revocation-list" | "alone" = "alone"): void {
    this.#countries += 1;
    mkdirSync(this.#believed());
    writeFileSync(join(this.#believed(), "authority.der"), Buffer.from(authority, "base64"));
    if (lists === "alone") return;
    writeFileSync(join(this.#believed(), "signer.crl"), Buffer.from(revocationList, "base64"));
  }

  /** A challenge for one answer. */
  challenge(): string {
    if (this.impersonates !== undefined) return this.impersonates.challenge();
    const challenge = randomBytes(32).toString("base64");
    this.#challenges.set(challenge, "given");
    return challenge;
  }

  /** Begins to judge an answer whose chip is to prove itself: gives what the chip is asked, or the verdict where that is not needed. */
  begin({ challenge, answer }: Answered): string | Verdict {
    if (this.#challenges.get(challenge) !== "given") return NOT_OPEN;
    this.#challenges.set(challenge, "begun");
    rmSync(this.#kept("chip-challenge"), { force: true });
    rmSync(this.#kept("chip-state"), { force: true });
    const words = ["--chip-challenge", this.#kept("chip-challenge"), "--chip-state", this.#kept("chip-state")];
    const verdict = this.#verify(challenge, answer, words);
    return verdict.code === "chip-authentication-needed" ? readFileSync(this.#kept("chip-challenge"), "utf8") : verdict;
  }

  /** Judges an answer to a challenge, once. */
  judge(answered: Answered): Verdict {
    const verdict = this.#judged(answered);
    this.verdicts.push(verdict);
    return verdict;
  }

  #judged(answered: Answered): Verdict {
    const { challenge, answer, chipProof } = answered;
    const state = this.#challenges.get(challenge);
    if (state === undefined || state === "used") return NOT_OPEN;
    if (state === "begun" && chipProof !== undefined) {
      this.#challenges.set(challenge, "used");
      writeFileSync(this.#kept("chip-answer"), chipProof);
      return this.#verify(challenge, answer, ["--chip-answer", this.#kept("chip-answer"), "--chip-state", this.#kept("chip-state")]);
    }
    // the chip has signed already, or never will
    const begun = this.asked.chipAuthentication === true ? this.begin(answered) : undefined;
    this.#challenges.set(challenge, "used");
    if (typeof begun === "string") return { ...NOT_OPEN, code: "chip-authentication-needed" };
    const { proof = "chip" } = this.asked;
    return begun ?? this.#verify(challenge, answer, proof === "chip" ? [] : [`--${proof}`]);
  }

  #verify(challenge: string, answer: string, more: readonly string[]): Verdict {
    const words = ["identity", "verify", "--json", "--test", "--csca", this.#believed(), "--key", `${this.#name}.json`];
    if (this.asked.holder === "pin" && this.issuers !== undefined) words.push("--issuers", this.issuers);
    const { status, stdout, stderr } = spawnSync(
      program("bitaqa"),
      [...words, "--origin", this.origin, "--challenge", challenge, ...more, "-"],
      { cwd: this.#folder, input: answer, encoding: "utf8", maxBuffer: 16 * 1024 * 1024 },
    );
    const verdict = stdout === "" ? undefined : (JSON.parse(stdout) as Verdict);
    if (verdict === undefined || status !== (verdict.valid ? 0 : 1)) throw new Error(`bitaqa identity verify: ${status} ${stderr}`);
    return verdict;
  }

  #kept(name: string): string {
    return join(this.#folder, `${this.#name}-${name}`);
  }

  #believed(): string {
    return join(this.#folder, `${this.#name}-csca-${this.#countries}`);
  }

  #routes(): Record<string, RequestListener> {
    const file = (name: string, type: string): RequestListener => (_, response) => {
      response.setHeader("content-type", `${type}; charset=utf-8`).end(readFileSync(new URL(name, FIXTURES)));
    };
    const json = (content: (body: string) => unknown): RequestListener => async (request, response) => {
      const answer = JSON.stringify(content(await text(request)));
      response.setHeader("content-type", "application/json").end(answer);
    };
    return {
      "/identity": file("identity.html", "text/html"),
      "/identity.js": file("identity.js", "text/javascript"),
      "/identity/order": json(() => this.asked),
      "/identity/challenge": json(() => ({ challenge: this.challenge() })),
      "/identity/statement": (_, response) => void response.end(this.statement ?? this.issue()),
      // whether it holds is all that a page is told
      "/identity/answer": json((body) => {
        const { valid, code } = (this.impersonates ?? this).judge(JSON.parse(body) as Answered);
        return { valid, code };
      }),
      "/identity/begin": (request, response) => {
        if (this.begins === "never") return void (this.waiting += 1);
        return json((body) => {
          const begun = this.begin(JSON.parse(body) as Answered);
          return typeof begun === "string" ? { chipChallenge: begun } : { code: begun.code };
        })(request, response);
      },
    };
  }
}

/** Removes what a portal and its platform kept. */
export function forget(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function bitaqa(folder: string, ...words: string[]): string {
  return execFileSync(program("bitaqa"), words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function inDays(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+Z$/, "Z");
}
