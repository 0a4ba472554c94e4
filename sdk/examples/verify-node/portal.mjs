#!/usr/bin/env node
/**
 * A portal's server on Node.js alone: people sign in with a card, or say who they are.
 *
 *     node portal.mjs CONFIG.json
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { IdentityRefused, newChallenge, SignInRefused, Verifier } from "@bitaqa/verify";

/**
 * What is asked for, and why: fixed by the server, never taken from the page.
 *
 * @type {Pick<import("@bitaqa/verify").IdentityOptions, "purpose" | "claims">}
 */
const ASKED = { purpose: "open-account", claims: { required: ["given_name", "family_name"], optional: ["photo"] } };
/** A challenge counts for five minutes. */
const LIFETIME = 5 * 60 * 1000;

/**
 * @param {{ verifier: Verifier, statement: () => Promise<string>, page: string, sdk: string }} options
 */
export function portal({ verifier, statement, page, sdk }) {
  /** @type {Map<string, { challenge: string, statement?: string, until: number }>} */
  const sessions = new Map();

  /** @type {Record<string, (session: string, body: string) => Promise<object>>} */
  const answers = {
    "/challenge": async (session) => {
      const challenge = newChallenge();
      sessions.set(session, { challenge, until: Date.now() + LIFETIME });
      return { challenge };
    },
    "/identity-request": async (session) => {
      const asked = { challenge: newChallenge(), statement: await statement() };
      sessions.set(session, { ...asked, until: Date.now() + LIFETIME });
      return { ...ASKED, ...asked };
    },
    "/sign-in": async (session, body) => {
      const { challenge } = taken(session);
      const { subject, level } = await verifier.verifySignIn(body, { challenge });
      return { name: subject.name, number: subject.personalNumber, level };
    },
    "/identity": async (session, body) => {
      const { challenge, statement = "" } = taken(session);
      const { claims, level, chip } = await verifier.verifyIdentity(body, { ...ASKED, challenge, statement });
      return { familyName: claims.family_name?.value, givenName: claims.given_name?.value, level, chip };
    },
  };

  /** A challenge is taken once. @param {string} session */
  function taken(session) {
    const found = sessions.get(session);
    sessions.delete(session);
    if (found === undefined || found.until < Date.now()) throw new Expired();
    return found;
  }

  return createServer(async (request, response) => {
    const session = /(?:^|; )session=([0-9a-f-]{36})/.exec(request.headers.cookie ?? "")?.[1] ?? randomUUID();
    const answer = answers[request.url ?? ""];
    if (request.method === "GET" && request.url === "/") {
      response.setHeader("set-cookie", `session=${session}; HttpOnly; SameSite=Strict; Path=/`);
      response.setHeader("content-type", "text/html; charset=utf-8").end(page);
      return;
    }
    if (request.url === "/bitaqa-web.js") {
      response.setHeader("content-type", "text/javascript").end(sdk);
      return;
    }
    if (request.method !== "POST" || answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    try {
      response.end(JSON.stringify(await answer(session, await text(request))));
    } catch (error) {
      const isRefused = error instanceof SignInRefused || error instanceof IdentityRefused;
      if (!isRefused && !(error instanceof Expired)) console.error(error);
      response.writeHead(isRefused ? 403 : 400).end(JSON.stringify({ code: isRefused ? error.code : "expired" }));
    }
  });
}

/** The session has no challenge, or had it for too long. */
class Expired extends Error {}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port, origin, issuers, countries, key, statement, test = false } = JSON.parse(readFileSync(process.argv[2] ?? "settings.json", "utf8"));
  const file = (/** @type {string} */ name) => ({ name, content: readFileSync(name) });
  const verifier = new Verifier({
    origin,
    keys: [readFileSync(key, "utf8")],
    trust: { test, certificates: issuers.map(file), countries: countries.map(file) },
  });
  const beside = (/** @type {string} */ name) => readFileSync(new URL(name, import.meta.url), "utf8");
  portal({
    verifier,
    // the platform gives it; a new one for each visit, since it lives for 15 minutes
    statement: async () => (await fetch(statement)).text(),
    page: beside("portal.html"),
    sdk: beside("../../web/dist/bitaqa-web.js"),
  }).listen(port, "127.0.0.1", () => console.log(`${origin} on 127.0.0.1:${port}`));
}
