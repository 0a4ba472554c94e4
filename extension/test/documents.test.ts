import assert from "node:assert/strict";
import { test } from "node:test";
import { knownDocument, type Sender } from "../src/background/documents.ts";

const OWN = "our-extension";
const GOOD: Sender = {
  id: OWN,
  origin: "https://portal.example",
  frameId: 0,
  documentId: "D1",
  documentLifecycle: "active",
  tab: { id: 7 },
};

test("a top-level document is known by the browser's word", () => {
  assert.deepEqual(knownDocument(GOOD, OWN), { key: "7/D1", origin: "https://portal.example" });
});

test("a browser that names no life cycle is taken at its word", () => {
  const { documentLifecycle: _, ...firefox } = GOOD;
  assert.ok(knownDocument(firefox, OWN));
});

test("frames, inactive documents, other extensions and opaque origins are not known", () => {
  for (const more of [
    { frameId: 3 },
    { documentLifecycle: "prerender" },
    { documentLifecycle: "cached" },
    { documentLifecycle: "pending_deletion" },
    { id: "another-extension" },
    { origin: "null" },
    { origin: "" },
    { tab: {} },
  ]) {
    assert.equal(knownDocument({ ...GOOD, ...more }, OWN), undefined, JSON.stringify(more));
  }
  for (const absent of ["frameId", "origin", "tab", "id"] as const) {
    const sender = { ...GOOD };
    delete sender[absent];
    assert.equal(knownDocument(sender, OWN), undefined, absent);
  }
  assert.equal(knownDocument(undefined, OWN), undefined);
});
