import assert from "node:assert/strict";
import { test } from "node:test";
import { disconnectCause } from "../src/background/disconnect_cause.ts";

test("Chromium's two texts are told apart, and any other is an end", () => {
  for (const [lastError, cause] of [
    ["Specified native messaging host not found.", "missing"],
    ["Access to the specified native messaging host is forbidden.", "forbidden"],
    ["Native host has exited.", "ended"],
    ["Error when communicating with the native messaging host.", "ended"],
    [undefined, "ended"],
  ] as const) {
    assert.equal(disconnectCause({ lastError, heard: false }), cause);
  }
});

test("Firefox needs no text: no error is an end, an error before the first frame is no host", () => {
  assert.equal(disconnectCause({ portError: null, heard: false }), "ended");
  assert.equal(disconnectCause({ portError: "whatever it says", heard: false }), "missing");
});

test("a host that has spoken was there", () => {
  assert.equal(disconnectCause({ portError: "whatever it says", heard: true }), "ended");
  assert.equal(disconnectCause({ lastError: "Specified native messaging host not found.", heard: true }), "ended");
});
