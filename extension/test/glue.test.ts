import assert from "node:assert/strict";
import { test } from "node:test";
import type { CoreAction, CoreEvent } from "../src/background/core.ts";
import { Glue, type Surroundings } from "../src/background/glue.ts";
import type { NativeRuntime, RawPort } from "../src/background/native_port.ts";
import type { PageReply } from "../src/generated/PageReply.ts";

/** Runs what waits on promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class FakeNativePort implements RawPort {
  readonly sent: object[] = [];
  closed = false;
  frame: (message: unknown) => void = () => {};
  gone: (port: object) => void = () => {};
  readonly onMessage = { addListener: (heard: (message: unknown) => void) => void (this.frame = heard) };
  readonly onDisconnect = { addListener: (gone: (port: object) => void) => void (this.gone = gone) };

  postMessage(message: object): void {
    if (this.closed) throw new Error("Attempting to use a disconnected port object");
    this.sent.push(message);
  }

  disconnect(): void {
    this.closed = true;
  }
}

/** A background whose core is a list of answers. */
class Bench {
  /** What the core was told. */
  readonly events: CoreEvent[] = [];
  readonly ports: FakeNativePort[] = [];
  readonly timers = new Map<number, () => void>();
  readonly heard: PageReply[] = [];
  starts = 0;
  /** What the core answers to an event. */
  core: (event: CoreEvent) => CoreAction[] = () => [];
  readonly runtime: NativeRuntime = {
    connectNative: (name) => {
      assert.equal(name, "org.bitaqa.host");
      this.ports.push(new FakeNativePort());
      return this.ports.at(-1) as FakeNativePort;
    },
  };
  readonly listener = (reply: PageReply): void => void this.heard.push(reply);
  readonly glue: Glue;

  constructor(more: Partial<Surroundings> = {}) {
    this.glue = new Glue({
      runtime: this.runtime,
      startCore: async () => {
        this.starts += 1;
        return {
          handle: (text) => {
            const event = JSON.parse(text) as CoreEvent;
            this.events.push(event);
            return JSON.stringify(this.core(event));
          },
        };
      },
      word: (report, language) => ({ ...report, message: `${report.code} in ${language}`, remedy: "" }),
      language: () => "fr",
      setTimeout: (run, milliseconds) => {
        this.timers.set(milliseconds, run);
        return milliseconds;
      },
      clearTimeout: (timer) => void this.timers.delete(timer),
      ...more,
    });
  }

  /** A document asks. */
  async ask(document = "7/D1"): Promise<void> {
    this.glue.opened(document, this.listener);
    this.glue.content(document, "https://portal.example", { type: "request", id: "i".repeat(16), request: "{}" });
    await settle();
  }

  /** The core answers every message of a content script like this. */
  onContent(...actions: CoreAction[]): this {
    this.core = ({ type }) => (type === "content" ? actions : []);
    return this;
  }
}

const reply = (reply: Extract<CoreAction, { type: "reply" }>["reply"], document = "7/D1"): CoreAction => ({
  type: "reply",
  document,
  id: "i".repeat(16),
  reply,
});
const STATUS = { type: "status", status: { extension: "1", host: "1" } } as const;
const HELLO = { type: "hello", versions: [1], extension: "0.1.0" } as const;

test("the core is started by the first event, with the message as text and the browser's origin", async () => {
  const bench = new Bench();
  assert.equal(bench.starts, 0);
  await bench.ask();
  await bench.ask("7/D2");
  assert.equal(bench.starts, 1);
  assert.deepEqual(bench.events[0], {
    type: "content",
    document: "7/D1",
    origin: "https://portal.example",
    message: JSON.stringify({ type: "request", id: "i".repeat(16), request: "{}" }),
  });
});

test("actions are carried out in order, and events that they cause wait for their turn", async () => {
  const bench = new Bench();
  delete bench.runtime.connectNative;
  bench.core = ({ type }) => (type === "content" ? [{ type: "open-host" }, reply({ type: "progress", stage: "queued" })] : []);
  await bench.ask();
  assert.deepEqual(bench.events.map(({ type }) => type), ["content", "host-gone"]);
  assert.deepEqual(bench.heard, [{ type: "progress", stage: "queued" }]);
});

test("a request whose chip has yet to prove itself is still held, until the chip answered", async () => {
  const answer = { type: "identity-answer", answer: "a..b.c.d", chipAuthentication: true } as const;
  const bench = new Bench().onContent(reply(answer));
  await bench.ask();
  assert.ok(bench.glue.holds("7/D1", bench.listener));
  bench.onContent(reply({ type: "chip-answer", answer: "kAA=" }));
  bench.glue.content("7/D1", "https://portal.example", { type: "chip-challenge", id: "i".repeat(16), challenge: "BAEC.DLA=" });
  await settle();
  assert.deepEqual(bench.heard, [answer, { type: "chip-answer", answer: "kAA=" }]);
  assert.equal(bench.glue.holds("7/D1", bench.listener), false);
});

test("a host is opened, spoken to, heard and closed as the core says", async () => {
  const bench = new Bench().onContent({ type: "open-host" }, { type: "send-host", frame: { ...HELLO, versions: [1] } });
  await bench.ask();
  const [port] = bench.ports;
  assert.deepEqual(port?.sent, [HELLO]);
  bench.core = () => [{ type: "close-host" }];
  port?.frame({ type: "hello", versions: [9], host: "1" });
  await settle();
  assert.deepEqual(bench.events.at(-1), { type: "host-frame", frame: '{"type":"hello","versions":[9],"host":"1"}' });
  assert.equal(port?.closed, true);
});

test("why the port closed is told as a cause, with the browser's text for the developer", async () => {
  const bench = new Bench().onContent({ type: "open-host" });
  await bench.ask();
  bench.runtime.lastError = { message: "Specified native messaging host not found." };
  bench.ports[0]?.gone({});
  await settle();
  const reason = "Specified native messaging host not found.";
  assert.deepEqual(bench.events.at(-1), { type: "host-gone", cause: "missing", reason });
});

test("Firefox's port tells by its error", async () => {
  const bench = new Bench().onContent({ type: "open-host" });
  await bench.ask();
  bench.ports[0]?.gone({ error: null });
  await settle();
  assert.deepEqual(bench.events.at(-1), { type: "host-gone", cause: "ended", reason: "" });
});

test("without the permission the cause is the permission", async () => {
  const bench = new Bench().onContent({ type: "open-host" });
  delete bench.runtime.connectNative;
  await bench.ask();
  assert.deepEqual(bench.events.at(-1), { type: "host-gone", cause: "permission", reason: "" });
});

test("a port that was closed on purpose, or replaced, says nothing any more", async () => {
  const bench = new Bench().onContent({ type: "open-host" });
  await bench.ask();
  await bench.ask("7/D2");
  const before = bench.events.length;
  bench.ports[0]?.frame({ type: "late" });
  bench.ports[0]?.gone({});
  await settle();
  assert.equal(bench.events.length, before);
  assert.equal(bench.ports[0]?.closed, true);
});

test("a frame for a port that has just died is dropped, because its end is on the way", async () => {
  const bench = new Bench().onContent({ type: "open-host" });
  await bench.ask();
  bench.ports[0]?.disconnect();
  bench.onContent({ type: "send-host", frame: { ...HELLO, versions: [1] } });
  await bench.ask("7/D2");
  assert.equal(bench.starts, 1, "the core did not break over it");
});

test("timers ring once, can be set anew and cleared", async () => {
  const bench = new Bench().onContent(
    { type: "set-timer", name: "rest", milliseconds: 10 },
    { type: "set-timer", name: "rest", milliseconds: 20 },
    { type: "set-timer", name: "hello", milliseconds: 30 },
    { type: "clear-timer", name: "hello" },
    { type: "clear-timer", name: "never set" },
  );
  await bench.ask();
  assert.deepEqual([...bench.timers.keys()], [20]);
  bench.timers.get(20)?.();
  await settle();
  assert.deepEqual(bench.events.at(-1), { type: "timer", name: "rest" });
});

test("a failure gets its sentences in the language the core names", async () => {
  const bench = new Bench().onContent(
    reply({ type: "failure", error: { code: "pin-wrong", triesLeft: 2, detail: "63C2" }, language: "ar" }),
  );
  await bench.ask();
  assert.deepEqual(bench.heard, [
    { type: "failure", error: { code: "pin-wrong", triesLeft: 2, detail: "63C2", message: "pin-wrong in ar", remedy: "" } },
  ]);
});

test("a document has one request at a time, and is forgotten with its last reply", async () => {
  const bench = new Bench();
  await bench.ask();
  assert.equal(bench.glue.opened("7/D1", bench.listener), false);
  bench.onContent(reply(STATUS));
  bench.glue.content("7/D1", "https://portal.example", { type: "cancel", id: "i".repeat(16) });
  await settle();
  assert.deepEqual(bench.heard, [STATUS]);
  assert.deepEqual(bench.events.at(-1), { type: "document-gone", document: "7/D1" });
  assert.equal(bench.glue.opened("7/D1", bench.listener), true);
});

test("a document that leaves is reported once, and only by the port that asked", async () => {
  const bench = new Bench();
  await bench.ask();
  bench.glue.gone("7/D1", () => {});
  await settle();
  assert.equal(bench.events.length, 1);
  bench.glue.gone("7/D1", bench.listener);
  bench.glue.gone("7/D1", bench.listener);
  await settle();
  assert.deepEqual(bench.events.slice(1), [{ type: "document-gone", document: "7/D1" }]);
});

test("replies to documents that left go nowhere", async () => {
  const bench = new Bench().onContent(reply(STATUS, "another"));
  await bench.ask();
  assert.deepEqual(bench.heard, []);
});

test("a core that breaks ends everything under way, and the next request gets a fresh one", async () => {
  const bench = new Bench().onContent({ type: "open-host" }, { type: "set-timer", name: "rest", milliseconds: 10 });
  await bench.ask();
  bench.core = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  await bench.ask("7/D2");
  assert.deepEqual(bench.heard.map((reply) => (reply.type === "failure" ? reply.error : reply)), [
    { code: "internal-error", detail: "RuntimeError: unreachable", message: "internal-error in fr", remedy: "" },
    { code: "internal-error", detail: "RuntimeError: unreachable", message: "internal-error in fr", remedy: "" },
  ]);
  assert.equal(bench.ports[0]?.closed, true);
  assert.equal(bench.timers.size, 0);
  bench.onContent(reply(STATUS));
  await bench.ask();
  assert.equal(bench.starts, 2);
  assert.deepEqual(bench.heard.at(-1), STATUS);
});

test("a core that does not start is an internal error, not silence", async () => {
  const bench = new Bench({ startCore: () => Promise.reject(new TypeError("Failed to fetch")) });
  await bench.ask();
  assert.equal(bench.heard[0]?.type, "failure");
  assert.deepEqual(await bench.glue.diagnostics(), []);
});

test("diagnostics come from the core", async () => {
  const bench = new Bench();
  const entries = [{ request: "authenticate", microseconds: 1500 }];
  bench.core = ({ type }) => (type === "diagnostics" ? [{ type: "diagnostics", entries }] : []);
  assert.deepEqual(await bench.glue.diagnostics(), entries);
});

test("changed settings take a fresh core, but never under a request", async () => {
  const bench = new Bench();
  await bench.ask();
  bench.glue.renew();
  await bench.ask("7/D2");
  assert.equal(bench.starts, 1);
  bench.glue.gone("7/D1", bench.listener);
  bench.glue.gone("7/D2", bench.listener);
  await settle();
  bench.glue.renew();
  await bench.ask();
  assert.equal(bench.starts, 2);
});
