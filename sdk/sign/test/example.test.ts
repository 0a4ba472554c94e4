/**
 * The example signature provider, as a page meets it, and as whoever writes requests of their own does. Keys of openssl are the cards;
 * `tests/e2e/signature_provider.test.ts` has real browsers and the host.
 */
import assert from "node:assert/strict";
import { sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { after, test } from "node:test";
import { signatureProvider } from "../../examples/signature-provider/server.mjs";
import { MOST_PREPARATIONS, MOST_SESSIONS, Sessions, TO_SIGN } from "../../examples/signature-provider/sessions.mjs";
import { FOR_THE_SCRIPT, LANGUAGES, languageOf, sentence, type Language } from "../../examples/signature-provider/words.mjs";
import { Authority, type Holder } from "./openssl.ts";
import { judge, pdf } from "./pdf.ts";

const LEASE = 0;
const LETTER = 1;
const letter = Buffer.from("a letter");
const authority = new Authority();
const holder = authority.holder();
let time = new Date();
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  authority.remove();
});

/** A browser with a cookie, or none, and a page of this origin. */
class Visitor {
  readonly origin: string;
  cookie = "";

  constructor(origin: string) {
    this.origin = origin;
  }

  async post(path: string, call: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: Record<string, string>; answer: Response }> {
    const answer = await fetch(`${this.origin}${path}`, {
      method: "POST",
      body: typeof call === "string" ? call : JSON.stringify(call),
      headers: { origin: this.origin, cookie: this.cookie, ...headers },
    });
    this.cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? this.cookie;
    return { status: answer.status, body: (await answer.json()) as Record<string, string>, answer };
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.origin}${path}`, { headers: { cookie: this.cookie } });
  }

  /** What the server refuses a call with. */
  async refused(path: string, call: unknown, headers?: Record<string, string>): Promise<[number, string | undefined]> {
    const { status, body } = await this.post(path, call, headers);
    assert.ok((body["message"] ?? "").length > 10, JSON.stringify(body));
    return [status, body["code"]];
  }

  async prepare(document: number, by: Holder = holder): Promise<{ preparation: string; digest: string }> {
    const { status, body } = await this.post("/prepare?lang=en", asked(document, by));
    assert.equal(status, 200, JSON.stringify(body));
    return body as { preparation: string; digest: string };
  }
}

async function started(issuers = [authority.certificate], origin?: string): Promise<Visitor> {
  const documents = [{ name: "lease.pdf", content: pdf(5000) }, { name: "letter.txt", content: letter }];
  const certificates = issuers.map((one) => new X509Certificate(one));
  const server = signatureProvider({ documents, issuers: certificates, test: true, now: () => time, ...(origin && { origin }) }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return new Visitor(`http://127.0.0.1:${address.port}`);
}

const asked = (document: number, by: Holder): object => ({ document, certificate: Buffer.from(by.der).toString("base64"), algorithm: "ES256" });
const server = await started();
const visitor = (): Visitor => new Visitor(server.origin);

/** A card's signature over a digest: no library signs one without hashing it again but openssl's own command. */
function signed(by: Holder, digest: string): string {
  authority.write("digest", Buffer.from(digest, "base64"));
  authority.write("card.key", by.key.export({ type: "pkcs8", format: "pem" }));
  const der = authority.openssl("pkeyutl", "-sign", "-inkey", "card.key", "-in", "digest");
  return der.toString("base64");
}

test("a text is signed in two calls, and its signature is beside it", async () => {
  const person = visitor();
  const { preparation, digest } = await person.prepare(LETTER);
  assert.equal((await person.post("/finish", { preparation, signature: signed(holder, digest) })).status, 200);
  const file = await person.get(`/signed/${LETTER}`);
  assert.equal(file.headers.get("content-disposition"), "attachment; filename*=UTF-8''letter.txt.p7s");
  authority.verifyCades(new Uint8Array(await file.arrayBuffer()), letter);
  const page = await (await person.get("/?lang=en")).text();
  assert.match(page, /Signed by \u2068AMINA EXEMPLE\u2069/);
  assert.match(page, /<strong>TEST<\/strong>[^]+CAdES B-B[^]+not checked/);
  assert.equal((await visitor().get(`/signed/${LETTER}`)).status, 404, "another session has no file");
});

test("a PDF of the server's comes back signed", async () => {
  const person = visitor();
  const { preparation, digest } = await person.prepare(LEASE);
  assert.equal((await person.post("/finish", { preparation, signature: signed(holder, digest) })).status, 200);
  judge(authority, Buffer.from(await (await person.get(`/signed/${LEASE}`)).arrayBuffer()), 1);
});

test("a signature by another key, or over something else, is in no file and uses the preparation up", async () => {
  const person = visitor();
  for (const wrong of [
    (digest: string) => signed(authority.holder(), digest),
    (digest: string) => signed(holder, Buffer.from(digest, "base64").reverse().toString("base64")),
    // over the document alone
    () => sign("sha256", letter, holder.key).toString("base64"),
    () => "",
    () => "A".repeat(40_000),
  ]) {
    const { preparation, digest } = await person.prepare(LETTER);
    assert.deepEqual(await person.refused("/finish", { preparation, signature: wrong(digest) }), [403, "signature-invalid"]);
    assert.deepEqual(await person.refused("/finish", { preparation, signature: signed(holder, digest) }), [403, "preparation"]);
  }
  assert.equal((await person.get(`/signed/${LETTER}`)).status, 404);
});

test("a preparation counts once, in its own session, for five minutes", async () => {
  const person = visitor();
  const { preparation, digest } = await person.prepare(LETTER);
  const call = { preparation, signature: signed(holder, digest) };
  assert.deepEqual(await visitor().refused("/finish", call), [403, "preparation"], "no session");
  const other = visitor();
  await other.prepare(LETTER);
  assert.deepEqual(await other.refused("/finish", call), [403, "preparation"], "another session");
  assert.equal((await person.post("/finish", call)).status, 200);
  assert.deepEqual(await person.refused("/finish", call), [403, "preparation"], "a second time");

  const late = await person.prepare(LETTER);
  const before = time;
  time = new Date(time.getTime() + TO_SIGN + 1);
  assert.deepEqual(await person.refused("/finish", { preparation: late.preparation, signature: signed(holder, late.digest) }), [403, "preparation"], "too late");
  time = before;
});

test("a certificate that leads to nobody who is believed gets no file, though its signature is right", async () => {
  const others = new Authority();
  after(() => others.remove());
  const person = visitor();
  const stranger = others.holder();
  const { preparation, digest } = await person.prepare(LETTER, stranger);
  assert.deepEqual(await person.refused("/finish", { preparation, signature: signed(stranger, digest) }), [403, "not-accepted"]);
  assert.equal((await person.get(`/signed/${LETTER}`)).status, 404);
});

test("calls from elsewhere, too long ones and nonsense are refused", async () => {
  const person = visitor();
  const good = asked(LETTER, holder);
  assert.deepEqual(await person.refused("/prepare", good, { origin: "https://evil.example" }), [403, "request"]);
  assert.deepEqual(await person.refused("/prepare", good, { "sec-fetch-site": "cross-site" }), [403, "request"]);
  assert.deepEqual(await person.refused("/prepare", { ...good, certificate: "A".repeat(70_000) }), [413, "request"]);
  for (const nonsense of ["", "text", "null", "7", { ...good, document: 2 }, { ...good, document: "constructor" }, { ...good, algorithm: 7 }, { ...good, certificate: 7 }]) {
    assert.deepEqual(await person.refused("/prepare", nonsense), [400, "request"], JSON.stringify(nonsense));
  }
  assert.deepEqual(await person.refused("/prepare", { ...good, certificate: "AAAA" }), [400, "certificate-invalid"]);
  assert.deepEqual(await person.refused("/prepare", { ...good, algorithm: "constructor" }), [400, "algorithm-unknown"]);
  assert.deepEqual(await person.refused("/prepare", { ...good, algorithm: "RS256" }), [403, "algorithm-invalid"]);
  const entry = authority.holder("P-256", "digitalSignature");
  assert.deepEqual(await person.refused("/prepare", asked(LETTER, entry)), [403, "certificate-not-for-documents"]);
  assert.deepEqual(await person.refused("/finish", { preparation: 7 }), [400, "request"]);
  assert.deepEqual(await person.refused("/toString", {}), [404, "not-found"]);
  assert.equal(person.cookie, "", "who was given nothing has no session");
  for (const path of ["/documents/2", "/documents/x", "/signed/0", "/assets/../package.json", "//"]) assert.equal((await person.get(path)).status, 404, path);
});

test("the cookie is out of reach of scripts and other sites, and on https tied to the host", async () => {
  const plain = await visitor().post("/prepare", asked(LETTER, holder));
  assert.match(plain.answer.headers.get("set-cookie") ?? "", /^session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
  const origin = "https://sign.example.ma";
  const secure = await (await started(undefined, origin)).post("/prepare", asked(LETTER, holder), { origin });
  assert.match(secure.answer.headers.get("set-cookie") ?? "", /^__Host-session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
});

test("sessions and what was prepared in them are bounded, and the oldest make room", () => {
  let now = 0;
  const sessions = new Sessions(() => new Date(now));
  const prepared = { document: { name: "", content: letter }, certificate: new X509Certificate(holder.der), state: letter };
  const [first, session] = sessions.start();
  const kept = Array.from({ length: MOST_PREPARATIONS + 1 }, () => sessions.keep(session, 0, prepared));
  assert.throws(() => sessions.take(session, kept[0] ?? ""), { code: "preparation" });
  assert.equal(sessions.take(session, kept[1] ?? "").session, session);
  const second = sessions.start()[0];
  // looking makes it younger than the second
  sessions.find(first);
  for (let more = 0; more < MOST_SESSIONS - 1; more += 1) sessions.start();
  assert.deepEqual([first, second].map((name) => sessions.find(name) !== undefined), [true, false]);
  now += 15 * 60 * 1000 + 1;
  assert.equal(sessions.find(first), undefined, "idle for too long");
});

test("a PDF that may show something else tomorrow is not asked for", () => {
  const scripted = Buffer.from(Buffer.from(pdf()).toString("latin1").replace("/Resources<<>>", "/JS 0/Other 1 "), "latin1");
  assert.throws(() => signatureProvider({ documents: [{ name: "lease.pdf", content: scripted }], issuers: [] }), /something else tomorrow/);
});

test("every language has every text, and people get theirs", async () => {
  const source = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8");
  const languages = Object.keys(LANGUAGES) as Language[];
  const names = languages.map((language) => source(`../../../locales/${language}/provider.ftl`).match(/^(?:[a-z-]+| +\.[a-z]+)(?= =)/gm));
  for (const others of names) assert.deepEqual(others, names[0]);
  const used = [...FOR_THE_SCRIPT, ...[...source("../../examples/signature-provider/page.mjs").matchAll(/word\("([a-z-]+)"/g)].map(([, name = ""]) => name)];
  assert.ok(used.length > 25, `${used.length}`);
  for (const language of languages) for (const name of used) assert.ok(sentence(language, name, { name: "x" }).message, name);
  assert.match(await (await visitor().get("/?lang=ar")).text(), /<html lang="ar" dir="rtl">/);
  for (const [chosen, accepted, expected] of [
    ["fr", "en", "fr"],
    ["de", "fr-MA,fr;q=0.9,en;q=0.8", "fr"],
    [null, "de-DE, en;q=0.3, ar;q=0.7", "ar"],
    [null, "en;q=0, zgh;q=0.1", "zgh"],
    [null, "constructor, *", "ar"],
  ] as const) assert.equal(languageOf(chosen, accepted), expected, accepted);
});
