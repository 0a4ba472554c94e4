/**
 * A site has a person asked for what their chip holds while they are at the trust platform, with everything real: browser, extension, host
 * with an administrator's trust pack, card, window, key strokes, the platform's program, and a site that verifies with `@bitaqa/verify`.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, afterEach, before, describe } from "node:test";
import { type IdentityOptions, Verifier } from "@bitaqa/verify";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { test } from "./harness/bounded_test.ts";
import { type Tab, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { startFirefox } from "./harness/firefox.ts";
import { OverheardHost } from "./harness/host_processes.ts";
import { OwnRoot } from "./harness/own_root.ts";
import { RelyingSite } from "./harness/relying_site.ts";
import { EXTENSION, Stage } from "./harness/stage.ts";
import type { CardSpec, DocumentFacts } from "./harness/test_bed.ts";
import { TrustPlatform } from "./harness/trust_platform.ts";

const HOLDER = { surname: "QUILVANDRESH", givenName: "MIRZOPHENE", country: "BH", serialNumber: "PNOBH-900123456" };
const PIN = "582039";
/** The last step of PACE. */
const OPENED = "00860000";
/** It has a certificate, and a chip that signs. */
const CARD: CardSpec = { personality: "bahrain-2025", seed: 14, pin: PIN, person: HOLDER };
/** Another of theirs, whose chip answers to a key of whoever asks and proves itself no other way. */
const ANSWERING: CardSpec = { personality: "cnie-2", hypothesis: "ias-ecc-cam", seed: 21, pin: PIN, person: HOLDER };
const CLAIMS: IdentityOptions["claims"] = { required: ["given_name", "family_name"], optional: ["photo"] };
const ASKED = { type: "bitaqa_identity", purpose: "open-account", claims: CLAIMS };

for (const [name, start] of [["chromium", startChromium], ["firefox", startFirefox]] as const) {
  describe(name, () => {
    const root = new OwnRoot();
    let stage: Stage;
    let document: DocumentFacts;
    let platform: TrustPlatform;
    let bank: RelyingSite;
    let key: JWK;
    let host: OverheardHost;

    before(async () => {
      stage = await Stage.start(() => start(join(EXTENSION, name)));
      await stage.bed.insert(CARD);
      document = await stage.bed.document(CARD);
      platform = await TrustPlatform.start((await stage.bed.pki()).issuers, "Bitaqa test authority", document);
      const pair = await generateKeyPair("ECDH-ES", { crv: "P-256", extractable: true });
      key = { ...(await exportJWK(pair.privateKey)), kid: "2026-01" };
      const encryptionKey = { ...(await exportJWK(pair.publicKey)), kid: "2026-01" };
      bank = await RelyingSite.start(platform, "bank", { encryptionKey });
      platform.trustedBy(root);
      host = new OverheardHost(root.words("bitaqa-host"));
      stage.browser.installHost(host.program());
    });
    afterEach(() => stage.clear());
    after(async () => {
      await bank?.stop();
      await platform?.stop();
      await stage?.stop();
      host?.remove();
      root.remove();
    });

    /** Opens an address and waits for what stands on the platform's page. */
    async function opened(address: string, selector: string): Promise<Tab> {
      const tab = await stage.browser.open(address);
      stage.alsoClose(tab);
      await stands(tab, selector);
      return tab;
    }

    const stands = (tab: Tab, selector: string): Promise<unknown> =>
      until(() => tab.evaluate<boolean>(`document.querySelector(${JSON.stringify(selector)}) !== null`).catch(() => false), `${selector} on the page`);

    const progress = (tab: Tab): Promise<string> =>
      tab.evaluate<string>("document.querySelector('#progress')?.textContent ?? ''").catch(() => "");

    /** Opens the card in the window with the number that is printed on it. */
    async function opensCard(number = document.accessNumber): Promise<void> {
      const tries = async (): Promise<number> => (await stage.bed.log()).entries.filter(({ header }) => header === OPENED).length;
      const before = await tries();
      const typed = async (): Promise<void> => {
        await stage.desktop.type(number);
        await stage.desktop.press("Return");
      };
      await stage.desktop.enter(typed, async () => (await tries()) > before);
    }

    /** Answers both questions of the window on the page of the identity request. */
    async function shows(tab: Tab, number?: string): Promise<void> {
      await stands(tab, "#request");
      await tab.bringToFront();
      await tab.click("#start");
      await until(async () => /Go on in the Bitaqa window/.test(await progress(tab)), "the window's first question");
      await stage.desktop.window();
      picture("first");
      await opensCard(number);
      await until(async () => /Go on in the Bitaqa window/.test(await progress(tab)), "the window's second question");
      picture("second");
      const isOver = (): Promise<boolean> => tab.evaluate<boolean>("document.querySelector('#request') === null").catch(() => true);
      await stage.desktop.enter(() => stage.desktop.press("Tab", "Return"), isOver);
    }

    /** For people who look. */
    function picture(what: string): void {
      const into = process.env["BITAQA_PICTURES"];
      if (into !== undefined) execFileSync("import", ["-window", "root", join(into, `${name}-${what}.png`)]);
    }

    /** The names of the holder and these texts stand in nothing that the platform keeps or says. */
    function keepsNothing(...others: string[]): void {
      for (const needle of [HOLDER.surname, HOLDER.givenName, ...others]) {
        for (const [file, content] of Object.entries(platform.kept())) assert.ok(!content.includes(needle), `${file} has ${needle}`);
        assert.ok(!platform.log.some((line) => line.includes(needle)), needle);
      }
    }

    test("relay: the site reads what the platform's database and log never hold", async () => {
      const challenge = randomBytes(32).toString("base64");
      const details = JSON.stringify([{ ...ASKED, mode: "relay", challenge }]);
      const tab = await opened(await bank.ask({ authorization_details: details, response_mode: "form_post" }), "#start");
      await tab.bringToFront();
      await tab.click("#start");
      await opensCard();
      await stage.enter(PIN);
      await stands(tab, "#request");
      assert.match(await tab.evaluate<string>("document.querySelector('.readers').textContent"), /Only this site can read/);
      await shows(tab);
      const { claims, form } = await bank.learn();
      const [answer, statement] = [form.get("identity_answer") ?? "", form.get("identity_statement") ?? ""];
      const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");
      assert.deepEqual([claims["identity_answer_hash"], claims["identity_statement_hash"]], [hash(answer), hash(statement)]);
      const verifier = new Verifier({
        origin: platform.origin,
        trust: { countries: [{ name: "csca.der", content: Buffer.from(document.authority, "base64") }], test: true },
        keys: [JSON.stringify(key)],
      });
      const asked = { purpose: ASKED.purpose, claims: CLAIMS, challenge, statement };
      const identity = await verifier.verifyIdentity(answer, asked);
      assert.equal(identity.claims.family_name?.value, HOLDER.surname);
      assert.deepEqual([identity.chip, identity.level], ["active-authentication", "low"]);
      assert.deepEqual(identity.consent.through, { platform: "National platform", mode: "relay" });
      keepsNothing(...answer.split(".").slice(2).map((part) => part.slice(0, 64)), challenge);
      await stage.desktop.noWindow();
    });

    test("assert: who is signed in already is asked all the same, and the site gets what it asked for", async () => {
      const details = JSON.stringify([{ ...ASKED, mode: "assert" }]);
      const tab = await opened(await bank.ask({ authorization_details: details }), "#request");
      assert.match(await tab.evaluate<string>("document.querySelector('.readers').textContent"), /This platform reads/);
      await shows(tab);
      const { userinfo } = await bank.learn();
      const identity = userinfo["identity"] as { claims: Record<string, { value: unknown }>; chip: string; purpose: string };
      assert.deepEqual([identity.claims["family_name"]?.value, identity.claims["given_name"]?.value], [HOLDER.surname, HOLDER.givenName]);
      assert.deepEqual(Object.keys(identity.claims).sort(), ["family_name", "given_name", "photo"]);
      assert.deepEqual([identity.chip, identity.purpose], ["active-authentication", "open-account"]);
      keepsNothing();
    });

    test("assert: a chip that answers to the platform's key proves itself in a second call, in the same window", async () => {
      await stage.bed.insert(ANSWERING);
      const details = JSON.stringify([{ ...ASKED, mode: "assert", proof: "chip-authentication" }]);
      const tab = await opened(await bank.ask({ authorization_details: details }), "#request");
      await shows(tab, (await stage.bed.document(ANSWERING)).accessNumber);
      const { userinfo } = await bank.learn();
      const identity = userinfo["identity"] as { claims: Record<string, { value: unknown }>; chip: string };
      assert.deepEqual([identity.chip, identity.claims["family_name"]?.value], ["chip-authentication", HOLDER.surname]);
      keepsNothing();
      await stage.bed.insert(CARD);
    });

    test("whoever refuses in the window refuses the site", async () => {
      const details = JSON.stringify([{ ...ASKED, mode: "assert" }]);
      const tab = await opened(await bank.ask({ authorization_details: details, ui_locales: "ar" }), "#request");
      await tab.bringToFront();
      await tab.click("#start");
      await stage.desktop.window();
      picture("ar");
      await stage.cancel();
      await assert.rejects(bank.learn(), /access_denied|authorization response/i);
    });
  });
}
