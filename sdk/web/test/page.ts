/**
 * A page for the module under test: just enough of `window` and `navigator`, with a real `MessageChannel` (Node's own)
 * and, where a test wants one, an extension at the other end.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sdk from "../src/index.ts";
import { buildSdk } from "../build.mjs";

export interface Envelope {
  data: { bitaqa: number; id: string };
  target: string;
  port: MessagePort;
}

export interface Page {
  sdk: typeof Sdk;
  /** What the module posted to its window. */
  posted: Envelope[];
  /** What the page said over its ports. */
  said: unknown[];
  /** Whether the person has just clicked. */
  active: boolean;
  /** The extension: hears each envelope. */
  extension: ((envelope: Envelope) => void) | undefined;
}

export let builtModule = "";
let folder = "";
let copies = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "bitaqa-web-test-"));
  await buildSdk(join(folder, "dist"));
  builtModule = join(folder, "dist/bitaqa-web.js");
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A fresh page that imports the built module. */
export async function openPage(): Promise<Page> {
  const page: Omit<Page, "sdk"> = { posted: [], said: [], active: false, extension: undefined };
  const stand = {
    postMessage(data: Envelope["data"], target: string, [port]: [MessagePort]): void {
      const envelope = { data: structuredClone(data), target, port };
      page.posted.push(envelope);
      port.addEventListener("message", (event) => page.said.push(event.data));
      page.extension?.(envelope);
    },
  };
  Object.defineProperty(globalThis, "window", { value: stand, configurable: true });
  const userActivation = { get isActive() { return page.active; } };
  Object.defineProperty(globalThis, "navigator", { value: { userActivation }, configurable: true });
  const sdk = (await import(`${pathToFileURL(builtModule).href}?copy=${++copies}`)) as typeof Sdk;
  return Object.assign(page, { sdk });
}

/** An extension that says `ready`, then answers each request with these replies. */
export function answering(...replies: object[]): (envelope: Envelope) => void {
  return ({ port }) => {
    port.onmessage = ({ data }) => {
      if (data.type === "request") for (const reply of replies) port.postMessage(reply);
      if (data.type === "cancel") port.close();
    };
    port.postMessage({ type: "ready" });
  };
}

/** A failure as the extension words it. */
export function failure(code: string, more: object = {}): object {
  return { type: "failure", error: { code, message: `what: ${code}`, remedy: `do: ${code}`, ...more } };
}

/** Resolves when `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
