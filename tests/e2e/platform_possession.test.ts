/**
 * Signing in through the trust platform by showing a card without its PIN, with everything real: browser, extension, host with an
 * administrator's trust pack, card, window, key strokes, the platform's program, and a site on npm openid-client.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { test } from "./harness/bounded_test.ts";
import { type Tab, until } from "./harness/browser.ts";
import { OverheardHost } from "./harness/host_processes.ts";
import { OwnRoot } from "./harness/own_root.ts";
import { RelyingSite } from "./harness/relying_site.ts";
import { Stage } from "./harness/stage.ts";
import { STARTERS } from "./harness/starters.ts";
import type { CardSpec, DocumentFacts } from "./harness/test_bed.ts";
import { TrustPlatform } from "./harness/trust_platform.ts";

const AMINA = { person: "amina" };
/** As long as every seed of these tests allows. */
const PIN = "582039";
/** Proves itself by the platform's key, in a second call; with a PIN it signs. */
const ANSWERING: CardSpec = { personality: "cnie-2", hypothesis: "pkcs15-gm", seed: 2, pin: PIN, ...AMINA };
/** Signs each request. */
const SIGNING: CardSpec = { personality: "cnie-2", hypothesis: "icao-only", seed: 3, ...AMINA };
/** The header of PACE's last step. */
const OPENED = "00860000";
const WAITING = "Go on in the Bitaqa window…";

for (const [name, start] of STARTERS) {
  describe(name, () => {
    let stage: Stage;
    let root: OwnRoot;
    let host: OverheardHost;
    let document: DocumentFacts;
    let platform: TrustPlatform;
    let portal: RelyingSite;

    before(async () => {
      stage = await Stage.start(start);
      await stage.bed.insert(ANSWERING);
      document = await stage.bed.document(ANSWERING);
      platform = await TrustPlatform.start((await stage.bed.pki()).issuers, "Bitaqa test authority", document);
      root = new OwnRoot();
      platform.trustedBy(root);
      host = new OverheardHost(root.words("bitaqa-host"));
      stage.browser.installHost(host.program());
      portal = await RelyingSite.start(platform, "portal", "low");
    });
    afterEach(() => stage.clear());
    after(async () => {
      await portal?.stop();
      await platform?.stop();
      await stage?.stop();
      host?.remove();
      root?.remove();
    });

    /** Opens an address and waits for what stands on the platform's page. */
    async function opened(address: string, selector: string): Promise<Tab> {
      const tab = await stage.browser.open(address);
      stage.alsoClose(tab);
      await until(() => tab.evaluate<boolean>(`document.querySelector("${selector}") !== null`), "the platform's page");
      await tab.bringToFront();
      return tab;
    }

    const progress = (tab: Tab): Promise<string> =>
      tab.evaluate<string>("document.getElementById('progress')?.textContent ?? ''").catch(() => "");

    /** Puts a card of the same person into the reader. */
    async function insert(card: CardSpec): Promise<void> {
      await stage.bed.swap(card);
      document = await stage.bed.document(card);
    }

    /** Opens the card in the window with the number that is printed on it. */
    async function open(): Promise<void> {
      const tried = async (): Promise<boolean> => (await stage.bed.log()).entries.some(({ header }) => header === OPENED);
      const number = async (): Promise<void> => {
        await stage.desktop.type(document.accessNumber);
        await stage.desktop.press("Return");
      };
      await stage.desktop.enter(number, tried);
    }

    /** Shows the card that is in the reader without its PIN: "Send" sends what the window shows. */
    async function show(tab: Tab): Promise<void> {
      await tab.click("#show-card");
      await open();
      await until(async () => (await progress(tab)) === WAITING, "the values to be shown");
      await stage.desktop.enter(() => stage.desktop.press("Tab", "Return"), async () => (await progress(tab)) !== WAITING);
    }

    let first: { sub: string; sid: unknown };

    for (const [kind, card] of [["answers to the platform's key", ANSWERING], ["signs", SIGNING]] as const) {
      test(`a person signs in without a PIN, with a chip that ${kind}`, async () => {
        await insert(card);
        const tab = await opened(await portal.ask({ prompt: "login" }), "#show-card");
        await show(tab);
        const { claims, userinfo } = await portal.learn();
        assert.deepEqual(
          [claims["acr"], claims["amr"], claims["holderVerification"]],
          ["urn:bitaqa:acr:test:low", ["sc"], "none"],
        );
        assert.ok(userinfo.name && userinfo.given_name && userinfo.family_name);
        first ??= { sub: claims.sub, sid: claims["sid"] };
        assert.equal(claims.sub, first.sub);
        assert.equal(await stage.bed.verifyCount(), 0, "no PIN was presented");
        await stage.desktop.noWindow();
      });
    }

    test("where more is needed the same card is shown with its PIN, in the same session", async () => {
      await insert(ANSWERING);
      const tab = await opened(await portal.ask({ acr_values: "urn:bitaqa:acr:test:high" }), "#start");
      assert.equal(await tab.evaluate<boolean>("document.querySelector('#show-card') === null"), true);
      await tab.click("#start");
      await open();
      await stage.enter(PIN);
      const { claims } = await portal.learn();
      assert.deepEqual([claims["acr"], claims["holderVerification"]], ["urn:bitaqa:acr:test:high", "pin"]);
      assert.deepEqual([claims.sub, claims["sid"]], [first.sub, first.sid]);
    });

    test("a copy signs nobody in, and nothing of anybody is in the platform's log", async () => {
      await insert({ ...SIGNING, document: { faults: { copied: true } } });
      const tab = await opened(await portal.ask({ prompt: "login" }), "#show-card");
      await show(tab);
      const said = (): Promise<string> => tab.evaluate<string>("document.querySelector('#failure code')?.textContent ?? ''");
      await until(async () => (await said()) !== "", "the refusal");
      assert.equal(await said(), "chip-proof-invalid");
      assert.deepEqual(platform.log.filter((line) => /amina|exemple"|AB123456/i.test(line)), []);
    });
  });
}
