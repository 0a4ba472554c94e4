/**
 * The server: a page, the documents, and the two calls between which the card signs.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { SignError } from "@bitaqa/sign";
import { mediaType, page } from "./page.mjs";
import { Refused } from "./refused.mjs";
import { Sessions } from "./sessions.mjs";
import { checkedDocument, Signing } from "./signing.mjs";
import { isText, languageOf, sentence } from "./words.mjs";

/** Most bytes of a call: a certificate, or a signature. */
const MOST_BYTES = 64 * 1024;
/** How long a browser may take to send a request, in milliseconds. */
const TO_SEND = 20_000;

/** Pages load what this server serves and nothing else, and nobody frames them. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/**
 * What pages load: path, media type, file. Look and conversation are those of the example portal.
 *
 * @type {ReadonlyMap<string, { type: string, content: Uint8Array }>}
 */
const FILES = new Map(
  [
    ["/assets/tokens.css", "text/css", "../../../crates/pages/assets/tokens.css"],
    ["/assets/page.css", "text/css", "../../../crates/pages/assets/page.css"],
    ["/assets/logo.svg", "image/svg+xml", "../../../crates/pages/assets/logo.svg"],
    ["/assets/portal.css", "text/css", "../portal/assets/portal.css"],
    ["/assets/conversation.js", "text/javascript", "../portal/assets/conversation.js"],
    ["/assets/provider.css", "text/css", "assets/provider.css"],
    ["/assets/sign.js", "text/javascript", "assets/sign.js"],
    ["/bitaqa/bitaqa-web.js", "text/javascript", import.meta.resolve("@bitaqa/web")],
    ["/bitaqa/bitaqa-web-documents.js", "text/javascript", import.meta.resolve("@bitaqa/web/documents")],
  ].map(([path = "", type = "", file = ""]) => [path, { type, content: readFileSync(fileURLToPath(new URL(file, import.meta.url))) }]),
);

/**
 * @param {{ documents: readonly import("./signing.mjs").Document[], issuers: readonly X509Certificate[], test?: boolean, origin?: string, now?: () => Date }} options
 *   `issuers`: roots that are believed, and what leads to them; `test`: these are for tests; `origin`: what browsers see, where it is not this server itself
 */
export function signatureProvider({ documents, issuers, test = false, origin, now = () => new Date() }) {
  const signing = new Signing({ issuers, test, now });
  const sessions = new Sessions(now);
  documents.forEach(checkedDocument);

  /** @param {string} path */
  const numbered = (path) => Number(/^\/(?:documents|signed)\/(\d{1,4})$/.exec(path)?.[1]);

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response @param {URL} url */
  function read(request, response, url) {
    const session = sessions.find(cookie(request));
    const file = FILES.get(url.pathname);
    const document = documents[numbered(url.pathname)];
    const signed = session?.signed.get(numbered(url.pathname));
    if (url.pathname === "/") {
      const language = languageOf(url.searchParams.get("lang"), request.headers["accept-language"] ?? "");
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(page({ language, origin: own(), documents, signed: session?.signed ?? new Map(), test }));
    } else if (file !== undefined) {
      response.setHeader("content-type", file.type).end(file.content);
    } else if (url.pathname.startsWith("/documents/") && document !== undefined) {
      // a browser shows a PDF with parts of its own, which the pages' policy would forbid
      response.setHeader("content-security-policy", "frame-ancestors 'none'");
      response.setHeader("content-type", mediaType(document)).end(document.content);
    } else if (url.pathname.startsWith("/signed/") && signed !== undefined) {
      response.setHeader("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(signed.name).replace(/['()*]/g, escape)}`);
      response.setHeader("content-type", signed.type);
      response.end(Buffer.concat([signed.before, signed.bytes]));
    } else throw new Refused("not-found", 404);
  }

  /** @type {Record<string, (request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => Promise<object>>} */
  const calls = {
    "/prepare": async (request, response) => {
      const { document: at, certificate, algorithm } = await called(request);
      const document = typeof at === "number" ? documents[at] : undefined;
      if (document === undefined || typeof algorithm !== "string") throw new Refused("request");
      const { digest, prepared } = await signing.prepare(document, x509(certificate), algorithm);
      let session = sessions.find(cookie(request));
      if (session === undefined) {
        const [name, started] = sessions.start();
        response.setHeader("set-cookie", `${cookieName()}=${name}; Path=/; HttpOnly; SameSite=Strict${isSecure() ? "; Secure" : ""}`);
        session = started;
      }
      return { preparation: sessions.keep(session, Number(at), prepared), name: document.name, digest: Buffer.from(digest).toString("base64") };
    },
    "/finish": async (request) => {
      const { preparation, signature } = await called(request);
      if (typeof preparation !== "string") throw new Refused("request");
      const { session, at, prepared } = sessions.take(sessions.find(cookie(request)), preparation);
      session.signed.set(at, await signing.finish(prepared, bytes(signature)));
      return {};
    },
  };

  const server = createServer({ requestTimeout: TO_SEND, headersTimeout: TO_SEND }, async (request, response) => {
    response.setHeader("content-security-policy", POLICY);
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "same-origin");
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    // answers are about a person
    response.setHeader("cache-control", "no-store");
    const url = URL.canParse(request.url ?? "", "http://server") ? new URL(request.url ?? "", "http://server") : new URL("http://server/nothing");
    try {
      if (request.method === "GET") return read(request, response, url);
      const call = request.method === "POST" && Object.hasOwn(calls, url.pathname) ? calls[url.pathname] : undefined;
      if (call === undefined) throw new Refused("not-found", 404);
      if (!isFromHere(request)) throw new Refused("request", 403);
      const answer = await call(request, response);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    } catch (error) {
      refuse(error, response, languageOf(url.searchParams.get("lang"), request.headers["accept-language"] ?? ""));
    }
  });

  function own() {
    const address = server.address();
    return origin ?? (typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "");
  }

  const isSecure = () => own().startsWith("https:");
  // on https the prefix ties the cookie to this very host
  const cookieName = () => (isSecure() ? "__Host-session" : "session");

  /** @param {import("node:http").IncomingMessage} request */
  const cookie = (request) => new RegExp(`(?:^|; )${cookieName()}=([0-9a-f]{64})(?:;|$)`).exec(request.headers.cookie ?? "")?.[1];

  /**
   * Browsers name the origin of every POST in a header that scripts cannot set (Fetch standard, section 3.1).
   *
   * @param {import("node:http").IncomingMessage} request
   */
  const isFromHere = ({ headers }) => headers.origin === own() && (headers["sec-fetch-site"] ?? "same-origin") === "same-origin";

  return server;
}

/**
 * Says why in words that a page can show; who runs the server reads the rest.
 *
 * @param {unknown} error
 * @param {import("node:http").ServerResponse} response
 * @param {import("./words.mjs").Language} language
 */
function refuse(error, response, language) {
  const isForeseen = error instanceof Refused || error instanceof SignError;
  const code = isForeseen ? error.code : "internal";
  const status = error instanceof Refused ? error.status : isForeseen ? 403 : 500;
  if (status >= 500 || code === "not-accepted") console.error(error instanceof Refused ? error.message : error);
  // what is left of a request that is too long is not read
  if (status === 413) response.setHeader("connection", "close");
  const text = isText(`refused-${code}`) ? `refused-${code}` : "refused-other";
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ code, ...sentence(language, text) }));
}

/**
 * What a call holds; anybody can have written it.
 *
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<Record<string, unknown>>}
 */
async function called(request) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) throw new Refused("request", 413);
  for await (const part of request) {
    length += part.length;
    if (length > MOST_BYTES) throw new Refused("request", 413);
    parts.push(part);
  }
  try {
    const value = JSON.parse(Buffer.concat(parts).toString());
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // said below
  }
  throw new Refused("request");
}

/** @param {unknown} text base64 */
function bytes(text) {
  if (typeof text !== "string") throw new Refused("request");
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** @param {unknown} text DER in base64 */
function x509(text) {
  const der = bytes(text);
  try {
    return new X509Certificate(der);
  } catch {
    throw new Refused("certificate-invalid");
  }
}
