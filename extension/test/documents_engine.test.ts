import assert from "node:assert/strict";
import { test } from "node:test";
import { type DocumentsWorker, Engine, EngineError } from "../src/documents/engine.ts";
import type { Answer, Call } from "../src/documents/messages.ts";

/** A worker of which the test says what it answers. */
class FakeWorker implements DocumentsWorker {
  static readonly started: FakeWorker[] = [];
  readonly calls: Call[] = [];
  isEnded = false;
  onmessage: DocumentsWorker["onmessage"] = null;
  onerror: DocumentsWorker["onerror"] = null;
  onmessageerror: DocumentsWorker["onmessageerror"] = null;

  constructor() {
    FakeWorker.started.push(this);
  }

  postMessage(call: Call): void {
    structuredClone(call);
    this.calls.push(call);
  }

  terminate(): void {
    this.isEnded = true;
  }

  answer(answer: Answer): void {
    this.onmessage?.call(undefined as never, { data: answer } as MessageEvent<Answer>);
  }

  crash(message: string): void {
    (this.onerror as unknown as (event: { message: string }) => void)({ message });
  }
}

function begin(): { engine: Engine; workers: FakeWorker[] } {
  FakeWorker.started.length = 0;
  return { engine: new Engine(() => new FakeWorker()), workers: FakeWorker.started };
}
const PLAN = { algorithm: { scheme: "ecdsa", hash: "SHA-256" }, needs: "digests" } as const;
const done: Answer = { outcome: "done", result: PLAN };
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: unknown) => (error instanceof EngineError ? error.code : String(error)),
  );

test("no worker is started before it is needed, and calls run one after the other", async () => {
  const { engine, workers } = begin();
  assert.equal(workers.length, 0);
  const [first, second] = [engine.plan({ number: 1 }), engine.plan({ number: 2 })];
  const [worker] = workers;
  assert.deepEqual(worker?.calls, [{ name: "plan", given: [{ number: 1 }] }]);
  worker.answer(done);
  assert.deepEqual(await first, PLAN);
  assert.equal(worker.calls.length, 2);
  worker.answer(done);
  await second;
  assert.equal(workers.length, 1);
});

test("refusals and files that cannot be read have their codes, and the worker goes on", async () => {
  const { engine, workers } = begin();
  const [refused, unreadable] = [code(engine.inspect(new Blob())), code(engine.inspect(new Blob()))];
  workers[0]?.answer({ outcome: "refused", refusal: { code: "document-invalid", message: "no" } });
  workers[0]?.answer({ outcome: "unreadable", message: "gone" });
  assert.deepEqual([await refused, await unreadable, workers.length], ["document-invalid", "file-unreadable", 1]);
});

test("a call that breaks the worker fails alone: the next one has a fresh worker, and the old one is not heard any more", async () => {
  for (const breaks of [(worker: FakeWorker) => worker.crash("trap"), (worker: FakeWorker) => worker.answer({ outcome: "broken", message: "trap" })]) {
    const { engine, workers } = begin();
    const [broken, next] = [code(engine.plan({})), engine.plan({})];
    const [first] = workers;
    assert.ok(first);
    breaks(first);
    assert.equal(await broken, "internal");
    assert.ok(first.isEnded);
    first.answer({ outcome: "refused", refusal: { code: "internal", message: "late" } });
    workers[1]?.answer(done);
    assert.deepEqual(await next, PLAN);
  }
});

test("what cannot be sent, and a worker that cannot be started, fail the call and nothing else", async () => {
  const { engine, workers } = begin();
  const unsendable = code(engine.plan({ run: () => undefined }));
  const next = engine.plan({});
  assert.equal(await unsendable, "internal");
  workers.at(-1)?.answer(done);
  await next;
  const none = new Engine(() => {
    throw new Error("no workers here");
  });
  assert.equal(await code(none.plan({})), "internal");
});

test("closing ends the worker and what waits; the next call starts anew", async () => {
  const { engine, workers } = begin();
  const waiting = [code(engine.plan({})), code(engine.plan({}))];
  engine.close();
  assert.deepEqual(await Promise.all(waiting), ["closed", "closed"]);
  assert.ok(workers[0]?.isEnded);
  const again = engine.plan({});
  workers[1]?.answer(done);
  assert.deepEqual(await again, PLAN);
});
