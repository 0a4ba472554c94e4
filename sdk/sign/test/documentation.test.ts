/**
 * The example of docs/signature-providers.md, as it stands there.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { PreparedSignature } from "@bitaqa/sign";
import { Authority } from "./openssl.ts";
import { judge, pdf } from "./pdf.ts";

const authority = new Authority();
after(() => authority.remove());

test("the example signs a PDF, and none that may show something else tomorrow", async () => {
  const page = readFileSync(new URL("../../../docs/signature-providers.md", import.meta.url), "utf8");
  const example = /^```js\n(.+?)^```$/ms.exec(page)?.[1];
  assert.ok(example !== undefined);
  const path = authority.write("example.mjs", example.replace('"@bitaqa/sign"', JSON.stringify(import.meta.resolve("@bitaqa/sign"))));
  type Example = { signed: (file: Uint8Array, certificate: string, card: (prepared: PreparedSignature) => Promise<Uint8Array>) => Promise<Buffer> };
  const { signed } = (await import(pathToFileURL(path).href)) as Example;
  const holder = authority.holder();
  const card = async (prepared: PreparedSignature) => holder.sign(prepared);
  judge(authority, await signed(pdf(), holder.certificate, card), 1);
  const scripted = Buffer.from(Buffer.from(pdf()).toString("latin1").replace("/Resources<<>>", "/JS 0/Other 1 "), "latin1");
  await assert.rejects(signed(scripted, holder.certificate, card), /something else tomorrow/);
});
