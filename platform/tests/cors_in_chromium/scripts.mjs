// Scripts of two origins in a real Chromium, one of which is that of a portal's redirect URI. The first line of standard input says what
// they send; what each of them could read is printed.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<title>A site</title>"));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const { port } = server.address();
process.stdout.write(`${JSON.stringify({ port })}\n`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const requests = JSON.parse((await lines.next()).value);

/** Runs in the page: what a script reads of each answer. */
async function read(requests) {
  const told = [];
  let token = "";
  for (const { url, method, headers, body } of requests) {
    const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace("TOKEN", token)]));
    try {
      const response = await fetch(url, { method, headers: filled, body: body?.replace("TOKEN", token) });
      const text = await response.text();
      token = (text.startsWith("{") && JSON.parse(text).access_token) || token;
      told.push({ status: response.status, text, nonce: response.headers.get("dpop-nonce") });
    } catch (error) {
      told.push({ refused: error.name });
    }
  }
  return told;
}

// Chromium's sandbox refuses to be started by root
const args = [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
const told = {};
for (const [host, list] of Object.entries(requests)) {
  const page = await browser.newPage();
  await page.goto(`http://${host}:${port}/`);
  told[host] = await page.evaluate(read, list);
}
process.stdout.write(`${JSON.stringify(told)}\n`);
await browser.close();
process.exit(0);
