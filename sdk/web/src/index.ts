/**
 * `@bitaqa/web`: sign in with a national identity card, from a page in an ordinary desktop browser.
 *
 * The module talks to the Bitaqa extension and adds nothing to the page: no globals, no elements, no listeners that
 * outlive a call.
 */
import { BitaqaError } from "./error.ts";
import { exchange } from "./exchange.ts";
import type { AuthToken } from "./generated/AuthToken";
import type { ErrorCode } from "./generated/ErrorCode";
import type { Language } from "./generated/Language";
import type { Stage } from "./generated/Stage";
import { mayAsk } from "./visit.ts";

export { BitaqaError };
export type { AuthToken, ErrorCode, Language, Stage };

/** What {@link status} found. */
export type Status =
  /** Not known: the page was not clicked yet. */
  | { state: "unknown" }
  /** Extension and host are there and understand each other. */
  | { state: "ready"; extension: string; host: string }
  /** Something is missing; `state` is the code that a call would fail with. */
  | { state: ErrorCode; message: string; remedy: string; detail?: string };

/** Options of {@link authenticate}. */
export interface AuthenticateOptions {
  /**
   * The challenge of the portal's server: base64 of at least 32 random bytes, bound to the session, used once. A
   * function is called after the person's gesture was accepted, so that the server's answer may take its time.
   */
  challenge: string | (() => string | Promise<string>);
  /** Language of the window and of the messages; the person's own if absent. */
  language?: Language;
  /** Gives the call up and closes the window. */
  signal?: AbortSignal;
  /** Told how far the request is. */
  onProgress?: (stage: Stage) => void;
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
  const { challenge, language, signal, onProgress } = options;
  const answer = await exchange({
    request: async () => ({
      type: "authenticate",
      challenge: typeof challenge === "function" ? await challenge() : challenge,
      ...(language === undefined ? {} : { language }),
    }),
    signal,
    onProgress: onProgress && (({ stage }) => onProgress(stage)),
  });
  if (answer.type !== "auth-token") throw unexpected(answer.type);
  return answer.token;
}

function unexpected(type: string): BitaqaError {
  return new BitaqaError({ code: "internal-error", detail: `the extension answered with "${type}"` });
}
