/**
 * Where documents are signed: the page "Sign a file", for the person's own files, and the window that shows what a site asks to sign.
 *
 * A site's documents come over a port from its document to this one. What is shown is drawn from the bytes that are signed. The host
 * shows each document's name and digest again, in a window of its own, and asks for the PIN.
 */
import { Catalogue } from "./catalogue.ts";
import { DocumentView } from "./document_view/document_view.ts";
import { plain } from "./document_view/text.ts";
import { DOCUMENT_VIEW_WORDS } from "./document_view/words.ts";
import { Engine, EngineError } from "./documents/engine.ts";
import { ERRORS } from "./errors.ts";
import type { ErrorReport } from "./generated/ErrorReport";
import type { Language } from "./generated/Language";
import type { SignatureFormat } from "./generated/SignatureFormat";
import type { SignatureLevel } from "./generated/SignatureLevel";
import type { SigningCertificate } from "./generated/SigningCertificate";
import { choosesLanguage, element, sayWords } from "./page/page.ts";
import { languageOf, loadSettings } from "./settings.ts";
import { CardCertificates } from "./sign/card_certificates.ts";
import { DocumentList, fill } from "./sign/document_list.ts";
import { Inspection, isPdf } from "./sign/inspection.ts";
import { askServices, type Choice, Question } from "./sign/question.ts";
import { savedElement, shortfall } from "./sign/results.ts";
import { StateLine } from "./sign/state_line.ts";
import { VisibleSignature } from "./sign/visible_signature.ts";
import { type NamedFile, type Outcome, type SignedFile, type Wish, signDocuments } from "./signing/flow.ts";
import { HostFailure, HostRequests } from "./signing/host_requests.ts";
import { MOST_TOGETHER } from "./signing/messages.ts";
import { forPage, reportOf } from "./signing/page_request.ts";
import { lowest, type Services } from "./signing/raising.ts";
import { SiteJob } from "./signing/site_job.ts";
import { snapshot } from "./signing/snapshot.ts";
import { SIGN_WORDS } from "./signing/words.ts";

/** Largest file of the person's own, in bytes (`MAX_DOCUMENT` of the protocol), and most of them. */
const MOST_EACH = 1024 ** 3;
const MAX_FILES = 500;
/** Most characters of a name (`MAX_NAME` of the protocol). */
const MAX_NAME = 255;

/** Formats that are offered for the person's own files. */
const OWN_FORMATS: readonly SignatureFormat[] = ["pades", "asic-e", "cades"];

/**
 * From when a document is drawn, or what was found in the documents, until they can be signed, in milliseconds: nobody signs with a click
 * that was meant for something else.
 */
const LOOK_MILLISECONDS = 500;

const { version } = chrome.runtime.getManifest();
const engine = new Engine();
const host = new HostRequests(chrome.runtime, version);
const job = location.hash.length > 1 ? new SiteJob(location.hash.slice(1)) : undefined;

let language: Language = "ar";
let words: Catalogue;
let view: DocumentView | undefined;
let documents: NamedFile[] = [];
let current = -1;
const seen = new Set<number>();
let site: { wish: Wish } | undefined;
let busy = false;
/** Gives up what is under way. */
let aborter = new AbortController();
/** The document in view is drawn, and a person had the time to see it. */
let looked = false;
/** Every document is inspected, and a person had the time to see what was found. */
let inspected = false;
/** Says how far the inspection is, from when it takes long enough to be noticed. */
let inspecting: ReturnType<typeof setInterval> | undefined;
let over = false;
/** The files are signed and are being raised. */
let isRaising = false;
/** The person gave up what runs. */
let stopped = false;
/** What was made, and what level was wished. */
let made: { outcome: Outcome; wanted: SignatureLevel } | undefined;
let urls: string[] = [];

const state = new StateLine(() => ({ words, errors: new Catalogue(language, ERRORS) }));
const question = new Question();
const visible = new VisibleSignature({ engine, words: () => words, preview: (shown) => view?.preview(shown) });
const cardCertificates = new CardCertificates(engine, () => words);
const inspection = new Inspection(new Engine(), { found: (index) => list.markOne(index), done: inspectionDone });
const list = new DocumentList(() => ({ documents, inspection, current, seen, words, language }), show);

choosesLanguage(speak);
element("cancel").addEventListener("click", () => cancel());
element("go").addEventListener("click", () => void sign());
element("again").addEventListener("click", () => startOver());
input("files").addEventListener("change", () => take(input("files").files));
select("format").addEventListener("change", () => showOptions());
input("visible").addEventListener("change", () => turnVisible());
// Enter in a field is no reason to leave the page
element("options").addEventListener("submit", (event) => event.preventDefault());
for (const kind of ["dragover", "dragleave", "drop"] as const) element("drop").addEventListener(kind, drag);
// a file that misses its place is not opened by the browser in place of this page
for (const kind of ["dragover", "drop"] as const) addEventListener(kind, (event) => event.preventDefault());
addEventListener("pagehide", () => {
  host.close();
  engine.close();
  inspection.forget();
  job?.leave();
});

void loadSettings().then((settings) => {
  speak(languageOf(settings));
  if (job === undefined) return;
  state.say("busy", "stage-receiving");
  job.begin({
    asked({ origin, wish, asked, files, placed }) {
      if (settings.language === undefined && asked !== undefined) speak(asked);
      element("origin").textContent = origin;
      element("asker").hidden = false;
      site = { wish };
      documents = files;
      if (placed !== undefined) visible.asked(placed);
      current = -1;
      seen.clear();
      state.quiet();
      inspect();
      draw();
      show(0);
    },
    refused() {
      // the site has the reason; a window that shows nothing is in the person's way
      window.close();
    },
    nobody() {
      over = true;
      state.quiet();
      sayIn("lead", "nothing-asked");
      draw();
    },
    gone() {
      // the page was left, or gave it up
      abort();
      over = true;
      documents = [];
      forgetInspection();
      draw();
      window.close();
    },
  });
});

// --- documents

function take(files: FileList | null): void {
  const chosen = [...(files ?? [])];
  if (chosen.length === 0) return;
  if (chosen.length > MAX_FILES) return state.say("problem", "too-many");
  const together = chosen.reduce((sum, { size }) => sum + size, 0);
  if (together > MOST_TOGETHER || chosen.some(({ size }) => size > MOST_EACH)) return state.say("problem", "too-large");
  void receive(chosen);
}

/** Shows copies: a file that somebody writes to meanwhile is not another one when it is signed. */
async function receive(chosen: readonly File[]): Promise<void> {
  try {
    documents = [];
    for (const file of chosen) documents.push({ name: [...plain(file.name)].slice(0, MAX_NAME).join(""), type: file.type, blob: await snapshot(file) });
  } catch (error) {
    documents = [];
    return state.problem({ code: "document-not-readable", detail: String(error) });
  }
  const formats = OWN_FORMATS.filter((format) => format !== "pades" || documents.every(isPdf));
  select("format").replaceChildren(
    ...formats.map((format) => {
      const option = document.createElement("option");
      option.value = format;
      option.dataset["text"] = `format-${format}`;
      option.textContent = words.text(`format-${format}`);
      return option;
    }),
  );
  state.quiet();
  inspect();
  draw();
  showOptions();
  show(0);
}

function drag(event: DragEvent): void {
  event.preventDefault();
  element("drop").classList.toggle("over", event.type === "dragover");
  if (event.type === "drop") take(event.dataTransfer?.files ?? null);
}

function show(index: number): void {
  const shown = documents[index];
  if (shown === undefined || index === current) return;
  current = index;
  view ??= newView();
  place();
  list.mark();
  void view.show(shown).then(({ kind }) => {
    if (current !== index) return;
    // what cannot be drawn was not seen
    if (kind !== "other") seen.add(index);
    list.markOne(index);
    if (!looked) setTimeout(() => ((looked = true), drawGo()), LOOK_MILLISECONDS);
  });
}

function newView(): DocumentView {
  const made = new DocumentView(element("view"), new Catalogue(language, DOCUMENT_VIEW_WORDS), language);
  made.onPlacement = (placement, seen) => visible.placed(current, placement, seen);
  return made;
}

function place(): void {
  view?.placing(visible.startOn(current), words.text("place-signature"));
}

/** The signature is seen on the last page of the first document, until the person puts it elsewhere. */
function turnVisible(): void {
  visible.turn(input("visible").checked ? Math.max(current, 0) : undefined);
  place();
}

/** Finds what each document may do or show beside its pages: of all of them, before any can be signed. */
function inspect(): void {
  forgetInspection();
  const total = documents.length;
  inspecting = setInterval(() => state.progress("inspecting", inspection.known, total), LOOK_MILLISECONDS);
  void inspection.begin(documents);
}

function inspectionDone(): void {
  clearInterval(inspecting);
  if (state.isBusy) state.quiet();
  list.drawFlagged();
  const of = documents;
  setTimeout(() => {
    if (documents !== of || !inspection.isDone) return;
    inspected = true;
    drawGo();
  }, LOOK_MILLISECONDS);
}

function forgetInspection(): void {
  clearInterval(inspecting);
  inspected = false;
  inspection.forget();
}

// --- signing

async function sign(): Promise<void> {
  // a site's window without a site would ask as our own page
  if (busy || !looked || !inspected || documents.length === 0 || (job !== undefined && job.origin === undefined)) return;
  busy = true;
  aborter = new AbortController();
  const { signal } = aborter;
  stopped = false;
  isRaising = false;
  cardCertificates.showUnsuited([]);
  draw();
  try {
    const wanted = wish();
    const outcome = await signDocuments(
      { engine, host },
      { ...(job?.origin !== undefined && { origin: job.origin }), language },
      documents,
      wanted,
      {
        signal,
        stage(stage, signed, total) {
          isRaising = stage === "raising";
          state.progress(stage, signed, total);
          job?.progress(stage, signed, total);
        },
        unsuited: (certificates) => cardCertificates.showUnsuited(certificates),
        choose: chooseCertificate,
        howOften: askHowOften,
        mayAsk,
        isStopped: () => stopped || signal.aborted,
      },
    );
    over = true;
    made = { outcome, wanted: wanted.level };
    const { files, stopped: reason } = outcome;
    if (job !== undefined) await job.deliver(files, reason && new Catalogue(language, ERRORS).failure(forPage(reason)));
    else saveAll(files);
    if (reason !== undefined) state.problem(reason, "signed-some");
    else state.say("ready", "signed", { count: files.length }, job && "signed-sent");
  } catch (error) {
    state.problem(reportOfSigning(signal.aborted ? signal.reason : error));
  } finally {
    busy = false;
    host.close();
    draw();
  }
}

function wish(): Wish {
  const chosen = site?.wish ?? { format: select("format").value as SignatureFormat, level: select("level").value as SignatureLevel, certificate: { qualified: false } };
  return chosen.format === "pades" ? { ...chosen, visible: visible.wish() } : chosen;
}

async function chooseCertificate(certificates: readonly SigningCertificate[]): Promise<SigningCertificate | undefined> {
  const names = await Promise.all(certificates.map(({ certificate }) => cardCertificates.nameIn(certificate)));
  const answers = certificates.map((certificate, index) => ({
    title: words.text("certificate-number", { number: index + 1 }),
    text: [names[index], ...certificate.algorithms].filter((part) => part !== undefined).join(", "),
    answer: certificate,
  }));
  return ask(words.text("which-certificate"), "", answers);
}

function askHowOften(count: number): Promise<"each" | "container" | undefined> {
  return ask(words.text("pin-each-time"), words.text("pin-each-time-text", { count }), [
    { title: words.text("answer-container"), text: words.text("answer-container.text"), answer: "container" as const },
    { title: words.text("answer-each", { count }), text: words.text("answer-each.text"), answer: "each" as const },
  ]);
}

function mayAsk(services: Services): Promise<boolean> {
  state.quiet();
  return askServices(question, words, language, services, {
    yes: { title: words.text("answer-ask"), text: words.text("answer-ask.text") },
    no: { title: words.text("answer-ask-nobody", { level: services.level }), text: words.text("answer-ask-nobody.text") },
  });
}

function ask<Answer>(title: string, text: string, choices: readonly Choice<Answer>[]): Promise<Answer | undefined> {
  state.quiet();
  return question.ask(title, text, choices);
}

function cancel(): void {
  if (question.isOpen) return question.giveUp();
  // what is signed by then is not given up, only raised no further
  if (busy && isRaising) {
    stopped = true;
    return host.close();
  }
  if (busy) return abort();
  if (job === undefined) return over ? window.close() : startOver();
  if (!over) job.refuse(new Catalogue(language, ERRORS).failure({ code: "user-cancelled" }));
  window.close();
}

/** Ends what is under way: no window asks any more, and nothing is given out. */
function abort(): void {
  aborter.abort(new HostFailure({ code: "user-cancelled" }));
  host.close();
  engine.close();
}

function startOver(): void {
  over = false;
  looked = false;
  made = undefined;
  documents = [];
  forgetInspection();
  current = -1;
  seen.clear();
  visible.clear();
  input("files").value = "";
  input("visible").checked = false;
  view?.forget();
  for (const url of urls.splice(0)) URL.revokeObjectURL(url);
  cardCertificates.showUnsuited([]);
  state.quiet();
  draw();
  input("files").focus();
}

function saveAll(files: readonly SignedFile[]): void {
  urls = files.map(({ blob }) => URL.createObjectURL(blob));
  element("saved").replaceChildren(...files.map((file, at) => savedElement(file, urls[at] ?? "", words)));
}

/** A document that cannot be signed is one that cannot be read; a module that broke is our fault. */
function reportOfSigning(error: unknown): ErrorReport {
  if (!(error instanceof EngineError)) return reportOf(error, "internal-error");
  return { code: error.code === "internal" ? "internal-error" : "document-not-readable", detail: error.message };
}

// --- showing

function showOptions(): void {
  const format = select("format").value;
  element("visible-line").hidden = format !== "pades";
  if (format !== "pades" && input("visible").checked) {
    input("visible").checked = false;
    turnVisible();
  }
}

/** What is there to be done. */
function draw(): void {
  const hasDocuments = documents.length > 0;
  const own = job === undefined;
  element("choose").hidden = !own || hasDocuments;
  view?.hold(busy || over);
  element("documents").hidden = !hasDocuments || (over && own);
  element("options").hidden = !own;
  drawShortfall();
  element("results").hidden = !(own && over && hasDocuments && !busy);
  drawGo();
  element("again").hidden = !(own && over);
  element("cancel").hidden = own && !hasDocuments;
  for (const control of element("options").querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLButtonElement>("input, select, button")) control.disabled = busy;
  sayIn("cancel", over ? "close" : "cancel");
  sayIn("go", state.isProblem && hasDocuments ? "try-again" : "sign");
  if (own) {
    sayIn("title", "sign-file-title");
    sayIn("lead", "sign-file-lead");
  } else if (hasDocuments) {
    sayIn("title", "site-title", { count: documents.length });
    sayIn("lead", "site-lead");
    const format = site?.wish.format ?? "cades";
    sayIn("made", format === "pades" || format === "asic-e" ? `made-${format}` : "made-other");
    const { reason = "" } = visible;
    element("reason").hidden = reason === "";
    element("reason-text").textContent = reason;
    element("site-image").hidden = !visible.hasImage;
  }
  document.title = `${words.text("product-name")}: ${element("title").textContent}`;
  sayIn("list-title", "documents", { count: documents.length });
  list.draw();
}

/** Whether what is shown can be signed now. The list is left as it is: somebody may be about to press a key in it. */
function drawGo(): void {
  element("go").hidden = documents.length === 0 || over;
  (element("go") as HTMLButtonElement).disabled = busy || !looked || !inspected;
}

/** Which level was not reached, and why. */
function drawShortfall(): void {
  const { files, missing } = made?.outcome ?? { files: [], missing: [] };
  const reached = lowest(files.map(({ level }) => level));
  sayIn("level-note", reached === "B-B" ? "level-b" : "level-t");
  fill("shortfall", files.length === 0 ? [] : shortfall(reached, made?.wanted ?? "B-B", missing, words, language, words.text("level-later")));
}

// --- language

function speak(chosen: Language): void {
  language = chosen;
  words = new Catalogue(language, SIGN_WORDS);
  sayWords(language, words);
  state.again();
  draw();
  if (view !== undefined) {
    // the view speaks the language that it was made with
    const shown = current;
    element("view").replaceChildren();
    view.forget();
    view = undefined;
    current = -1;
    show(shown);
  }
  void cardCertificates.draw();
}

/** Sets a text so that it can be said again in another language. */
function sayIn(id: string, text: string, args: Record<string, number> = {}): void {
  const place = element(id);
  place.dataset["text"] = text;
  place.dataset["args"] = JSON.stringify(args);
  place.textContent = words.text(text, args);
}

function select(id: string): HTMLSelectElement {
  return element(id) as HTMLSelectElement;
}

function input(id: string): HTMLInputElement {
  return element(id) as HTMLInputElement;
}
