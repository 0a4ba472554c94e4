/**
 * The page "My card": the holder sees what is on the own card.
 *
 * It opens a native port of its own and runs a core of its own, so that what is on the card comes from the host to this page and to
 * nothing else: the background and its core hear nothing of it. A web page has no native port, and the background has no message that
 * asks for a card. What is shown is kept in this document alone, and forgotten when the person says so, after five minutes, and when
 * the page is left.
 */
import { Glue, type Listener } from "./background/glue.ts";
import { forgetCore, startCore } from "./background/wasm_core.ts";
import { Catalogue } from "./catalogue.ts";
import { ERRORS } from "./errors.ts";
import type { Language } from "./generated/Language";
import type { MyCard } from "./generated/MyCard";
import type { PageReply } from "./generated/PageReply";
import type { PictureOnCard } from "./generated/PictureOnCard";
import { json, type Part, PARTS, sheet } from "./my_card/export.ts";
import { Holding } from "./my_card/holding.ts";
import { pdf } from "./my_card/pdf.ts";
import { decode, forgetPictures } from "./my_card/pictures.ts";
import { type Entry, type Row, shown } from "./my_card/shown.ts";
import { MY_CARD_WORDS } from "./my_card/words.ts";
import { choosesLanguage, element, isolated, saveAs, sayWords } from "./page/page.ts";
import { languageOf, loadSettings } from "./settings.ts";

/** This document, for the core. */
const DOCUMENT = "my-card";

/** What the state says; a sentence of the catalogue, or of a failure. */
type State = { state: "busy" | "ready" | "problem" | "none"; text?: string; failure?: { message: string; remedy: string } };

const { version } = chrome.runtime.getManifest();
let language: Language = "ar";
let words: Catalogue;
let state: State = { state: "none" };
let photo: ImageData | undefined;

const holding = new Holding(
  { now: () => Date.now(), setTimeout: (run, milliseconds) => self.setTimeout(run, milliseconds), clearTimeout: (timer) => self.clearTimeout(timer) },
  () => forget("cleared-in-time"),
);

const glue = new Glue({
  runtime: chrome.runtime,
  startCore: () => startCore({ extension: version, language, chosen: true }),
  word: (report, spoken) => new Catalogue(spoken, ERRORS).failure(report),
  language: () => language,
  setTimeout: (run, milliseconds) => self.setTimeout(run, milliseconds),
  clearTimeout: (timer) => self.clearTimeout(timer),
  myCard: (card) => void show(card),
});

const listener: Listener = (reply) => hear(reply);

element("read").addEventListener("click", () => read());
element("stop").addEventListener("click", () => stop());
element("clear").addEventListener("click", () => forget("cleared"));
element("save-pdf").addEventListener("click", () => void savePdf());
element("save-json").addEventListener("click", () => saveJson());
choosesLanguage(speak);
// also into the back/forward cache: what comes back from there is empty
addEventListener("pagehide", () => forget("cleared"));
document.addEventListener("visibilitychange", () => holding.look());
addEventListener("focus", () => holding.look());

void loadSettings().then((settings) => speak(languageOf(settings)));

// --- asking

function read(): void {
  forget(undefined);
  if (!glue.opened(DOCUMENT, listener)) return;
  say({ state: "busy", text: "stage-starting" });
  glue.readMyCard(DOCUMENT);
}

/** The person gives it up: the host closes its window. */
function stop(): void {
  glue.gone(DOCUMENT, listener);
  say({ state: "none" });
  element("read").focus();
}

function hear(reply: PageReply): void {
  if (reply.type === "progress") {
    // what a stage of another kind of request says is no news here
    const text = `stage-${reply.stage}`;
    if (words.text(text) !== text) say({ state: "busy", text });
  } else if (reply.type === "failure") {
    say({ state: "problem", failure: reply.error });
  }
}

// --- showing

async function show(card: MyCard): Promise<void> {
  holding.keep(card);
  say({ state: "ready", text: "ready" });
  draw();
  element("what").scrollIntoView({ block: "nearest" });
  // nothing more will be asked: the port and the core go, and with them what passed through
  setTimeout(() => end());
  await drawPictures(card);
}

function end(): void {
  glue.close();
  forgetCore();
}

function draw(): void {
  const card = holding.card;
  element("card").hidden = card === undefined;
  if (card === undefined) return;
  const { readAt, values, notes, findings, certificates, pins } = shown(card, words, Date.now());
  say({ ...state });
  element("next").textContent = readAt;
  element("next").hidden = false;
  element("authenticity").hidden = findings.length === 0;
  element("findings").replaceChildren(
    ...findings.map(({ state: judged, text }) => {
      const line = document.createElement("li");
      line.dataset["state"] = judged;
      const sign = document.createElement("span");
      sign.className = "sign";
      sign.ariaHidden = "true";
      line.append(sign, isolated(text));
      return line;
    }),
  );
  element("values").replaceChildren(...values.map(rowElement));
  element("nothing").hidden = values.length > 0 || card.document?.contents.photo !== undefined;
  element("notes").hidden = notes.length === 0;
  element("notes").replaceChildren(
    ...notes.map((note) => {
      const line = document.createElement("li");
      line.textContent = note;
      return line;
    }),
  );
  element("certificates").replaceChildren(...certificates.map(entryElement));
  element("no-certificates").hidden = certificates.length > 0;
  element("pins").replaceChildren(...pins.map(rowElement));
  element("no-pins").hidden = pins.length > 0;
}

async function drawPictures(card: MyCard): Promise<void> {
  const pictures: [PictureOnCard | undefined, string][] = [
    [card.document?.contents.photo, "photo"],
    [card.document?.contents.signatureImage, "signature-image"],
  ];
  const drawn: HTMLElement[] = [];
  for (const [picture, name] of pictures) {
    if (picture === undefined) continue;
    const image = await decode(picture);
    if (name === "photo") photo = image;
    drawn.push(image === undefined ? missing(`${name}-unreadable`) : canvas(image, name));
  }
  forgetPictures();
  // it was cleared, or read anew, in the meantime
  if (holding.card !== card) return void (photo = undefined);
  element("pictures").replaceChildren(...drawn);
}

function canvas(image: ImageData, name: string): HTMLCanvasElement {
  const place = document.createElement("canvas");
  place.width = image.width;
  place.height = image.height;
  place.setAttribute("role", "img");
  place.dataset["label"] = name;
  place.setAttribute("aria-label", words.text(name));
  place.getContext("2d")?.putImageData(image, 0, 0);
  return place;
}

function missing(id: string): HTMLElement {
  const place = document.createElement("p");
  place.className = "soft";
  place.textContent = words.text(id);
  return place;
}

function rowElement({ label, value }: Row): HTMLElement {
  const row = document.createElement("div");
  const [name, content] = [document.createElement("dt"), document.createElement("dd")];
  name.textContent = label;
  content.append(isolated(value));
  row.append(name, content);
  return row;
}

function entryElement({ title, rows }: Entry): HTMLElement {
  const [place, heading, list] = [document.createElement("div"), document.createElement("h3"), document.createElement("dl")];
  heading.textContent = title;
  list.append(...rows.map(rowElement));
  place.append(heading, list);
  return place;
}

// --- forgetting

/** Forgets everything that was read, and whatever is under way; `reason` is said if there was something to forget. */
function forget(reason: "cleared" | "cleared-in-time" | undefined): void {
  const held = holding.forget();
  photo = undefined;
  end();
  forgetPictures();
  for (const place of document.querySelectorAll("canvas")) place.width = place.height = 0;
  for (const id of ["findings", "values", "notes", "certificates", "pins", "pictures"]) element(id).replaceChildren();
  element("next").textContent = "";
  element("saved").textContent = "";
  element("card").hidden = true;
  if (!held) return say({ state: "none" });
  say(reason === undefined ? { state: "none" } : { state: "ready", text: reason });
  if (reason !== undefined) element("read").focus();
}

// --- saving

function chosenParts(): ReadonlySet<Part> {
  const form = element("export") as HTMLFormElement;
  return new Set(PARTS.filter((part) => (form.elements.namedItem(part) as HTMLInputElement).checked));
}

function saveJson(): void {
  const [card, parts] = [holding.card, chosenParts()];
  if (card === undefined) return;
  if (parts.size === 0) return tell("export-nothing");
  save(new Blob([json(card, parts)], { type: "application/json" }), "bitaqa-my-card.json");
}

async function savePdf(): Promise<void> {
  const [card, parts] = [holding.card, chosenParts()];
  if (card === undefined) return;
  if (parts.size === 0) return tell("export-nothing");
  tell("saving");
  try {
    const made = await pdf(sheet(card, parts, words, language, Date.now()), parts.has("data") ? photo : undefined);
    if (holding.card === card) save(new Blob([made], { type: "application/pdf" }), "bitaqa-my-card.pdf");
  } catch {
    tell("not-saved");
  }
}

function save(content: Blob, name: string): void {
  saveAs(name, content);
  tell("saved");
}

function tell(id: string): void {
  element("saved").textContent = words.text(id);
}

// --- words

function speak(chosen: Language): void {
  language = chosen;
  words = new Catalogue(language, MY_CARD_WORDS);
  document.title = words.text("my-card-title");
  sayWords(language, words);
  say(state);
  draw();
}

function say(now: State): void {
  state = now;
  const { text, failure } = now;
  const [busy, held] = [now.state === "busy", holding.card !== undefined];
  element("state").dataset["state"] = now.state;
  element("state").hidden = now.state === "none";
  element("what").textContent = failure?.message ?? (text === undefined ? "" : words.text(text));
  element("next").textContent = failure?.remedy ?? "";
  element("next").hidden = failure === undefined;
  element("intro").hidden = held;
  const focused = document.activeElement;
  element("read").hidden = busy;
  element("read").textContent = words.text(held ? "read-again" : "read-my-card");
  element("read").classList.toggle("go", !held);
  element("stop").hidden = !busy;
  element("clear").hidden = !held;
  // a button that goes away does not take the keyboard's place with it
  if (focused instanceof HTMLButtonElement && focused.hidden) element(busy ? "stop" : "read").focus();
  document.documentElement.dataset["state"] = now.state;
}
