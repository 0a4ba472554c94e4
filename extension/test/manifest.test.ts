import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FIREFOX_ID, manifest, SITES as MANIFEST_SITES } from "../manifest.mjs";
import { HOST_NAME } from "../src/background/native_port.ts";
import { SITES } from "../src/site_access.ts";

interface Manifest {
  [field: string]: unknown;
  key?: string;
  browser_specific_settings?: { gecko: Record<string, unknown> };
}

const chromium = manifest("chromium", "1.2.3") as Manifest;
const firefox = manifest("firefox", "1.2.3") as Manifest;

/** Every field that a manifest may have; another one is a decision, not an accident. */
const FIELDS = [
  "action",
  "background",
  "content_scripts",
  "content_security_policy",
  "default_locale",
  "description",
  "icons",
  "manifest_version",
  "name",
  "permissions",
  "version",
];

function template(family: string): { name: string; type: string; path: string; [list: string]: unknown } {
  return JSON.parse(readFileSync(new URL(`../../manifests/${family}/org.bitaqa.host.json`, import.meta.url), "utf8"));
}

test("the extension asks for native messaging and storage, and nothing else", () => {
  for (const each of [chromium, firefox]) assert.deepEqual(each["permissions"], ["nativeMessaging", "storage"]);
});

test("no manifest has a field that was not decided on: no host permissions, no web-accessible resources", () => {
  assert.deepEqual(Object.keys(chromium).sort(), [...FIELDS, "key", "message_serialization", "minimum_chrome_version"].sort());
  assert.deepEqual(Object.keys(firefox).sort(), [...FIELDS, "browser_specific_settings"].sort());
});

test("the content script runs at the start of secure top-level documents", () => {
  const expected = [{ matches: SITES, js: ["content.js"], run_at: "document_start", all_frames: false }];
  for (const each of [chromium, firefox]) assert.deepEqual(each["content_scripts"], expected);
  assert.deepEqual(MANIFEST_SITES, SITES);
});

test("extension pages run nothing but the package's own scripts and WebAssembly", () => {
  const extension_pages = "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'; connect-src 'self'";
  for (const each of [chromium, firefox]) assert.deepEqual(each["content_security_policy"], { extension_pages });
});

test("Firefox says what leaves the extension, from the first version that asks", () => {
  assert.deepEqual(firefox.browser_specific_settings?.gecko, {
    id: FIREFOX_ID,
    strict_min_version: "140.0",
    data_collection_permissions: { required: ["personallyIdentifyingInfo", "browsingActivity"] },
  });
});

test("the host's manifests name this extension and this host", () => {
  const digest = createHash("sha256").update(Buffer.from(chromium.key ?? "", "base64")).digest("hex").slice(0, 32);
  const id = Array.from(digest, (digit) => String.fromCharCode(97 + parseInt(digit, 16))).join("");
  const forChromium = template("chromium");
  const forFirefox = template("firefox");
  assert.deepEqual(forChromium["allowed_origins"], [`chrome-extension://${id}/`]);
  assert.deepEqual(forFirefox["allowed_extensions"], [FIREFOX_ID]);
  for (const { name, type, path } of [forChromium, forFirefox]) {
    assert.deepEqual({ name, type, path }, { name: HOST_NAME, type: "stdio", path: "@BITAQA_HOST@" });
  }
});
