/**
 * Who is at the other end, from one request to the next: what was prepared for them, and what they signed. A server of several processes keeps both in a
 * database, where taking a preparation is one statement (`DELETE … RETURNING`).
 */
import { randomBytes } from "node:crypto";
import { Refused } from "./refused.mjs";

/** A session ends after this long without a request, in milliseconds. */
export const IDLE = 15 * 60 * 1000;
/** How long somebody may take to sign. */
export const TO_SIGN = 5 * 60 * 1000;
/** Most sessions at a time. Where all places are taken, the one that was idle longest makes room. */
export const MOST_SESSIONS = 1000;
/** Most preparations of a session that are open: one for each tab in which somebody is signing. */
export const MOST_PREPARATIONS = 4;

/** @typedef {{ idleSince: number, preparations: Map<string, { prepared: import("./signing.mjs").Prepared, at: number, until: number }>, signed: Map<number, import("./signing.mjs").Signed> }} Session */

export class Sessions {
  /** The one that was idle longest comes first. @type {Map<string, Session>} */
  #all = new Map();
  #now;

  /** @param {() => Date} now */
  constructor(now) {
    this.#now = now;
  }

  /** @param {string | undefined} name what the browser holds in its cookie */
  find(name) {
    this.#sweep();
    const session = name === undefined ? undefined : this.#all.get(name);
    if (name === undefined || session === undefined) return undefined;
    session.idleSince = this.#now().getTime();
    this.#all.delete(name);
    this.#all.set(name, session);
    return session;
  }

  /** A new one, with a name that nobody can guess. @returns {[name: string, session: Session]} */
  start() {
    const name = secret();
    const [oldest] = this.#all.keys();
    if (oldest !== undefined && this.#all.size >= MOST_SESSIONS) this.#all.delete(oldest);
    const session = { idleSince: this.#now().getTime(), preparations: new Map(), signed: new Map() };
    this.#all.set(name, session);
    return [name, session];
  }

  /**
   * Keeps what was prepared for one session, under a name that counts nowhere else.
   *
   * @param {Session} session
   * @param {number} at which document
   * @param {import("./signing.mjs").Prepared} prepared
   */
  keep({ preparations }, at, prepared) {
    const [oldest] = preparations.keys();
    if (oldest !== undefined && preparations.size >= MOST_PREPARATIONS) preparations.delete(oldest);
    const name = secret();
    preparations.set(name, { prepared, at, until: this.#now().getTime() + TO_SIGN });
    return name;
  }

  /**
   * Takes a preparation out of its session: whatever comes of it, nobody uses it again.
   *
   * @param {Session | undefined} session
   * @param {string} name
   */
  take(session, name) {
    const found = session?.preparations.get(name);
    session?.preparations.delete(name);
    if (session === undefined || found === undefined || found.until < this.#now().getTime()) throw new Refused("preparation", 403);
    return { ...found, session };
  }

  #sweep() {
    for (const [name, { idleSince }] of this.#all) {
      if (idleSince + IDLE >= this.#now().getTime()) return;
      this.#all.delete(name);
    }
  }
}

/** 256 random bits. */
const secret = () => randomBytes(32).toString("hex");
