import { sign } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Tab } from "./browser.ts";

const ENGINE = fileURLToPath(new URL("../../../extension/src/documents/engine.ts", import.meta.url));

/** Somebody who signs with a key of openssl's. */
export interface Signer {
  /** DER. */
  certificate: Buffer;
  /** PEM, P-256. */
  key: string;
}

/** The client of the module, once it was bundled. */
let bundled: Promise<string> | undefined;

/** The page gets the module for documents, as `engine`, and what turns base64 into `bytes`, and bytes or a file into base64 `text`. */
export async function withEngine(tab: Tab): Promise<Tab> {
  bundled ??= build({ entryPoints: [ENGINE], bundle: true, format: "iife", globalName: "documents", write: false, logLevel: "error" }).then(({ outputFiles }) => outputFiles[0]?.text ?? "");
  await tab.evaluate(`${await bundled}; globalThis.engine = new documents.Engine(); undefined`);
  await tab.evaluate(`{
    globalThis.bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    globalThis.text = async (of) => {
      const all = new Uint8Array(of instanceof Blob ? await of.arrayBuffer() : of);
      let text = "";
      for (let at = 0; at < all.length; at += 8192) text += String.fromCharCode(...all.subarray(at, at + 8192));
      return btoa(text);
    };
  }`);
  return tab;
}

/** Makes signed files with the module for documents in a page of the extension, for keys that are here. */
export class PageSigner {
  readonly #tab: Tab;

  private constructor(tab: Tab) {
    this.#tab = tab;
  }

  static async open(browser: Browser): Promise<PageSigner> {
    return new PageSigner(await withEngine(await browser.openExtensionPage("check.html")));
  }

  /** Signs; `how`: the request of `sdk/sign/wasm` without certificate. */
  async sign(content: Buffer, how: object, { certificate, key }: Signer): Promise<Buffer> {
    const request = JSON.stringify({ documents: [{ name: "document" }], statement: { signingTime: Math.floor(Date.now() / 1000) }, ...how, certificate: certificate.toString("base64") });
    const toBeSigned = await this.#tab.evaluate<string>(`(async () => {
      globalThis.file = new File([bytes(${JSON.stringify(content.toString("base64"))})], "document");
      globalThis.prepared = await engine.prepare(${request}, [file]);
      return text(prepared.toBeSigned);
    })()`);
    const made = sign("sha256", Buffer.from(toBeSigned, "base64"), { key, dsaEncoding: "ieee-p1363" });
    const signed = await this.#tab.evaluate<string>(`engine.finish(prepared.state, bytes(${JSON.stringify(made.toString("base64"))}), [file]).then(text)`);
    return Buffer.from(signed, "base64");
  }
}
