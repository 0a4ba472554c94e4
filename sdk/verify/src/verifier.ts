import { randomBytes } from "node:crypto";
import { type PendingIdentity, type PendingSignIn, Verifier as CoreVerifier } from "bitaqa-verify-core";
import { calling, life } from "./core";
import { IdentityRefused, UsageError } from "./error";
import type { AuthToken } from "./generated/AuthToken";
import type { DocumentStatus } from "./generated/DocumentStatus";
import type { IdentityRequest } from "./generated/IdentityRequest";
import type { IdentityStepResult } from "./generated/IdentityStepResult";
import type { RevocationNeed } from "./generated/RevocationNeed";
import type { SignIn } from "./generated/SignIn";
import type { VerifiedIdentity } from "./generated/VerifiedIdentity";
import { readIdentity } from "./result";
import { gather, needsOf, type Revocation } from "./revocation";
import { coreTrust, type Trust } from "./trust";

/** What a verifier is made of. */
export interface VerifierOptions {
  /** The origin of the portal's pages, as browsers write it: `https://portal.example.ma`. From configuration, never from a request. */
  readonly origin: string;
  /** Whom the portal believes. */
  readonly trust: Trust;
  /** Private keys (JWK, as objects or JSON) of the portal's statements: answers are encrypted to one of them. */
  readonly keys?: readonly (object | string)[];
  /** Believes documents only where a revocation list of their country holds at the time. */
  readonly demandRevocationLists?: boolean;
  /** The time by which trust packs count; now unless something else is said. */
  readonly now?: Date;
}

/** How a token is verified. */
export interface SignInOptions {
  /** The challenge of this person's session, which is taken once. */
  readonly challenge: string;
  /** The time; now unless something else is said. Fractions of a second are left out. */
  readonly now?: Date;
  /** Looks for revocation. Without it nobody does, and the result says so. */
  readonly revocation?: Revocation;
}

/** What the page gave to `identify()`, as this session's server knows it; and how its answer is verified. */
export interface IdentityOptions extends IdentityRequest {
  /** The time; now unless something else is said. Fractions of a second are left out. */
  readonly now?: Date;
  /** Looks for revocation of the certificate that a PIN was entered for (`holder: "pin"`). */
  readonly revocation?: Revocation;
  /**
   * Asks whether the document is in use, by SHA-256 of EF.SOD in hexadecimal digits; only about answers that hold, and not about cards that
   * sign nothing (`proof: "unsigned"`), which have no fingerprint. Who cannot tell says `{ status: "not-checked" }`: to give nothing is the
   * usage error `status-invalid`. What it throws is passed on, and nothing is verified then.
   */
  readonly status?: (fingerprint: string) => DocumentStatus | Promise<DocumentStatus>;
}

/** What the first step of chip authentication gave, and the chip's answer. */
export interface ChipAuthentication {
  /** What the first step kept in the session. The caller has removed it from there: it is for one answer. */
  readonly secret: string;
  /** What the page got from the card for the challenge. */
  readonly chipAnswer: string;
}

/** Verifies for one origin. What is trusted is read once, so a server makes one and keeps it. */
export class Verifier {
  readonly #options: VerifierOptions;
  #core: CoreVerifier;
  #life: number;

  /** @throws UsageError */
  constructor(options: VerifierOptions) {
    this.#options = options;
    [this.#core, this.#life] = made(options);
  }

  /** What of the files is not used, and why. */
  get notes(): readonly string[] {
    return this.#call((core) => core.notes());
  }

  /**
   * Verifies a sign-in token (`web-eid:1.0`), as the page got it from `authenticate()`.
   *
   * @throws SignInRefused, UsageError
   */
  async verifySignIn(token: AuthToken | string, options: SignInOptions): Promise<SignIn> {
    return this.#begun(token, options).finish(options.revocation);
  }

  /**
   * Verifies everything of a sign-in token but revocation, and says what would have to be fetched for that. Nothing is fetched.
   *
   * @throws SignInRefused, UsageError
   */
  beginSignIn(token: AuthToken | string, options: Omit<SignInOptions, "revocation">): BegunSignIn {
    return this.#begun(token, options);
  }

  #begun(token: AuthToken | string, { challenge, now }: Omit<SignInOptions, "revocation">): BegunSignIn {
    const text = typeof token === "string" ? token : JSON.stringify(token);
    return new BegunSignIn(this.#call((core) => core.signIn(text, challenge, seconds(now), seed())));
  }

  /**
   * Decrypts and verifies an identity answer, as the page got it from `identify()`. Where the chip would have to prove itself by the
   * server's key (`proof: "chip-authentication"`), `beginIdentity` comes first.
   *
   * @throws IdentityRefused, UsageError
   */
  async verifyIdentity(answer: string, options: IdentityOptions): Promise<VerifiedIdentity> {
    const step = await this.beginIdentity(answer, options);
    if (step.state === "verified") return step.identity;
    throw new IdentityRefused({
      code: "chip-proof-missing",
      message: "the chip has yet to prove that it is no copy: beginIdentity and completeIdentity let it",
      checks: step.checks,
      reasons: [],
    });
  }

  /**
   * The first of two steps: either the answer holds already, or the chip has yet to prove itself. Then `challenge` goes to the page, which
   * passes it to the card, and `secret` into the person's session.
   *
   * @throws IdentityRefused, UsageError
   */
  async beginIdentity(answer: string, options: IdentityOptions): Promise<IdentityStepResult> {
    const step = this.#call((core) => core.identity(answer, request(options), seconds(options.now), seed()));
    const held = calling(() => step.held());
    if (held !== undefined) {
      calling(() => step.free());
      return { state: "verified", identity: await this.#finish(held, options) };
    }
    const needed = calling(() => step.needed());
    calling(() => step.free());
    return JSON.parse(needed) as IdentityStepResult;
  }

  /**
   * The second step: the same answer and options as in the first, with what the chip answered.
   *
   * @throws IdentityRefused, UsageError
   */
  async completeIdentity(answer: string, options: IdentityOptions, chip: ChipAuthentication): Promise<VerifiedIdentity> {
    const pending = this.#call((core) =>
      core.completeIdentity(answer, request(options), chip.secret, chip.chipAnswer, seconds(options.now), seed()),
    );
    return this.#finish(pending, options);
  }

  async #finish(pending: PendingIdentity, { revocation, status }: IdentityOptions): Promise<VerifiedIdentity> {
    const judged = revocation && (await gather(pending, revocation));
    const fingerprint = calling(() => pending.fingerprint());
    const known = status && fingerprint !== undefined ? statusText(await status(fingerprint)) : undefined;
    return readIdentity(calling(() => pending.finish(judged, known)));
  }

  /** Calls the core; one that broke before is made anew. */
  #call<T>(call: (core: CoreVerifier) => T): T {
    if (this.#life !== life()) [this.#core, this.#life] = made(this.#options);
    return calling(() => call(this.#core));
  }
}

/** A sign-in token that holds but for revocation. It is finished once. */
export class BegunSignIn {
  readonly #pending: PendingSignIn;

  /** @internal */
  constructor(pending: PendingSignIn) {
    this.#pending = pending;
  }

  /** What has to be fetched to know whether its certificates were revoked. */
  get needs(): RevocationNeed[] {
    return needsOf(this.#pending);
  }

  /**
   * Judges what came. `received[n]` is what `needs[n]` asked for.
   *
   * @throws SignInRefused, UsageError
   */
  async finish(revocation?: Revocation, received: readonly (Uint8Array | undefined)[] = []): Promise<SignIn> {
    received.forEach((bytes, place) => {
      if (bytes !== undefined) calling(() => this.#pending.answer(place, bytes));
    });
    const judged = revocation && (await gather(this.#pending, revocation));
    return JSON.parse(calling(() => this.#pending.finish(judged))) as SignIn;
  }
}

function made({ origin, trust, keys = [], demandRevocationLists = false, now }: VerifierOptions): [CoreVerifier, number] {
  return calling(() => {
    const core = new CoreVerifier(coreTrust(trust), origin, seconds(now));
    for (const key of keys) core.addKey(typeof key === "string" ? key : JSON.stringify(key));
    if (demandRevocationLists) core.demandRevocationLists();
    return [core, life()];
  });
}

/** The request alone, as the core takes it. */
function request({ challenge, statement, purpose, claims, holder, proof }: IdentityOptions): string {
  return JSON.stringify({ challenge, statement, purpose, claims, holder, proof } satisfies Record<keyof IdentityRequest, unknown>);
}

/**
 * A status as the core takes it. Nothing at all would count as "nobody was asked", so a source that forgot to answer is told from one
 * that cannot tell.
 */
function statusText(status: unknown): string {
  const text: string | undefined = JSON.stringify(status);
  if (text?.startsWith("{")) return text;
  throw new UsageError({ code: "status-invalid", message: "the function `status` gave no status; who cannot tell gives { status: \"not-checked\" }" });
}

const seconds = (time = new Date()): number => time.getTime() / 1000;
const seed = (): Uint8Array => randomBytes(32);
