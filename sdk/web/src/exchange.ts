import { BitaqaError } from "./error.ts";
import type { PageReply } from "./generated/PageReply";
import type { PageRequest } from "./generated/PageRequest";
import type { SigningReply } from "./generated/SigningReply";
import type { SigningRequest } from "./generated/SigningRequest";
import { KEEPS_VISIT, mayAsk, visitEnded, visitSeen } from "./visit.ts";

/** Silence of the extension for this long, in milliseconds, means that it is not there. */
const READY_WITHIN = 1000;

/** A last look after `READY_WITHIN`, in milliseconds: an answer may have waited behind the page's own busy script. */
const GRACE = 50;

/**
 * While a request is under way the extension is asked this often, in milliseconds, whether it is still there: Firefox says
 * nothing when an extension is removed or updated under a page.
 */
const PING_EVERY = 5000;

/** Pings without an answer that are one too many. A single one may be waiting behind a busy page. */
const UNANSWERED = 2;

/** The answer that ends an exchange well. */
export type Answer = Exclude<PageReply | Signed, { type: "ready" } | { type: "progress" } | { type: "signing-progress" } | { type: "failure" }>;

/** A reply to a request about documents, with the signed files beside it. */
type Signed = SigningReply & { files?: Blob[] };

/** How far a request is. */
export type Progress = Extract<PageReply, { type: "progress" }> | Extract<SigningReply, { type: "signing-progress" }>;

/** What one exchange needs. */
export interface Call {
  /** Makes the request, after the extension said that it will take one. */
  request: () => PageRequest | SigningRequest | Promise<PageRequest | SigningRequest>;
  /** It is a request about documents: these, or none. */
  documents?: readonly Blob[] | "none" | undefined;
  /** Gives the call up. */
  signal?: AbortSignal | undefined;
  /** Makes what the chip of an identity card has to prove itself by, where it has to. */
  chipChallenge?: ((answer: string) => string | Promise<string>) | undefined;
  /** Told of each `progress`. */
  onProgress?: ((reply: Progress) => void) | undefined;
}

/**
 * One exchange with the extension's content script: an envelope with a `MessagePort` to this very window, `ready` back,
 * then the request and its replies over that port.
 */
export function exchange(call: Call): Promise<Answer> {
  const { signal } = call;
  return new Promise<Answer>((resolve, reject) => {
    if (signal?.aborted) return reject(new BitaqaError({ code: "request-aborted" }));
    if (!mayAsk()) return reject(new BitaqaError({ code: "gesture-missing" }));

    const { port1: port, port2: theirs } = new MessageChannel();
    let ready = false;
    let unanswered = 0;
    const end = (): void => {
      clearTimeout(timer);
      clearInterval(pinging);
      signal?.removeEventListener("abort", aborted);
      port.onmessage = null;
      // a message posted just before close() is still delivered (HTML, section 9.4.4)
      port.close();
    };
    const fail = (error: unknown): void => {
      end();
      if (error instanceof BitaqaError && !KEEPS_VISIT.includes(error.code)) visitEnded();
      reject(error);
    };
    const cancel = (error: unknown): void => {
      port.postMessage({ type: "cancel" });
      visitEnded();
      fail(error);
    };
    const aborted = (): void => cancel(new BitaqaError({ code: "request-aborted" }));
    const unreachable = (): void => fail(new BitaqaError({ code: "extension-not-reachable" }));
    let timer = setTimeout(() => (timer = setTimeout(unreachable, GRACE)), READY_WITHIN);

    // what a function of the page throws is a rejection too
    const make = (message: () => Promise<object>): void => void message().then((made) => port.postMessage(made), cancel);

    let pinging: ReturnType<typeof setInterval> | undefined;
    const ping = (): void => {
      if (unanswered === UNANSWERED) return unreachable();
      unanswered += 1;
      port.postMessage({ type: "ping" });
    };

    port.onmessage = ({ data: reply }: MessageEvent<PageReply | Signed>) => {
      visitSeen();
      unanswered = 0;
      switch (reply.type) {
        case "ready":
          if (ready) return;
          ready = true;
          clearTimeout(timer);
          pinging = setInterval(ping, PING_EVERY);
          return make(async () => envelope(JSON.stringify(await call.request()), call.documents));
        case "progress":
        case "signing-progress":
          call.onProgress?.(reply);
          return;
        case "failure":
          return fail(new BitaqaError(reply.error));
        default:
          if (reply.type === "identity-answer" && reply.chipAuthentication && call.chipChallenge) {
            const { answer } = reply;
            return make(async () => ({ type: "chip-challenge", challenge: await call.chipChallenge?.(answer) }));
          }
          end();
          resolve(reply);
      }
    };
    // where the browser says so (Chromium 122): the extension was removed or updated under the page
    port.addEventListener("close", unreachable);
    signal?.addEventListener("abort", aborted);
    // "/" is this document's own origin, in sandboxed documents too
    window.postMessage({ bitaqa: 1, id: requestId() }, "/", [theirs]);
  });
}

/** The request as it goes over the port; documents beside it, as they are. */
function envelope(request: string, documents: Call["documents"]): object {
  if (documents === undefined) return { type: "request", request };
  return { type: "signing-request", request, ...(documents !== "none" && { documents: [...documents] }) };
}

/** A fresh request id: 128 random bits in 32 hexadecimal digits. */
function requestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
