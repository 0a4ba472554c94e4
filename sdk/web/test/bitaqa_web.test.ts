import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { mock, test } from "node:test";
import type { RequestedClaims } from "../src/index.ts";
import { answering, builtModule, type Envelope, failure, openPage, until } from "./page.ts";

const TOKEN = {
  unverifiedCertificate: "AAAA",
  algorithm: "ES256",
  signature: "AAAA",
  format: "web-eid:1.0",
};
const CHALLENGE = "x".repeat(44);

test("the module is smaller than 4 KB", () => {
  assert.ok(statSync(builtModule).size < 4 * 1024, `${statSync(builtModule).size} bytes`);
});

test("what has documents signed is smaller than 2 KB", () => {
  const { size } = statSync(builtModule.replace(/\.js$/, "-documents.js"));
  assert.ok(size < 2 * 1024, `${size} bytes`);
});

test("without a gesture a call ends in gesture-missing and no message is sent", async () => {
  const page = await openPage();
  await assert.rejects(page.sdk.authenticate({ challenge: CHALLENGE }), { code: "gesture-missing" });
  assert.equal(page.posted.length, 0);
});

test("without a gesture the status is unknown and no message is sent", async () => {
  const page = await openPage();
  assert.deepEqual(await page.sdk.status(), { state: "unknown" });
  assert.equal(page.posted.length, 0);
});

test("silence for a second after a gesture means that the extension is not reachable", async (context) => {
  const page = await openPage();
  page.active = true;
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const call = page.sdk.authenticate({ challenge: CHALLENGE });
  context.mock.timers.tick(999);
  context.mock.timers.tick(1);
  context.mock.timers.tick(50);
  await assert.rejects(call, {
    name: "BitaqaError",
    code: "extension-not-reachable",
    message: "Bitaqa does not answer on this page.",
    remedy: /reload the page/,
  });
});

test("an answer that waited behind a busy page is still heard", async (context) => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "auth-token", token: TOKEN });
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const call = page.sdk.authenticate({ challenge: CHALLENGE });
  // the timer runs out before the message is delivered, as when a script blocked the page for long
  context.mock.timers.tick(1000);
  assert.deepEqual(await call, TOKEN);
});

test("the envelope goes to this document only, with a fresh id each time", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "status", status: { extension: "1", host: "2" } });
  await page.sdk.status();
  await page.sdk.status();
  const [first, second] = page.posted;
  assert.equal(first?.target, "/");
  assert.equal(first?.data.bitaqa, 1);
  assert.match(first?.data.id ?? "", /^[0-9a-f]{32}$/);
  assert.notEqual(first?.data.id, second?.data.id);
});

test("identity resolves to the encrypted answer, and the request carries what was asked as text", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "progress", stage: "sending" }, { type: "identity-answer", answer: "a..b.c.d" });
  const claims: RequestedClaims = { required: ["given_name"], optional: ["photo"] };
  const statement = async (): Promise<string> => "x.y.z";
  const purpose = "open-account";
  const answer = await page.sdk.identify({ claims, purpose, challenge: () => CHALLENGE, statement, language: "ar" });
  assert.equal(answer, "a..b.c.d");
  const asked = { challenge: CHALLENGE, statement: "x.y.z", purpose, claims };
  const request = JSON.stringify({ type: "identify", request: asked, language: "ar" });
  assert.deepEqual(page.said, [{ type: "request", request }]);
});

const IDENTITY = { claims: { required: ["given_name"] } satisfies RequestedClaims, purpose: "p", challenge: CHALLENGE, statement: "x.y.z" };
const WAITS = { type: "identity-answer", answer: "a..b.c.d", chipAuthentication: true };

/** An extension that answers a request so, and a chip challenge so. */
function answeringTwice(first: object, second: object): (envelope: Envelope) => void {
  return ({ port }) => {
    port.onmessage = ({ data }) => {
      if (data.type === "request") port.postMessage(first);
      if (data.type === "chip-challenge") port.postMessage(second);
    };
    port.postMessage({ type: "ready" });
  };
}

test("where the chip has to, it proves itself by what the portal's function makes of the answer", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answeringTwice(WAITS, { type: "chip-answer", answer: "kAA=" });
  const given: string[] = [];
  const found = await page.sdk.identify({
    ...IDENTITY,
    chipAuthentication: async (answer) => {
      given.push(answer);
      return "BAEC.DLA=";
    },
  });
  assert.deepEqual(found, { answer: "a..b.c.d", chipProof: "kAA=" });
  assert.deepEqual(given, ["a..b.c.d"]);
  const { claims, purpose, challenge, statement } = IDENTITY;
  const request = { challenge, statement, purpose, claims, proof: "chip-authentication" };
  assert.deepEqual(page.said, [
    { type: "request", request: JSON.stringify({ type: "identify", request }) },
    { type: "chip-challenge", challenge: "BAEC.DLA=" },
  ]);
});

test("where the chip proved itself already, the portal's function is not called", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "identity-answer", answer: "a..b.c.d" });
  const chipAuthentication = (): string => assert.fail("called");
  assert.deepEqual(await page.sdk.identify({ ...IDENTITY, chipAuthentication }), { answer: "a..b.c.d" });
});

test("what the portal's function throws is passed on, and the request is cancelled", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering(WAITS);
  const refused = new Error("the server does not know this session");
  const chipAuthentication = (): string => {
    throw refused;
  };
  await assert.rejects(page.sdk.identify({ ...IDENTITY, chipAuthentication }), refused);
  await until(() => page.said.length === 2);
  assert.deepEqual(page.said[1], { type: "cancel" });
});

test("a server that is too slow loses the chip, and what it says later goes nowhere", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering(WAITS, failure("chip-proof-missing"));
  let late: (challenge: string) => void = () => {};
  const chipAuthentication = (): Promise<string> => new Promise((resolve) => (late = resolve));
  await assert.rejects(page.sdk.identify({ ...IDENTITY, chipAuthentication }), { code: "chip-proof-missing" });
  late("BAEC.DLA=");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(page.said.length, 1);
});

test("the PIN is asked for where the page says so", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "identity-answer", answer: "a..b.c.d" });
  const claims: RequestedClaims = { required: ["given_name"] };
  const asked = { challenge: CHALLENGE, statement: "x.y.z", purpose: "open-account", claims };
  await page.sdk.identify({ ...asked, holder: "pin", proof: "data-only" });
  const request = JSON.stringify({ type: "identify", request: { ...asked, holder: "pin", proof: "data-only" } });
  assert.deepEqual(page.said, [{ type: "request", request }]);
});

test("signing in resolves to the token, and the request carries challenge and language as text", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "progress", stage: "reading" }, { type: "auth-token", token: TOKEN });
  const stages: string[] = [];
  const token = await page.sdk.authenticate({
    challenge: CHALLENGE,
    language: "ar",
    onProgress: (stage) => stages.push(stage),
  });
  assert.deepEqual(token, TOKEN);
  assert.deepEqual(stages, ["reading"]);
  const request = JSON.stringify({ type: "authenticate", challenge: CHALLENGE, language: "ar" });
  assert.deepEqual(page.said, [{ type: "request", request }]);
});

test("the challenge function is called only after the extension is ready", async () => {
  const page = await openPage();
  page.active = true;
  const order: string[] = [];
  page.extension = (envelope) => {
    order.push("envelope");
    answering({ type: "auth-token", token: TOKEN })(envelope);
  };
  await page.sdk.authenticate({
    challenge: async () => {
      order.push("challenge");
      return CHALLENGE;
    },
  });
  assert.deepEqual(order, ["envelope", "challenge"]);
});

test("what a challenge function throws is passed on as it is, and the extension is told to forget the call", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering();
  const own = new Error("the server is away");
  const challenge = (): never => {
    throw own;
  };
  await assert.rejects(page.sdk.authenticate({ challenge }), (error) => error === own);
  await until(() => page.said.length > 0);
  assert.deepEqual(page.said, [{ type: "cancel" }]);
});

test("a failure becomes an error with code, sentences, tries left and detail", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering(failure("pin-wrong", { triesLeft: 2, detail: "63C2" }));
  await assert.rejects(page.sdk.authenticate({ challenge: CHALLENGE }), (error) => {
    assert.ok(error instanceof page.sdk.BitaqaError && error instanceof Error);
    assert.equal(error.name, "BitaqaError");
    assert.equal(error.code, "pin-wrong");
    assert.equal(error.message, "what: pin-wrong");
    assert.equal(error.remedy, "do: pin-wrong");
    assert.equal(error.triesLeft, 2);
    assert.equal(error.detail, "63C2");
    return true;
  });
});

test("an error without tries or detail has no such properties", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering(failure("no-reader"));
  const error = await page.sdk.authenticate({ challenge: CHALLENGE }).catch((error: unknown) => error);
  assert.ok(!("triesLeft" in (error as object)) && !("detail" in (error as object)));
});

test("a failure whose sentences are empty gets sentences of the module's own", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering(failure("extension-not-reachable", { message: "", remedy: "" }));
  await assert.rejects(page.sdk.authenticate({ challenge: CHALLENGE }), {
    code: "extension-not-reachable",
    message: "Bitaqa does not answer on this page.",
  });
});

test("each state of the set-up is its own status", async () => {
  for (const code of ["host-missing", "host-too-old", "host-crashed", "extension-too-old", "permission-missing"]) {
    const page = await openPage();
    page.active = true;
    page.extension = answering(failure(code));
    assert.deepEqual(await page.sdk.status(), { state: code, message: `what: ${code}`, remedy: `do: ${code}` });
  }
});

test("status resolves to the versions of both parts", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "status", status: { extension: "0.1.0", host: "0.2.0" } });
  assert.deepEqual(await page.sdk.status(), { state: "ready", extension: "0.1.0", host: "0.2.0" });
});

test("within a visit a later call needs no gesture", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "auth-token", token: TOKEN });
  await page.sdk.authenticate({ challenge: CHALLENGE });
  page.active = false;
  assert.deepEqual(await page.sdk.authenticate({ challenge: CHALLENGE }), TOKEN);
});

test("ten idle minutes end the visit", async (context) => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "auth-token", token: TOKEN });
  context.mock.timers.enable({ apis: ["Date"] });
  await page.sdk.authenticate({ challenge: CHALLENGE });
  page.active = false;
  context.mock.timers.tick(600_000);
  assert.deepEqual(await page.sdk.status(), { state: "unknown" });
});

test("when the extension says that the visit is over, the next call is not even sent", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = ({ port }) => port.postMessage(failure("gesture-missing"));
  await assert.rejects(page.sdk.authenticate({ challenge: CHALLENGE }), { code: "gesture-missing" });
  page.active = false;
  assert.deepEqual(await page.sdk.status(), { state: "unknown" });
  assert.equal(page.posted.length, 1);
});

test("aborting rejects at once with request-aborted, tells the extension, and ends the visit", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering();
  const abort = new AbortController();
  const call = page.sdk.authenticate({ challenge: CHALLENGE, signal: abort.signal });
  await until(() => page.said.length > 0);
  abort.abort();
  await assert.rejects(call, { code: "request-aborted" });
  await until(() => page.said.length > 1);
  assert.deepEqual(page.said[1], { type: "cancel" });
  page.active = false;
  assert.deepEqual(await page.sdk.status(), { state: "unknown" });
});

test("an aborted signal sends nothing", async () => {
  const page = await openPage();
  page.active = true;
  const signal = AbortSignal.abort();
  await assert.rejects(page.sdk.authenticate({ challenge: CHALLENGE, signal }), { code: "request-aborted" });
  assert.equal(page.posted.length, 0);
});

test("aborting while the challenge is on its way sends no request afterwards", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "auth-token", token: TOKEN });
  const abort = new AbortController();
  let arrive = (_: string): void => {};
  const challenge = mock.fn(() => new Promise<string>((resolve) => (arrive = resolve)));
  const call = page.sdk.authenticate({ challenge, signal: abort.signal });
  await until(() => challenge.mock.callCount() === 1);
  abort.abort();
  await assert.rejects(call, { code: "request-aborted" });
  arrive(CHALLENGE);
  await until(() => page.said.length > 0);
  assert.deepEqual(page.said, [{ type: "cancel" }]);
});

test("when the other end of the port goes away, the call ends", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = ({ port }) => {
    port.onmessage = () => port.close();
    port.postMessage({ type: "ready" });
  };
  await assert.rejects(page.sdk.authenticate({ challenge: CHALLENGE }), { code: "extension-not-reachable" });
});

test("an extension that stops answering in the middle of a request is noticed", async (context) => {
  const page = await openPage();
  page.active = true;
  page.extension = answering();
  context.mock.timers.enable({ apis: ["setInterval"] });
  const call = page.sdk.authenticate({ challenge: CHALLENGE });
  await until(() => page.said.length === 1);
  for (let n = 0; n < 3; n += 1) context.mock.timers.tick(5000);
  await assert.rejects(call, { code: "extension-not-reachable" });
  await until(() => page.said.length === 3);
  assert.deepEqual(page.said.slice(1), [{ type: "ping" }, { type: "ping" }]);
});

test("a request may take long while the extension answers", async (context) => {
  const page = await openPage();
  page.active = true;
  let finish = (): void => {};
  page.extension = ({ port }) => {
    port.onmessage = ({ data }) => data.type === "ping" && port.postMessage({ type: "ready" });
    port.postMessage({ type: "ready" });
    finish = () => port.postMessage({ type: "auth-token", token: TOKEN });
  };
  context.mock.timers.enable({ apis: ["setInterval"] });
  const call = page.sdk.authenticate({ challenge: CHALLENGE });
  await until(() => page.said.length === 1);
  for (let n = 0; n < 100; n += 1) {
    context.mock.timers.tick(5000);
    await until(() => page.said.length === n + 2);
    await new Promise((resolve) => setImmediate(resolve));
  }
  finish();
  assert.deepEqual(await call, TOKEN);
});

test("an answer of another kind than asked for is an internal error", async () => {
  const page = await openPage();
  page.active = true;
  page.extension = answering({ type: "status", status: { extension: "1", host: "1" } });
  await assert.rejects(page.sdk.authenticate({ challenge: CHALLENGE }), { code: "internal-error" });
});
