/**
 * `cargo xtask demo`: a person signs in to the example portal with a card, in Chromium.
 *
 *     node --import ../typescript.mjs demo.ts [--headless] [--json] [--issuers FILE]
 *
 * With a display a person does it. `--headless` plays the person, with real key strokes into the real window, on a screen of
 * its own. A card in a real reader is used if there is one and a person is there to type its PIN; otherwise a software card in
 * a reader of our own. `--issuers` names the issuer profiles of a real card.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, pass, type Tab, until } from "../harness/browser.ts";
import { startChromium } from "../harness/chromium.ts";
import { Desktop } from "../harness/desktop.ts";
import { ExamplePortal } from "../harness/example_portal.ts";
import { program } from "../harness/programs.ts";
import { EXTENSION } from "../harness/stage.ts";
import { TestBed } from "../harness/test_bed.ts";

const PIN = "1234";
const PERSON = "amina";

/** Who the page says has signed in. */
const SUBJECT = `(() => {
  const part = (name) => document.querySelector(".who ." + name + " bdi")?.textContent;
  return part("name") && part("name") + ", " + part("number");
})()`;

const { values: options } = parseArgs({
  options: { headless: { type: "boolean" }, json: { type: "boolean" }, issuers: { type: "string" } },
});
const started = Date.now();
const cleanUp: (() => Promise<unknown>)[] = [];
const say = (text: string): void => void process.stderr.write(`${text}\n`);

try {
  if (options.headless) await play();
  else await show();
} finally {
  for (const end of cleanUp.reverse()) await end().catch((error: unknown) => say(String(error)));
}

/** Plays the person and prints what came of it. */
async function play(): Promise<void> {
  const desktop = await Desktop.start();
  cleanUp.push(() => desktop.stop());
  Object.assign(process.env, desktop.environment);
  const bed = await softwareCard();
  const { portal, browser } = await portalAndBrowser((await bed.pki()).issuers, false);
  const tab = await browser.open(`${portal.origin}/?lang=en`);
  await until(() => tab.evaluate<boolean>("document.getElementById('start') !== null"), "the portal's page");
  const ready = Date.now();

  await tab.click("#start");
  await desktop.window();
  const asked = Date.now();
  let typed = asked;
  const keys = async (): Promise<void> => {
    await desktop.type(PIN);
    typed = Date.now();
    await desktop.press("Return");
  };
  await desktop.enter(keys, async () => (await bed.presented()) > 0);
  // asking a page that is being reloaded fails
  const name = (): Promise<string | null> => tab.evaluate<string | null>(SUBJECT).catch(() => null);
  const subject = (await until(name, "the portal to say who signed in")) as string;
  const signedIn = Date.now();

  const { entries } = await bed.log();
  const verification = portal.events.find(({ event }) => event === "sign-in");
  const result = {
    origin: portal.origin,
    subject,
    verified: verification?.outcome === "accepted",
    assurance: verification?.assurance,
    level: verification?.level,
    milliseconds: {
      start: ready - started,
      window: asked - ready,
      person: typed - asked,
      finish: signedIn - typed,
      card: round(entries.reduce((sum, { duration }) => sum + duration, 0) / 1000),
      verification: round(verification?.verificationMilliseconds ?? Number.NaN),
      total: signedIn - ready,
    },
    commands: entries.length,
  };
  say(`${subject} signed in to ${portal.origin}; the portal verified the card's signature.`);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  if (!result.verified) process.exitCode = 1;
}

/** Lets a person do it, until the browser is closed. */
async function show(): Promise<void> {
  if (!process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) {
    throw new Error("there is no display; to have it played without one: cargo xtask demo --headless");
  }
  const { portal, browser } = await portalAndBrowser(await issuersForPerson(), true);
  const tab = await browser.open(portal.origin);
  say(`The portal is ${portal.origin}. Close the browser to end.`);
  await closed(tab);
}

/** Puts a software card in place if there is no real one; says what to do; gives the issuer profiles for the portal. */
async function issuersForPerson(): Promise<string> {
  if (!realCard()) {
    const { issuers } = await (await softwareCard()).pki();
    say(`\n  There is no real card to use, so a software card is in a reader of our own.`);
    say(`  Click "Sign in" on the page and type its PIN in the window:  ${PIN}\n`);
    return issuers;
  }
  say("A card is in a reader of this computer: that one is used, with its own PIN.");
  if (options.issuers !== undefined) return options.issuers;
  say("The portal knows only test cards until you name your card's issuer:");
  say("  cargo xtask demo --issuers FILE    (the file: see sdk/examples/portal/README.md)");
  return (await (await testBed()).pki()).issuers;
}

/** A software card in a reader of our own, behind a pcscd of its own, which host and portal are made to use. */
async function softwareCard(): Promise<TestBed> {
  const bed = await testBed();
  await bed.insert({ personality: "esteid", person: PERSON, pin: PIN });
  Object.assign(process.env, bed.environment);
  return bed;
}

/** The test bed, whose test PKI the portal believes. */
async function testBed(): Promise<TestBed> {
  const bed = await TestBed.start();
  cleanUp.push(() => bed.stop());
  return bed;
}

async function portalAndBrowser(issuers: string, visible: boolean): Promise<{ portal: ExamplePortal; browser: Browser }> {
  const portal = await ExamplePortal.start(issuers);
  cleanUp.push(() => portal.stop());
  const browser = await startChromium(join(EXTENSION, "chromium"), { visible });
  cleanUp.push(() => browser.quit());
  browser.installHost(program("bitaqa-host"));
  return { portal, browser };
}

/** Whether a card that we know how to use is in a reader of this computer. */
function realCard(): boolean {
  const asked = (command: string): string | undefined => {
    const { status, stderr } = spawnSync(program("bitaqa"), ["card", command], { encoding: "utf8" });
    return status === 0 ? undefined : stderr.trim();
  };
  if (asked("list") !== undefined) return false;
  const why = asked("info");
  if (why !== undefined) say(`The card in this computer's reader cannot be used: ${why}`);
  return why === undefined;
}

async function closed(tab: Tab): Promise<void> {
  for (;;) {
    await pass(1000);
    try {
      await tab.evaluate("1");
    } catch {
      return;
    }
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
