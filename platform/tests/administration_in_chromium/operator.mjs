// An operator signs in and suspends a portal, in a real Chromium. The argument says with which keys; what the pages said is printed.

import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const { origin, key, stranger, public: publicKey, reason } = JSON.parse(process.argv[2]);
const secret = JSON.parse(readFileSync(key, "utf8")).d;

// Chromium's sandbox refuses to be started by root
const args = [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
const page = await browser.newPage();
const told = { sentKeys: 0, complaints: [] };
page.on("request", (request) => {
  if (`${request.url()} ${request.postData()}`.includes(secret)) told.sentKeys += 1;
});
page.on("console", (message) => {
  // a refused sign-in is said there, too
  if (!message.text().includes("403")) told.complaints.push(message.text());
});
page.on("pageerror", (error) => told.complaints.push(String(error)));

async function choose(file) {
  await page.setInputFiles("#key", file);
  await page.click("#sign-here");
}

await page.goto(`${origin}/?lang=en`);
await page.click("#sign-here");
told.none = await page.textContent("#failure p");
await choose(publicKey);
await page.waitForSelector("#failure p");
told.public = await page.textContent("#failure p");
await choose(stranger);
told.strangers = (await page.textContent(".fault[role=alert] p")).trim();
await choose(key);
await page.waitForSelector(".bar");
await page.goto(`${origin}/portals/bank?lang=en`);
const suspended = await page.$("input[name=work][value=suspend]");
if (suspended) {
  await page.fill("#reason", reason);
  await page.click("button.stops");
} else {
  // one that is suspended is suspended again by a form like the page's
  await page.evaluate((reason) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = `${location.pathname}/draft?lang=en`;
    for (const [name, value] of [["work", "suspend"], ["reason", reason]]) {
      form.append(Object.assign(document.createElement("input"), { name, value }));
    }
    document.body.append(form);
    form.submit();
  }, reason);
}
await page.waitForSelector("#sign-here", { state: "visible" });
await choose(stranger);
await page.waitForSelector("#failure p");
told.other = await page.textContent("#failure p");
await choose(key);
await page.waitForSelector(".notice");
told.shown = await page.textContent(".notice");
process.stdout.write(JSON.stringify(told));
await browser.close();
