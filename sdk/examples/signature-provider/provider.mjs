#!/usr/bin/env node
/**
 * A signature provider on Node.js alone: two calls, and between them somebody's card signs.
 *
 *     node provider.mjs [SETTINGS.json]
 *
 * `POST /prepare` says what is to be signed, `POST /finish` takes the signature and gives the signed file. Nothing is kept between them: the state
 * travels with the caller, under a seal that only this server can make.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { finish, prepare, SignError } from "@bitaqa/sign";

/** How long somebody may take to sign, in milliseconds. */
const LIFETIME = 10 * 60 * 1000;
/** Most bytes of a call: the state of a PDF has a few ranges of it. */
const MAX_BODY = 4 << 20;

/** A call that is not answered. */
class Refused extends Error {
  /**
   * @param {string} code
   * @param {number} status
   */
  constructor(code, status = 400) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

/**
 * @param {{ contracts: Readonly<Record<string, Uint8Array>>, key?: Uint8Array, now?: () => Date }} options `contracts`: PDFs that people sign here, by
 *   name; `key`: makes seals, the same in every process that answers
 */
export function provider({ contracts, key = randomBytes(32), now = () => new Date() }) {
  /** @type {Record<string, (body: any) => Promise<[type: string, content: string | Uint8Array]>>} */
  const calls = {
    /** A file that stays where it is: only its digest comes. */
    "/prepare": async ({ certificate, digest, contract }) => {
      const signer = { certificate: bytes(certificate), statement: { signingTime: now() } };
      const prepared =
        contract === undefined
          ? await prepare({ ...signer, format: "cades", packaging: "detached", documents: [{ digest: bytes(digest) }] })
          : await prepare({ ...signer, format: "pades", documents: [{ content: named(contract) }] });
      const { toBeSigned, algorithm } = prepared;
      const answer = { toBeSigned: base64(toBeSigned), digest: base64(prepared.digest), algorithm, state: seal(contract ?? "", prepared.state) };
      return ["application/json", JSON.stringify(answer)];
    },
    "/finish": async ({ state, signature }) => {
      const [contract, prepared] = unseal(state);
      const finished = await finish({ state: prepared, signature: bytes(signature) });
      if (finished.kind === "file") return ["application/pkcs7-signature", finished.bytes];
      return ["application/pdf", Buffer.concat([named(contract), finished.bytes])];
    },
  };

  /** @param {unknown} contract */
  function named(contract) {
    const file = typeof contract === "string" && Object.hasOwn(contracts, contract) ? contracts[contract] : undefined;
    if (file === undefined) throw new Refused("contract-unknown", 404);
    return file;
  }

  /**
   * @param {string} contract
   * @param {Uint8Array} state
   */
  function seal(contract, state) {
    const body = JSON.stringify({ until: now().getTime() + LIFETIME, contract, state: base64(state) });
    return `${Buffer.from(body).toString("base64url")}.${mark(body).toString("base64url")}`;
  }

  /**
   * @param {unknown} sealed
   * @returns {[contract: string, state: Uint8Array]}
   */
  function unseal(sealed) {
    const [body = "", own = ""] = typeof sealed === "string" ? sealed.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1")) : [];
    const text = Buffer.from(body, "latin1").toString();
    const [expected, given] = [mark(text), Buffer.from(own, "latin1")];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Refused("state-not-ours", 403);
    const { until, contract, state } = JSON.parse(text);
    if (now().getTime() > until) throw new Refused("expired", 403);
    return [contract, bytes(state)];
  }

  const mark = (/** @type {string} */ body) => createHmac("sha256", key).update("signature-provider state 1\0").update(body).digest();

  return createServer(async (request, response) => {
    try {
      const call = request.method === "POST" ? calls[request.url ?? ""] : undefined;
      if (call === undefined) throw new Refused("no-such-call", 404);
      const [type, content] = await call(await body(request));
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(content);
    } catch (error) {
      const refused = error instanceof Refused || error instanceof SignError;
      if (!refused) console.error(error);
      response.writeHead(error instanceof Refused ? error.status : refused ? 400 : 500, { "content-type": "application/json" });
      response.end(JSON.stringify({ code: refused ? error.code : "internal" }));
    }
  });
}

/** @param {Uint8Array} content */
const base64 = (content) => Buffer.from(content).toString("base64");

/** @param {unknown} text */
function bytes(text) {
  if (typeof text !== "string") throw new Refused("call-malformed");
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** @param {import("node:http").IncomingMessage} request */
async function body(request) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) throw new Refused("call-too-long", 413);
  for await (const part of request) {
    length += part.length;
    if (length > MAX_BODY) throw new Refused("call-too-long", 413);
    parts.push(part);
  }
  try {
    const value = JSON.parse(Buffer.concat(parts).toString());
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // said below
  }
  throw new Refused("call-malformed");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port = 8098, contracts = {} } = process.argv[2] === undefined ? {} : JSON.parse(readFileSync(process.argv[2], "utf8"));
  const files = Object.fromEntries(Object.entries(contracts).map(([name, path]) => [name, readFileSync(path)]));
  provider({ contracts: files }).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
}
