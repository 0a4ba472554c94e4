#!/usr/bin/env node
/**
 * Starts the signature provider:
 *
 *     node provider.mjs SETTINGS.json
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { signatureProvider } from "./server.mjs";

const SAMPLES = ["agreement.pdf", "letter.txt"].map((name) => fileURLToPath(new URL(`documents/${name}`, import.meta.url)));

const [settings] = process.argv.slice(2);
if (settings === undefined) {
  console.error("usage: node provider.mjs SETTINGS.json");
  process.exit(2);
}
const { port = 8098, origin, issuers, test = false, documents = SAMPLES } = JSON.parse(readFileSync(settings, "utf8"));
/** @param {string} path as the settings have it */
const beside = (path) => readFileSync(resolve(dirname(settings), path));
/** @param {Buffer} file DER, or PEM with any number */
const certificates = (file) => (file.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [file]).map((one) => new X509Certificate(one));

const server = signatureProvider({
  documents: documents.map((/** @type {string} */ path) => ({ name: basename(path), content: beside(path) })),
  issuers: issuers.flatMap((/** @type {string} */ path) => certificates(beside(path))),
  test,
  origin,
});
server.listen(port, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`listening on http://127.0.0.1:${address.port}`);
});
