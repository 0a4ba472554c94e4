import assert from "node:assert/strict";
import { test } from "node:test";
import { DocumentGate, MAX_REQUEST_LENGTH } from "../src/content/document_gate.ts";
import type { ErrorCode } from "../src/generated/ErrorCode.ts";
import type { PageReply } from "../src/generated/PageReply.ts";
import { FakeBrowser } from "./fake_browser.ts";
import { FakePagePort } from "./fake_page_port.ts";

const TOKEN: PageReply = {
  type: "auth-token",
  token: { unverifiedCertificate: "MAA=", algorithm: "ES256", signature: "AAEC", format: "web-eid:1.0" },
};
const STATUS: PageReply = { type: "status", status: { extension: "1", host: "1" } };
const TEN_MINUTES = 600_000;
const failure = (code: ErrorCode): PageReply => ({ type: "failure", error: { code, message: "", remedy: "" } });

class Tab {
  readonly browser = new FakeBrowser();
  readonly gate = new DocumentGate(this.browser);
  #calls = 0;

  /** The page posts an envelope, with a fresh id if none is given. */
  call(id = `request-id-${String(++this.#calls).padStart(8, "0")}`): FakePagePort {
    const port = new FakePagePort();
    this.gate.envelope(id, port);
    return port;
  }

  /** The page posts an envelope and its request. */
  ask(request = '{"type":"status"}'): FakePagePort {
    const port = this.call();
    port.say({ type: "request", request });
    return port;
  }

  /** A call that the background answered: the visit is open. */
  visited(): this {
    this.browser.active = true;
    const port = this.ask();
    this.browser.ports.at(-1)?.reply(STATUS);
    assert.deepEqual(port.kinds, ["ready", "status"]);
    this.browser.active = false;
    return this;
  }
}

test("before the first gesture a page hears nothing at all, whatever it sends", () => {
  const tab = new Tab();
  const port = tab.ask();
  assert.deepEqual(port.heard, []);
  assert.equal(port.closed, false, "closing the port would be an answer");
  assert.equal(port.onmessage, null);
  assert.equal(tab.browser.ports.length, 0);
});

test("a call with a gesture is ready at once and reaches the background as it was sent", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.call("request-id-of-the-page");
  assert.deepEqual(port.heard, [{ type: "ready" }]);
  assert.equal(tab.browser.ports.length, 0, "nothing wakes the background before there is a request");
  port.say({ type: "request", request: "not even JSON" });
  const expected = { type: "request", id: "request-id-of-the-page", request: "not even JSON" };
  assert.deepEqual(tab.browser.ports[0]?.got, [expected]);
});

test("progress goes through, and the last reply closes both ports", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.ask();
  const [background] = tab.browser.ports;
  background?.reply({ type: "progress", stage: "reading" });
  assert.equal(port.closed, false);
  background?.reply(STATUS);
  assert.deepEqual(port.kinds, ["ready", "progress", "status"]);
  assert.equal(port.closed, true);
  assert.equal(background?.open, false);
  assert.equal(tab.browser.timers, 0);
});

test("within the visit later calls need no gesture", () => {
  const tab = new Tab().visited();
  assert.deepEqual(tab.ask().kinds, ["ready"]);
});

test("ten minutes after the person's last gesture or PIN the visit is over, and the page is told that a gesture is missing", () => {
  const tab = new Tab().visited();
  tab.browser.pass(TEN_MINUTES - 1);
  assert.deepEqual(tab.ask().kinds, ["ready"]);
  tab.browser.ports.at(-1)?.reply(TOKEN);
  tab.browser.pass(TEN_MINUTES - 1);
  assert.deepEqual(tab.ask().kinds, ["ready"]);
  tab.browser.ports.at(-1)?.reply(STATUS);
  tab.browser.pass(1);
  const port = tab.ask();
  assert.deepEqual(port.heard, [
    { type: "failure", error: { code: "gesture-missing", message: "what: gesture-missing", remedy: "do: gesture-missing" } },
  ]);
  assert.ok(port.closed);
});

test("a page cannot keep a visit open by asking", () => {
  const tab = new Tab().visited();
  for (let minute = 1; minute <= 10; minute += 1) {
    tab.browser.pass(60_000);
    tab.ask();
    tab.browser.ports.at(-1)?.reply(STATUS);
  }
  assert.deepEqual(tab.call().kinds, ["gesture-missing"]);
});

test("a gesture opens an ended visit again", () => {
  const tab = new Tab().visited();
  tab.browser.pass(TEN_MINUTES);
  assert.deepEqual(tab.ask().kinds, ["gesture-missing"]);
  tab.browser.pass(1);
  tab.browser.click();
  assert.deepEqual(tab.ask().kinds, ["ready"]);
});

test("the click that opened a visit does not open another: who gave up is left alone until the next click", () => {
  const tab = new Tab();
  tab.browser.click();
  tab.ask();
  // well within the seconds that a gesture lasts
  tab.browser.pass(1500);
  tab.browser.ports[0]?.reply(failure("user-cancelled"));
  tab.browser.pass(100);
  assert.equal(tab.browser.userIsActive(), true);
  assert.deepEqual(tab.ask().kinds, ["gesture-missing"]);
  assert.deepEqual(tab.ask().kinds, ["gesture-missing"]);
  tab.browser.pass(1);
  tab.browser.click();
  assert.deepEqual(tab.ask().kinds, ["ready"]);
});

test("a page that cancels ends its visit, and the background hears it before the port closes", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.ask();
  tab.browser.active = false;
  port.say({ type: "cancel" });
  const [background] = tab.browser.ports;
  assert.deepEqual(background?.got.map(({ type }) => type), ["request", "cancel"]);
  assert.equal(background?.open, false);
  assert.deepEqual(tab.call().kinds, ["gesture-missing"]);
});

test("after a failure that is not the page's own nobody is asked again without a click", () => {
  for (const code of ["user-cancelled", "user-timeout", "no-card", "reader-busy", "card-unknown", "host-crashed"] as const) {
    const tab = new Tab();
    tab.browser.active = true;
    tab.ask();
    tab.browser.active = false;
    tab.browser.ports[0]?.reply(failure(code));
    assert.deepEqual(tab.call().kinds, ["gesture-missing"], code);
  }
});

test("a fault of the page's own leaves the visit open", () => {
  for (const code of ["request-invalid", "challenge-invalid", "request-pending"] as const) {
    const tab = new Tab();
    tab.browser.active = true;
    tab.ask();
    tab.browser.active = false;
    tab.browser.ports[0]?.reply(failure(code));
    assert.deepEqual(tab.call().kinds, ["ready"], code);
  }
});

test("exchanges opened beforehand do not outlive the visit", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const [first, second] = [tab.call(), tab.call()];
  tab.browser.active = false;
  first.say({ type: "request", request: "{}" });
  tab.browser.ports[0]?.reply(failure("user-cancelled"));
  second.say({ type: "request", request: "{}" });
  assert.deepEqual(second.kinds, ["ready", "gesture-missing"]);
  assert.equal(tab.browser.ports.length, 1, "the background heard of one request");
});

test("a page in the background raises no window", () => {
  const tab = new Tab().visited();
  tab.browser.visible = false;
  assert.deepEqual(tab.ask().kinds, ["ready", "gesture-missing"]);
});

test("a page that nobody clicked is not listened to; one that was, is", () => {
  const tab = new Tab();
  assert.equal(tab.gate.listens(), false);
  tab.browser.active = true;
  assert.equal(tab.gate.listens(), true);
  tab.visited();
  tab.browser.pass(TEN_MINUTES);
  assert.equal(tab.gate.listens(), true, "it knows us already");
});

test("a text that is not Unicode never reaches the background", () => {
  const tab = new Tab();
  tab.browser.active = true;
  assert.deepEqual(tab.ask('{"type":"status"}\ud800').kinds, ["ready", "request-invalid"]);
  assert.equal(tab.browser.ports.length, 0);
});

test("a ping is answered while the exchange lasts", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.ask();
  port.say({ type: "ping" });
  assert.deepEqual(port.kinds, ["ready", "ready"]);
  tab.browser.ports[0]?.reply(STATUS);
  port.say({ type: "ping" });
  assert.deepEqual(port.kinds, ["ready", "ready", "status"]);
});

test("one request at a time: a second one is refused and the first goes on", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const first = tab.ask();
  const second = tab.ask();
  assert.deepEqual(second.kinds, ["ready", "request-pending"]);
  assert.equal(tab.browser.ports.length, 1);
  tab.browser.ports[0]?.reply(STATUS);
  assert.deepEqual(first.kinds, ["ready", "status"]);
});

test("a second request on the same port is not a request", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.ask();
  port.say({ type: "request", request: "again" });
  assert.equal(tab.browser.ports.length, 1);
  assert.equal(tab.browser.ports[0]?.got.length, 1);
});

test("a request id is taken once", () => {
  const tab = new Tab();
  tab.browser.active = true;
  tab.call("the-same-request-id");
  assert.deepEqual(tab.call("the-same-request-id").kinds, ["request-id-reused"]);
});

test("a request that is too long never reaches the background", () => {
  const tab = new Tab();
  tab.browser.active = true;
  assert.deepEqual(tab.ask("x".repeat(MAX_REQUEST_LENGTH + 1)).kinds, ["ready", "request-too-large"]);
  assert.equal(tab.browser.ports.length, 0);
  assert.deepEqual(tab.ask("x".repeat(MAX_REQUEST_LENGTH)).kinds, ["ready"]);
  assert.equal(tab.browser.ports.length, 1);
});

test("what is not one of our messages is ignored", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.call();
  for (const data of [undefined, null, 7, "request", [], {}, { type: "request" }, { type: "request", request: 7 }]) {
    port.say(data);
  }
  assert.deepEqual(port.kinds, ["ready"]);
  assert.equal(tab.browser.ports.length, 0);
});

test("a flood is dropped: a bounded number of answers, ports and timers", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const ports = Array.from({ length: 10_000 }, () => tab.ask());
  assert.equal(ports.filter(({ heard }) => heard.length > 0).length, 20);
  assert.equal(tab.browser.ports.length, 1);
  assert.ok(tab.browser.timers <= 8);
  tab.browser.ports[0]?.reply(STATUS);
  tab.browser.pass(2000);
  assert.deepEqual(tab.ask().kinds, ["ready"], "a page that stops flooding is served again");
});

test("envelopes without a request are bounded in number and in time", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const waiting = Array.from({ length: 8 }, () => tab.call());
  assert.deepEqual(tab.call().kinds, ["request-pending"]);
  tab.browser.pass(120_000);
  assert.ok(waiting.every(({ closed }) => closed));
  assert.deepEqual(tab.call().kinds, ["ready"]);
});

test("leaving the page closes everything and ends the visit", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const running = tab.ask();
  const waiting = tab.call();
  tab.browser.active = false;
  tab.gate.left();
  assert.ok(running.closed && waiting.closed);
  assert.equal(tab.browser.ports[0]?.open, false);
  assert.equal(tab.browser.timers, 0);
  assert.deepEqual(tab.call().kinds, ["gesture-missing"], "back from the back/forward cache");
});

test("an extension that was updated under the page is not reachable", () => {
  const tab = new Tab();
  tab.browser.active = true;
  tab.browser.invalidated = true;
  assert.deepEqual(tab.ask().kinds, ["ready", "extension-not-reachable"]);
});

test("a background that goes away in the middle of a request is not reachable", () => {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.ask();
  tab.browser.ports[0]?.gone();
  assert.deepEqual(port.kinds, ["ready", "extension-not-reachable"]);
  assert.deepEqual(tab.ask().kinds, ["ready"], "and the next request is a new start");
});

/** A page whose server may make what the chip has to prove itself by. */
function waitingForChip(): { tab: Tab; port: FakePagePort } {
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.ask('{"type":"identify"}');
  tab.browser.ports[0]?.reply({ type: "identity-answer", answer: "a..b.c.d", chipAuthentication: true });
  return { tab, port };
}

test("while the chip has yet to prove itself the exchange stays open, and takes one challenge", () => {
  const { tab, port } = waitingForChip();
  const [background] = tab.browser.ports;
  assert.equal(port.closed, false);
  port.say({ type: "chip-challenge", challenge: "BAEC.DLA=" });
  const { id } = background?.got[0] ?? {};
  assert.deepEqual(background?.got[1], { type: "chip-challenge", id, challenge: "BAEC.DLA=" });
  background?.reply({ type: "chip-answer", answer: "kAA=" });
  assert.deepEqual(port.kinds, ["ready", "identity-answer", "chip-answer"]);
  assert.ok(port.closed);
  assert.equal(background?.open, false);
});

test("a challenge that nobody waits for ends the exchange, and goes no further", () => {
  const challenge = { type: "chip-challenge", challenge: "BAEC.DLA=" };
  // before the answer, and before there is a request at all
  for (const asked of [true, false]) {
    const tab = new Tab();
    tab.browser.active = true;
    const port = asked ? tab.ask() : tab.call();
    port.say(challenge);
    assert.deepEqual(port.kinds, ["ready", "request-invalid"]);
    assert.equal(tab.browser.ports[0]?.open ?? false, false);
  }
  // after an answer that needs none
  const tab = new Tab();
  tab.browser.active = true;
  const port = tab.ask();
  tab.browser.ports[0]?.reply({ type: "identity-answer", answer: "a..b.c.d" });
  port.say(challenge);
  assert.deepEqual(port.kinds, ["ready", "identity-answer"]);
  // twice
  const second = waitingForChip();
  second.port.say(challenge);
  second.port.say(challenge);
  assert.deepEqual(second.port.kinds, ["ready", "identity-answer", "request-invalid"]);
  assert.equal(second.tab.browser.ports[0]?.got.length, 2);
  assert.equal(second.tab.browser.ports[0]?.open, false);
});

test("a challenge that is longer than any, or no text, goes no further", () => {
  for (const [challenge, code] of [["A".repeat(513), "request-too-large"], ["\ud800", "request-invalid"]] as const) {
    const { tab, port } = waitingForChip();
    port.say({ type: "chip-challenge", challenge });
    assert.deepEqual(port.kinds, ["ready", "identity-answer", code]);
    assert.equal(tab.browser.ports[0]?.got.length, 1);
  }
  const { tab, port } = waitingForChip();
  port.say({ type: "chip-challenge", challenge: 7 });
  assert.equal(port.closed, false, "no message of ours");
  assert.equal(tab.browser.ports[0]?.got.length, 1);
});

test("another exchange cannot continue a request, and a page that is left continues none", () => {
  const { tab, port } = waitingForChip();
  const other = tab.call();
  other.say({ type: "chip-challenge", challenge: "BAEC.DLA=" });
  assert.deepEqual(other.kinds, ["ready", "request-invalid"]);
  assert.equal(port.closed, false);
  tab.gate.left();
  port.say({ type: "chip-challenge", challenge: "BAEC.DLA=" });
  assert.equal(tab.browser.ports[0]?.got.length, 1);
  assert.equal(tab.browser.ports[0]?.open, false);
});
