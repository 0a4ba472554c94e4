/**
 * `@bitaqa/web`: sign in and show who one is with a national identity card, from a page in an ordinary desktop browser.
 *
 * The module talks to the Bitaqa extension and adds nothing to the page: no globals, no elements, no listeners that
 * outlive a call.
 */
import { BitaqaError } from "./error.ts";
import { type Answer, exchange } from "./exchange.ts";
import type { AuthToken } from "./generated/AuthToken";
import type { ErrorCode } from "./generated/ErrorCode";
import type { Holder } from "./generated/Holder";
import type { Language } from "./generated/Language";
import type { PageRequest } from "./generated/PageRequest";
import type { ProofWanted } from "./generated/ProofWanted";
import type { RequestedClaims } from "./generated/RequestedClaims";
import type { Stage } from "./generated/Stage";
import { mayAsk } from "./visit.ts";

export { BitaqaError };
/** @internal for `bitaqa-web-documents.js` */
export { exchange };
export type { AuthToken, ErrorCode, Holder, Language, ProofWanted, RequestedClaims, Stage };

/** What {@link status} found. */
export type Status =
  /** Not known: the page was not clicked yet. */
  | { state: "unknown" }
  /** Extension and host are there and understand each other. */
  | { state: "ready"; extension: string; host: string }
  /** Something is missing; `state` is the code that a call would fail with. */
  | { state: ErrorCode; message: string; remedy: string; detail?: string };

/** A text, or a function that is called for it after the person's gesture was accepted, so that a server may take its time. */
type Given = string | (() => string | Promise<string>);

/** What every call can be told. */
export interface CallOptions {
  /** Language of the window and of the messages; the person's own if absent. */
  language?: Language;
  /** Gives the call up and closes the window. */
  signal?: AbortSignal;
  /** Told how far the request is. */
  onProgress?: (stage: Stage) => void;
}

/** Options of {@link authenticate}. */
export interface AuthenticateOptions extends CallOptions {
  /** The challenge of the portal's server: base64 of at least 32 random bytes, bound to the session, used once. */
  challenge: Given;
}

/**
 * Whether everything is in place. Never rejects; before the first click or key press on the page it does not ask
 * anybody and resolves to `unknown`.
 */
export async function status(): Promise<Status> {
  if (!mayAsk()) return { state: "unknown" };
  try {
    const answer = await exchange({ request: () => ({ type: "status" }) });
    if (answer.type !== "status") throw unexpected(answer.type);
    return { state: "ready", ...answer.status };
  } catch (error) {
    if (!(error instanceof BitaqaError)) throw error;
    const { code, message, remedy, detail } = error;
    return { state: code, message, remedy, ...(detail === undefined ? {} : { detail }) };
  }
}

/**
 * Signs the person in with the card: resolves to a token for the portal's server, which has to verify it.
 *
 * Call it from a click or key press. Rejects with a {@link BitaqaError}; what a challenge function throws is passed on
 * as it is.
 */
export async function authenticate(options: AuthenticateOptions): Promise<AuthToken> {
  const answer = await ask(options, async () => ({ type: "authenticate", challenge: await given(options.challenge) }));
  if (answer.type !== "auth-token") throw unexpected(answer.type);
  return answer.token;
}

/** Options of {@link identify}. */
export interface IdentifyOptions extends CallOptions {
  /**
   * The claims: `required` ones, without which the portal has no use for the answer, and `optional` ones, which the person
   * may refuse. Each brings along what else its data group tells; the statement must allow that too.
   */
  claims: RequestedClaims;
  /** Which of the statement's purposes this is. */
  purpose: string;
  /** The challenge of the portal's server, as for {@link authenticate}: the answer is bound to it. */
  challenge: Given;
  /** The portal's statement (`bitaqa-statement+jwt`), at most 15 minutes old, from the platform that registered the portal. */
  statement: Given;
  /**
   * Whether the holder shows that the card is theirs: `pin` has the PIN asked for, in the same window, and the card sign what was
   * agreed to. At least one claim of the identity data has to be required then. `none` if absent.
   */
  holder?: Holder;
  /**
   * How sure the portal has to be of what it gets; `chip` if absent: the chip is no copy. `data-only` takes a document that its country signed
   * and that may be a copy. `unsigned` also takes the data of cards that sign nothing, which anybody can make up; any other ends in
   * `claims-unavailable` with such a card. The verifier has to be told the same.
   */
  proof?: Exclude<ProofWanted, "chip-authentication">;
  chipAuthentication?: undefined;
}

/** Options of {@link identify} for portals that also know the chips that prove themselves to their server alone. */
export interface IdentifyWithChipOptions extends Omit<IdentifyOptions, "proof" | "chipAuthentication"> {
  proof?: undefined;
  /**
   * Called with the encrypted answer where the chip has yet to prove itself: gives it to the portal's server, and returns the
   * challenge that this makes of it, within 30 seconds. Not called where the chip has proved itself already, or cannot.
   */
  chipAuthentication: (answer: string) => string | Promise<string>;
}

/** What {@link identify} resolves to with `chipAuthentication`; for the portal's server, both. */
export interface IdentityWithChip {
  /** The encrypted answer. */
  answer: string;
  /** What the chip answered to the server's challenge; absent where there was none. */
  chipProof?: string;
}

/**
 * Asks who the person is: resolves to an answer that is encrypted to the key of the portal's statement. Send it to the
 * portal's server, which decrypts and verifies it; this page cannot read it. With `chipAuthentication` it resolves to that and
 * to what the chip proved to the server.
 *
 * Call it from a click or key press. Rejects with a {@link BitaqaError}, `portal-unknown` where nobody vouches for the
 * portal; what a function among the options throws is passed on as it is.
 */
export function identify(options: IdentifyOptions): Promise<string>;
export function identify(options: IdentifyWithChipOptions): Promise<IdentityWithChip>;
export async function identify(options: IdentifyOptions | IdentifyWithChipOptions): Promise<string | IdentityWithChip> {
  const { claims, purpose, challenge, statement, holder, chipAuthentication } = options;
  const proof = chipAuthentication ? "chip-authentication" : options.proof;
  let answer = "";
  const reply = await ask(
    options,
    async () => ({
      type: "identify",
      request: { challenge: await given(challenge), statement: await given(statement), purpose, claims, ...(holder && { holder }), ...(proof && { proof }) },
    }),
    chipAuthentication && ((encrypted) => chipAuthentication((answer = encrypted))),
  );
  if (reply.type === "chip-answer") return { answer, chipProof: reply.answer };
  if (reply.type !== "identity-answer") throw unexpected(reply.type);
  return chipAuthentication ? { answer: reply.answer } : reply.answer;
}

function ask(
  { language, signal, onProgress }: CallOptions,
  request: () => Promise<Exclude<PageRequest, { type: "status" }>>,
  chipChallenge?: (answer: string) => string | Promise<string>,
): Promise<Answer> {
  return exchange({
    request: async () => ({ ...(await request()), ...(language && { language }) }),
    signal,
    chipChallenge,
    onProgress: onProgress && ((reply) => reply.type === "progress" && onProgress(reply.stage)),
  });
}

async function given(value: Given): Promise<string> {
  return typeof value === "function" ? value() : value;
}

function unexpected(type: string): BitaqaError {
  return new BitaqaError({ code: "internal-error", detail: `the extension answered with "${type}"` });
}
