import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Tab, until } from "./browser.ts";
import { startChromium } from "./chromium.ts";
import { startFirefox } from "./firefox.ts";
import { Site } from "./site.ts";
import { EXTENSION, Stage } from "./stage.ts";
import type { CardFacts, CardSpec } from "./test_bed.ts";
import { type CardIssuer, type Registration, TrustPlatform } from "./trust_platform.ts";

/** As long as every card's PIN may be. */
export const PIN = "582039";
export const ACR = { none: "urn:bitaqa:acr:test:none", low: "urn:bitaqa:acr:test:low", substantial: "urn:bitaqa:acr:test:substantial", high: "urn:bitaqa:acr:test:high" } as const;

/** Browsers whose language the platform has no pages in. */
export const GERMAN = [
  ["chromium", () => startChromium(join(EXTENSION, "chromium"), { locale: "de-DE" })],
  ["firefox", () => startFirefox(join(EXTENSION, "firefox"), { "intl.accept_languages": "de" })],
] as const;

/** The issuer of the test bed, at whose counters people are seen; and its other certificates, which people got online. */
export const ISSUERS: readonly CardIssuer[] = [
  { name: "Bitaqa test authority", proofing: "centre", trustFramework: "example_state_id" },
  { name: "Bitaqa test authority, online", proofing: "online" },
];

/** What tells the certificates of the two apart: a policy. The test bed calls the second one wrong, for verifiers that do not name it. */
const POLICIES: Record<string, string> = {
  "Bitaqa test authority": "1.3.6.1.4.1.32473.1.2",
  "Bitaqa test authority, online": "1.3.6.1.4.1.32473.1.99",
};

/** Issuer profiles that name these. */
const profiles = (issuers: readonly CardIssuer[]): string =>
  `schema = 1\n${issuers
    .map(({ name }) => `[[issuer]]
name = "${name}"
test = true
anchors = ["root.pem"]
intermediates = ["issuing.pem"]
required_policies = ["${POLICIES[name]}"]
level = "high"
`)
    .join("")}`;

/** Everything that signing in at sites through the trust platform needs but the card. */
export class PlatformStage {
  readonly stage: Stage;
  readonly platform: TrustPlatform;
  readonly #folder: string;
  readonly #sites: Site[] = [];

  private constructor(stage: Stage, platform: TrustPlatform, folder: string) {
    this.stage = stage;
    this.platform = platform;
    this.#folder = folder;
  }

  static async start(startBrowser: () => Promise<Browser>, issuers = ISSUERS): Promise<PlatformStage> {
    const stage = await Stage.start(startBrowser);
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-profiles-"));
    try {
      const { root, issuing } = await stage.bed.pki();
      copyFileSync(root, join(folder, "root.pem"));
      copyFileSync(issuing, join(folder, "issuing.pem"));
      writeFileSync(join(folder, "issuers.toml"), profiles(issuers));
      return new PlatformStage(stage, await TrustPlatform.believing(join(folder, "issuers.toml"), issuers), folder);
    } catch (error) {
      await stage.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const site of this.#sites) await site.stop();
    await this.platform.stop();
    await this.stage.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Starts a site; whoever registers it says so. */
  async siteOfItsOwn(): Promise<Site> {
    const site = await Site.start();
    this.#sites.push(site);
    return site;
  }

  /** Starts a site that operators register. */
  async site(id: string, registration: Registration): Promise<Site> {
    const site = await this.siteOfItsOwn();
    this.platform.approve(id, site.redirectUri, site.key, registration);
    await site.join(this.platform.origin, id, ACR.high);
    return site;
  }

  /** Puts a card into the reader, in the place of the one that is there. */
  async card(card: CardSpec): Promise<CardFacts> {
    return (await this.stage.bed.swap({ pin: PIN, ...card })) as CardFacts;
  }

  /** A tab that a person opened. */
  async open(address: string): Promise<Tab> {
    const tab = await this.stage.browser.open(address);
    this.stage.alsoClose(tab);
    return tab;
  }

  /** Waits until a tab shows something on the platform's page. */
  async shows(tab: Tab, selector: string): Promise<void> {
    const look = `location.origin === "${this.platform.origin}" && document.querySelector(${JSON.stringify(selector)}) !== null`;
    await until(() => tab.evaluate<boolean>(look).catch(() => false), `${selector} on the platform's page`);
  }

  /** Nobody is signed in at the platform any more: whoever was signs out on its page. */
  async signOut(): Promise<void> {
    const tab = await this.stage.browser.open(`${this.platform.origin}/end-session`);
    const button = "form[action^='/signed-out'] button";
    if (await tab.evaluate<boolean>(`document.querySelector("${button}") !== null`)) {
      await tab.click(button);
      await this.shows(tab, "main > h1:only-of-type ~ p:last-child");
    }
    await tab.close();
  }

  /** What a person reads in the middle of the page. */
  text(tab: Tab): Promise<string> {
    return tab.evaluate<string>("document.querySelector('main').innerText");
  }

  /** Presses the button for the card and PIN; where the card opens with the number on it, that is typed first. */
  async showCard(tab: Tab, { pin = PIN, number }: { pin?: string; number?: string } = {}): Promise<void> {
    await this.shows(tab, "#start");
    await tab.bringToFront();
    await tab.click("#start");
    if (number !== undefined) await this.#unlock(number);
    await this.stage.enter(pin);
  }

  /** Types the number that opens the card, until the card was asked whether it is right. */
  async #unlock(number: string): Promise<void> {
    const { desktop, bed } = this.stage;
    // the last step of PACE
    const tried = async (): Promise<number> => (await bed.log()).entries.filter(({ header }) => header === "00860000").length;
    const before = await tried();
    const keys = async (): Promise<void> => {
      await desktop.type(number);
      await desktop.press("Return");
    };
    await desktop.enter(keys, async () => (await tried()) > before);
  }
}

/** What openssl reads in the certificate that a card signs in with: the holder's attributes and the issuer's common name. */
export function certificateSays({ certificate }: CardFacts): Record<string, string> {
  const input = Buffer.from(certificate, "base64");
  const words = ["x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "multiline,utf8,-esc_msb"];
  const attributes = (text: string): [string, string][] =>
    [...text.matchAll(/^\s+(\w+)\s*= (.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
  const subject = execFileSync("openssl", words, { input, encoding: "utf8" });
  const issuer = execFileSync("openssl", words.with(4, "-issuer"), { input, encoding: "utf8" });
  const { commonName } = Object.fromEntries(attributes(issuer));
  const { surname, givenName, serialNumber } = Object.fromEntries(attributes(subject));
  assert.ok(surname && givenName && serialNumber && commonName, "openssl reads the certificate");
  return { surname, givenName, serialNumber, issuer: commonName };
}
