import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { Glue, type Surroundings } from "../src/background/glue.ts";
import type { Core, CoreAction, CoreEvent } from "../src/background/core.ts";
import { Catalogue } from "../src/catalogue.ts";
import type { DocumentOnCard } from "../src/generated/DocumentOnCard.ts";
import type { MyCard } from "../src/generated/MyCard.ts";
import type { PageReply } from "../src/generated/PageReply.ts";
import { LANGUAGES } from "../src/language.ts";
import { json, sheet } from "../src/my_card/export.ts";
import { HELD_MILLISECONDS, Holding } from "../src/my_card/holding.ts";
import { shown } from "../src/my_card/shown.ts";
import { MY_CARD_WORDS } from "../src/my_card/words.ts";
import { FakeBrowser } from "./fake_browser.ts";

const PAGE = new URL("../src/my_card/", import.meta.url);
const DAY = 24 * 3600;
const READ_AT = 1_790_000_000;
const NOW = READ_AT * 1000;

const CARD: MyCard = {
  readAt: READ_AT,
  document: {
    kind: "icao",
    contents: {
      values: [
        { claim: "given_name", value: "AMINA" },
        { claim: "given_name#ar", value: "أمينة" },
        { claim: "birthdate", value: "1990-01-31" },
        { claim: "date_of_expiry", value: "2031-12" },
        { claim: "gender", value: "F" },
        { claim: "personal_number", value: "1990-01-31" },
      ],
      unreadable: ["dg11"],
      notGiven: ["dg7"],
    },
    authenticity: { outcome: "genuine", country: "MA", test: true },
    chip: "proven",
  },
  certificates: [
    {
      purpose: "authentication",
      der: "MAA=",
      facts: { subject: "AMINA EXEMPLE", personalNumber: "PNOMA-1", issuer: "CA", notBefore: READ_AT - DAY, notAfter: READ_AT + DAY },
    },
    { purpose: "signature", der: "MAA=" },
  ],
  pins: [
    { purpose: "authentication", label: "PIN1", triesLeft: 2, triesMaximum: 3 },
    { purpose: "signature", triesLeft: 0 },
    { purpose: "signature", activated: false, triesLeft: 3 },
    { purpose: "signature" },
  ],
};

/** The same data on a card that nobody signed. */
const UNAUTHENTICATED: MyCard = {
  readAt: READ_AT,
  document: { kind: "unauthenticated", contents: { values: CARD.document!.contents.values, unreadable: [], notGiven: ["dg2"] } },
  certificates: [],
  pins: [],
};

type Icao = Extract<DocumentOnCard, { kind: "icao" }>;

/** The first card, with another verdict. */
function judged(verdict: Partial<Pick<Icao, "authenticity" | "chip">>): MyCard {
  return { ...CARD, document: { ...(CARD.document as Icao), ...verdict } };
}

function words(language: (typeof LANGUAGES)[number] = "en"): Catalogue {
  return new Catalogue(language, MY_CARD_WORDS);
}

function bare(text: string): string {
  return text.replaceAll(/[\u2066-\u2069]/g, "");
}

test("values have the names of the host's window, both scripts, and dates as people write them", () => {
  const { values, notes } = shown(CARD, words(), NOW);
  assert.deepEqual(values, [
    { label: "Given names", value: "AMINA" },
    { label: "Given names in Arabic", value: "أمينة" },
    { label: "Date of birth", value: "31/01/1990" },
    { label: "Date of expiry", value: "2031-12" },
    { label: "Sex", value: "female" },
    // a number is no date, whatever it looks like
    { label: "Personal number", value: "1990-01-31" },
  ]);
  assert.deepEqual(notes.map(bare), [
    "Something on the card cannot be read: Further personal details",
    "The card does not have, or does not give: Image of your signature",
  ]);
});

test("a card that is signed for tests says TEST, in every language", () => {
  for (const language of LANGUAGES) {
    const { findings, mark } = shown(CARD, words(language), NOW);
    assert.equal(mark, findings[0]?.text);
    assert.equal(findings[0]?.state, "warning");
    assert.match(findings[0]?.text ?? "", /TEST.*MA/);
  }
});

test("what cannot be said is not said: not checked is neither genuine nor false", () => {
  const of = (authenticity: Icao["authenticity"]): string | undefined => shown(judged({ authenticity }), words(), NOW).findings[0]?.state;
  assert.equal(of({ outcome: "not-checked", reason: "no-authorities" }), "unknown");
  assert.equal(of({ outcome: "not-checked", reason: "authority-unknown" }), "unknown");
  assert.equal(of({ outcome: "not-genuine", code: "group-altered" }), "problem");
  assert.equal(of({ outcome: "genuine", country: "MA", test: false }), "ready");
  const copy = shown(judged({ chip: "not-proven" }), words(), NOW);
  assert.equal(copy.findings[1]?.state, "problem");
});

test("a card that nobody signed is said to be one that cannot be checked, in every language, on the page and on every copy", () => {
  for (const language of LANGUAGES) {
    const { values, findings, mark, notes } = shown(UNAUTHENTICATED, words(language), NOW);
    assert.equal(values.length, CARD.document!.contents.values.length);
    assert.equal(notes.length, 1);
    // one finding: there is no chip that could prove anything, and nothing is said of one
    assert.deepEqual(findings, [{ state: "warning", text: words(language).text("cannot-be-checked") }]);
    assert.ok(mark.length > 30 && mark === findings[0]?.text);
    const paper = sheet(UNAUTHENTICATED, new Set(["data"]), words(language), language, NOW);
    assert.equal(paper.notice, mark);
    assert.ok(paper.sections.some(({ rows }) => rows.some(({ value }) => value === mark)));
    // what is on no paper needs no mark
    assert.equal(sheet(UNAUTHENTICATED, new Set(["pins"]), words(language), language, NOW).notice, "");
  }
  const said = JSON.parse(json(UNAUTHENTICATED, new Set(["data"])));
  assert.equal(said.document.kind, "unauthenticated");
  assert.deepEqual(Object.keys(said.document), ["kind", "contents"]);
  // one that a country signed and nobody could check is another thing, and needs no mark beyond its finding
  assert.equal(shown(judged({ authenticity: { outcome: "not-checked", reason: "no-authorities" } }), words(), NOW).mark, "");
});

test("certificates say whose they are and whether their time is over, PINs how many tries are left", () => {
  const valid = shown(CARD, words(), NOW);
  assert.equal(valid.certificates[0]?.rows.length, 4);
  assert.ok(!valid.certificates[0]?.rows[3]?.value.includes("expired"));
  assert.match(valid.certificates[1]?.rows[0]?.value ?? "", /cannot be read/);
  assert.match(shown(CARD, words(), NOW + 2 * DAY * 1000).certificates[0]?.rows[3]?.value ?? "", /expired/);
  assert.match(shown(CARD, words(), NOW - 2 * DAY * 1000).certificates[0]?.rows[3]?.value ?? "", /not valid yet/);
  const pins = valid.pins.map(({ label, value }) => [bare(label), bare(value)]);
  assert.deepEqual(pins, [
    ["For signing in (PIN1)", "2 tries left of 3"],
    ["For signing documents", "blocked: no tries left"],
    ["For signing documents", "not set yet"],
    ["For signing documents", "the card does not say"],
  ]);
});

test("nothing is exported that was not chosen", () => {
  const all = JSON.parse(json(CARD, new Set(["data", "certificates", "pins"])));
  assert.deepEqual(Object.keys(all), ["format", "readAt", "document", "certificates", "pins"]);
  assert.equal(all.format, "bitaqa-my-card:1");
  const pins = json(CARD, new Set(["pins"]));
  assert.ok(!pins.includes("AMINA") && pins.includes("PIN1"));
  const paper = sheet(CARD, new Set(["pins"]), words(), "en", NOW);
  assert.deepEqual(paper.sections.map(({ heading }) => heading), ["PIN tries"]);
  assert.equal(paper.notice, "");
  const arabic = sheet(CARD, new Set(["data"]), words("ar"), "ar", NOW);
  assert.ok(arabic.rightToLeft && arabic.notice.includes("TEST"));
  assert.ok(JSON.stringify(arabic).includes("أمينة") && !JSON.stringify(arabic).includes("PIN1"));
});

test("a card is kept for five minutes, and not a moment longer after a sleep", () => {
  const clock = new FakeBrowser();
  let over = 0;
  const holding = new Holding(clock, () => (over += 1));
  holding.keep(CARD);
  clock.pass(HELD_MILLISECONDS - 1);
  assert.equal(holding.card, CARD);
  clock.pass(1);
  assert.deepEqual([holding.card, over, clock.timers], [undefined, 1, 0]);
  // timers stood still, the clock did not
  holding.keep(CARD);
  clock.time += HELD_MILLISECONDS;
  holding.look();
  assert.deepEqual([holding.card, over], [undefined, 2]);
  // cleared by the person: nothing is said later
  holding.keep(CARD);
  assert.equal(holding.forget(), true);
  assert.equal(holding.forget(), false);
  clock.pass(HELD_MILLISECONDS);
  assert.equal(over, 2);
});

/** A core that answers one event, and what it heard. */
function glueWith(actions: CoreAction[], mine: Partial<Surroundings>): { glue: Glue; heard: CoreEvent[] } {
  const heard: CoreEvent[] = [];
  const core: Core = {
    handle: (event) => {
      const happened = JSON.parse(event) as CoreEvent;
      heard.push(happened);
      return JSON.stringify(happened.type === "read-my-card" ? actions : []);
    },
  };
  const glue = new Glue({
    runtime: {},
    startCore: () => Promise.resolve(core),
    word: (report) => ({ ...report, message: "", remedy: "" }),
    language: () => "en",
    setTimeout: () => 0,
    clearTimeout: () => undefined,
    ...mine,
  });
  return { glue, heard };
}

test("the page gets its card; a background would drop it, and tells no document", async () => {
  const actions: CoreAction[] = [{ type: "my-card", document: "my-card", id: "0123456789abcdef", card: CARD }];
  for (const page of [true, false]) {
    const cards: MyCard[] = [];
    const replies: PageReply[] = [];
    const { glue, heard } = glueWith(actions, page ? { myCard: (card) => void cards.push(card) } : {});
    const listener = (reply: PageReply): void => void replies.push(reply);
    assert.ok(glue.opened("my-card", listener));
    glue.readMyCard("my-card");
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(heard[0]?.type, "read-my-card");
    assert.equal(cards.length, page ? 1 : 0);
    assert.deepEqual(replies, []);
    assert.ok(!glue.holds("my-card", listener), "the request has ended");
  }
});

test("the background has no way to ask for a card", () => {
  const folder = new URL("../src/", import.meta.url);
  const background = ["background.ts", ...readdirSync(new URL("background/", folder)).map((name) => `background/${name}`)];
  const asks = background.filter((name) => readFileSync(new URL(name, folder), "utf8").includes(".readMyCard("));
  assert.deepEqual(asks, []);
});

test("the page runs and loads nothing but the package's own, and sends nothing anywhere", () => {
  const page = readFileSync(new URL("my_card.html", PAGE), "utf8");
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
  assert.equal(
    policy,
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'",
  );
  const sources = [new URL("../src/my_card.ts", import.meta.url), ...readdirSync(PAGE).map((name) => new URL(name, PAGE))];
  for (const source of sources) {
    const text = readFileSync(source, "utf8");
    assert.ok(!/innerHTML|insertAdjacent|document\.write|localStorage|sessionStorage|indexedDB|storage\.(local|session)\.set|sendMessage|runtime\.connect\(/.test(text), String(source));
  }
});

test("every language says the same things on the page, every word that it asks for exists, and none is left over", () => {
  const ids = (language: string): string[] =>
    new FluentResource(readFileSync(new URL(`../../locales/${language}/my_card.ftl`, import.meta.url), "utf8")).body.map(({ id }) => id);
  for (const language of LANGUAGES) assert.deepEqual(ids(language), ids("en"), language);
  const text = [new URL("../src/my_card.ts", import.meta.url), ...readdirSync(PAGE).map((name) => new URL(name, PAGE))]
    .map((source) => readFileSync(source, "utf8"))
    .join("\n");
  const known = ids("en");
  const asked = [...text.matchAll(/data-text="([^"]+)"/g)].map(([, id]) => id ?? "");
  assert.deepEqual(asked.filter((id) => words().text(id) === id), []);
  const named = (id: string): boolean => text.includes(`"${id}"`) || /^stage-/.test(id) || /-unreadable$/.test(id);
  assert.deepEqual(known.filter((id) => !named(id)), []);
});
