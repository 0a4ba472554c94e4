import assert from "node:assert/strict";
import { openPage, type Browser, type Result, type Tab } from "./browser.ts";
import { Needle, search, searchMemory, type Searched } from "./clear_text.ts";
import { hostProcesses, OverheardHost } from "./host_processes.ts";
import { type Asked, forget, IdentityPortal, type Verdict } from "./identity_portal.ts";
import { Keystore } from "./keystore.ts";
import { OwnRoot } from "./own_root.ts";
import { NAME } from "./portal.ts";
import { Request, Stage } from "./stage.ts";
import type { CardSpec, DocumentFacts } from "./test_bed.ts";

/** The header of the command that begins PACE (MSE:Set AT), and of the one that ends basic access control (EXTERNAL AUTHENTICATE). */
const OPENINGS = ["0022C1A4", "00820000"];

/** What the administrator of a computer installed in `/etc/bitaqa`. */
export type Installed = "trust-pack" | "nothing";

/** The holder of every card of these tests, whose names stand nowhere by chance. */
export const HOLDER = { surname: "QUILVANDRESH", givenName: "MIRZOPHENE", country: "MA", serialNumber: "PNOMA-AB123456" };

/** Everything that asking who somebody is needs but the card. */
export class IdentityStage {
  readonly stage: Stage;
  readonly portal: IdentityPortal;
  /** Another portal, under another origin. */
  readonly other: IdentityPortal;
  /** Of the card in the reader. */
  document!: DocumentFacts;
  readonly #roots: Record<Installed, OwnRoot>;
  readonly #hosts: Record<Installed, OverheardHost>;
  /** Hosts on desktops with a keystore. */
  readonly #withKeystore: OverheardHost[] = [];
  readonly #folder: string;
  #tabs: Tab[] = [];

  private constructor(stage: Stage, roots: Record<Installed, OwnRoot>) {
    this.stage = stage;
    this.#roots = roots;
    const { portal, other, folder } = IdentityPortal.found(stage.portal, roots["trust-pack"]);
    this.portal = portal;
    this.other = other;
    this.#folder = folder;
    const overheard = (root: OwnRoot): OverheardHost => new OverheardHost(root.words("bitaqa-host"));
    this.#hosts = { "trust-pack": overheard(roots["trust-pack"]), nothing: overheard(roots.nothing) };
    stage.browser.installHost(this.#hosts["trust-pack"].program());
  }

  /** With a host that says everything that it can be made to say. */
  static async start(startBrowser: () => Promise<Browser>): Promise<IdentityStage> {
    Object.assign(process.env, { RUST_LOG: "trace", RUST_BACKTRACE: "full" });
    const stage = await Stage.start(startBrowser);
    const roots = { "trust-pack": new OwnRoot(), nothing: new OwnRoot() };
    try {
      return new IdentityStage(stage, roots);
    } catch (error) {
      await stage.stop();
      for (const root of Object.values(roots)) root.remove();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.stage.stop();
    for (const kept of [...this.#allHosts(), ...Object.values(this.#roots)]) kept.remove();
    forget(this.#folder);
  }

  /** After each test: as {@link Stage.clear}, and the portal is itself again. */
  async clear(): Promise<void> {
    this.#tabs = [];
    await this.stage.clear();
    this.portal.statement = undefined;
    this.portal.impersonates = undefined;
    this.portal.begins = "at once";
  }

  /** Looks for the holder's names, and for other texts, wherever the browser's side may have put them. */
  search(...others: string[]): Promise<Searched> {
    const needles = [HOLDER.surname, HOLDER.givenName, ...others].map((text) => new Needle(text));
    const shown = new Set(hostProcesses().map(({ pid }) => pid));
    return search(needles, {
      browser: this.stage.browser,
      tabs: this.#tabs,
      // the test bed tells the certificates of its cards, which name the holder
      said: Object.fromEntries(
        this.#allHosts().flatMap((host) =>
          Object.entries(host.heard()).map(([stream, bytes]) => [`${host.program()}, ${stream}`, bytes]),
        ),
      ),
      exempt: (pid) => shown.has(pid),
    });
  }

  /** Looks for the holder's names in the memory of the host and its window. */
  async searchHost(): Promise<string[]> {
    const processes = hostProcesses().map(({ pid, window }) => [pid, window ? "window" : "host"] as const);
    return (await searchMemory([HOLDER.surname, HOLDER.givenName].map((text) => new Needle(text)), new Map(processes))).found;
  }

  /** Ends the host that runs, and has the browser start one on a computer whose administrator installed this. */
  async restartHost(installed: Installed): Promise<void> {
    await this.#restartHost(this.#hosts[installed]);
  }

  /** Does something on a desktop with a keystore, whose administrator installed the trust pack. */
  async withKeystore(something: (keystore: Keystore) => Promise<void>): Promise<void> {
    const keystore = await Keystore.start();
    const bus = ["env", `DBUS_SESSION_BUS_ADDRESS=${keystore.address}`];
    const host = new OverheardHost([...bus, ...this.#roots["trust-pack"].words("bitaqa-host")]);
    this.#withKeystore.push(host);
    try {
      await this.#restartHost(host);
      await something(keystore);
    } finally {
      await this.restartHost("trust-pack");
      await keystore.stop();
    }
  }

  async #restartHost(next: OverheardHost): Promise<void> {
    for (const host of this.#allHosts()) await host.end();
    this.stage.browser.installHost(next.program());
  }

  #allHosts(): OverheardHost[] {
    return [...Object.values(this.#hosts), ...this.#withKeystore];
  }

  /** Puts a card of the holder in the place of the one in the reader; the portal believes its country. */
  async card(ordered: CardSpec): Promise<void> {
    const card = { person: HOLDER, ...ordered };
    await this.stage.bed.swap(card);
    this.document = await this.stage.bed.document(card);
    this.portal.believe(this.document);
    this.portal.issuers = (await this.stage.bed.pki()).issuers;
  }

  /** The portal's page asks this, from a click. */
  async ask(asked: Partial<Asked> = {}, job = "identify", host = NAME): Promise<Journey> {
    const { claims = { required: ["given_name", "family_name"] }, ...more } = asked;
    this.portal.asked = { purpose: "open-account", language: "en", claims, ...more };
    const tab = await openPage(this.stage.browser, this.stage.portal.url("/identity", { scheme: "https", host }));
    this.stage.alsoClose(tab);
    this.#tabs.push(tab);
    return new Journey(this, tab, await Request.start(tab, job));
  }

  /** Closes a page while its request is under way. */
  async leave(tab: Tab): Promise<void> {
    this.#tabs = this.#tabs.filter((open) => open !== tab);
    await tab.close();
  }

  /** A whole journey of a person who agrees, with what opens the card. */
  async answered(asked: Partial<Asked> = {}): Promise<Verdict> {
    const journey = await this.ask(asked);
    await journey.agree(this.number());
    await journey.send();
    return journey.verdict();
  }

  /** Types the number printed on the card. */
  number(digits = this.document.accessNumber): () => Promise<void> {
    return () => this.stage.desktop.type(digits);
  }

  /** Types document number and dates, as they stand in the zone. */
  zone(): () => Promise<void> {
    const { information } = this.document;
    const date = (from: number, century: string): string => {
      const [year, month, day] = [0, 2, 4].map((at) => information.slice(from + at, from + at + 2));
      return `${day}${month}${century}${year}`;
    };
    return async () => {
      const { desktop } = this.stage;
      await desktop.type(information.slice(0, 9).replace(/<+$/, ""));
      await desktop.press("Tab");
      await desktop.type(`${date(10, "19")}${date(17, "20")}`);
    };
  }

  /** How often a number was tried with the card in the reader: the last step of PACE. */
  async tries(): Promise<number> {
    const { entries } = await this.stage.bed.log();
    return entries.filter(({ header }) => header === "00860000").length;
  }

  /** How often somebody tried to open the card in the reader. */
  async openings(): Promise<number> {
    const { entries } = await this.stage.bed.log();
    return entries.filter(({ header }) => OPENINGS.includes(header)).length;
  }
}

/** A request for identity that is under way, and the person at its window. */
export class Journey {
  readonly tab: Tab;
  readonly request: Request;
  /** Windows that the person saw. */
  readonly windows = new Set<string>();
  /** How often the person typed what opens the card, and sent it. */
  entries = 0;
  readonly #at: IdentityStage;
  #asked = 0;

  constructor(at: IdentityStage, tab: Tab, request: Request) {
    this.#at = at;
    this.tab = tab;
    this.request = request;
  }

  /** Waits for the next question, and gives its window. */
  async question(): Promise<string> {
    this.#asked += 1;
    await this.request.stage("waiting-for-person", this.#asked);
    const window = await this.#at.stage.desktop.window();
    this.windows.add(window);
    return window;
  }

  /** Answers the first question: turns switches (the keyboard starts at the first one that can be turned), types, and presses Enter. */
  async agree(type: () => Promise<void>, turned: readonly string[] = []): Promise<void> {
    await this.#agree(async () => {
      if (turned.length > 0) await this.#at.stage.desktop.press(...turned);
      await type();
      await this.#at.stage.desktop.press("Return");
    });
    this.entries += 1;
  }

  /** Answers the first question where nothing opens the card, so nothing is typed: goes to "Read the card" and presses it. */
  async agreeToReading(): Promise<void> {
    await this.#agree(() => this.#at.stage.desktop.press("Tab", "Return"));
  }

  async #agree(keys: () => Promise<void>): Promise<void> {
    await this.question();
    const before = await this.#heard("reading");
    await this.#press(keys, async () => (await this.#heard("reading")) > before);
  }

  /** Answers the second question: goes to "Send" and presses it. */
  async send(): Promise<void> {
    await this.question();
    // the PIN may be asked for before anything is sent
    const taken = async (): Promise<boolean> =>
      (await this.#heard("sending")) > 0 || (await this.#heard("waiting-for-person")) > this.#asked;
    await this.#press(() => this.#at.stage.desktop.press("Tab", "Return"), taken);
  }

  /** Answers the question for the PIN, which comes after "Send". */
  async pin(pin: string): Promise<void> {
    await this.question();
    await this.#at.stage.enter(pin);
    this.entries += 1;
  }

  /** Waits for the verdict of the portal's server, and asserts that the page was told no more than whether it holds. */
  async verdict(): Promise<Verdict> {
    const { value, code, detail } = await this.end();
    assert.ok(value, `the page got ${code}: ${detail}`);
    const verdict = (this.#at.portal.impersonates ?? this.#at.portal).verdicts.at(-1);
    assert.ok(verdict !== undefined);
    assert.deepEqual(value, { valid: verdict.valid, code: verdict.code });
    return verdict;
  }

  /** Waits for what came of it. */
  end(): Promise<Result> {
    return this.request.end();
  }

  async #heard(wanted: string): Promise<number> {
    return (await this.request.stages()).filter((stage) => stage === wanted).length;
  }

  async #press(keys: () => Promise<void>, taken: () => Promise<boolean>): Promise<void> {
    await this.#at.stage.desktop.enter(keys, taken);
  }
}
