import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvelope } from "../src/content/envelope.ts";

const OWN = {} as Window;
const PORT = {} as MessagePort;
const ID = "0123456789abcdef";

function message(data: unknown, more: object = {}): MessageEvent<unknown> {
  return { isTrusted: true, source: OWN, ports: [PORT], data, ...more } as unknown as MessageEvent<unknown>;
}

test("an envelope of the own window is read", () => {
  assert.deepEqual(readEnvelope(message({ bitaqa: 1, id: ID }), OWN), { id: ID, port: PORT });
});

test("messages of other windows, without exactly one port, or made by a script are not for us", () => {
  const data = { bitaqa: 1, id: ID };
  for (const more of [{ source: {} }, { source: null }, { ports: [] }, { ports: [PORT, PORT] }, { isTrusted: false }]) {
    assert.equal(readEnvelope(message(data, more), OWN), undefined);
  }
});

test("a message that is not for us is not even looked at", () => {
  const event = message(undefined, { ports: [] });
  Object.defineProperty(event, "data", { get: () => assert.fail("the data was read") });
  assert.equal(readEnvelope(event, OWN), undefined);
});

test("anything but the mark and a request id is not an envelope", () => {
  for (const data of [
    undefined,
    null,
    "bitaqa",
    1,
    {},
    { id: ID },
    { bitaqa: 2, id: ID },
    { bitaqa: "1", id: ID },
    { bitaqa: 1 },
    { bitaqa: 1, id: 7 },
    { bitaqa: 1, id: "short" },
    { bitaqa: 1, id: "x".repeat(65) },
    { bitaqa: 1, id: `${ID}\n` },
    { bitaqa: 1, id: `${ID}é` },
  ]) {
    assert.equal(readEnvelope(message(data), OWN), undefined, JSON.stringify(data));
  }
});
