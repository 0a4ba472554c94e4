/**
 * Where documents are signed: the page "Sign a file", for the person's own files, and the window that shows what a site asks to sign.
 *
 * A site's documents come over a port from its document to this one. What is shown is drawn from the bytes that are signed. The host
 * shows each document's name and digest again, in a window of its own, and asks for the PIN.
 */
import { Catalogue } from "./catalogue.ts";
import { DocumentView } from "./document_view/document_view.ts";
import { recognise } from "./document_view/kind.ts";
import { plain } from "./document_view/text.ts";
import { DOCUMENT_VIEW_WORDS } from "./document_view/words.ts";
import { Engine, EngineError } from "./documents/engine.ts";
import type { PdfRisks } from "./documents/results.ts";
import { ERRORS } from "./errors.ts";
import type { ErrorReport } from "./generated/ErrorReport";
import type { Language } from "./generated/Language";
import type { SignatureFormat } from "./generated/SignatureFormat";
import type { SignatureLevel } from "./generated/SignatureLevel";
import type { SigningCertificate } from "./generated/SigningCertificate";
import { LANGUAGES, isRightToLeft } from "./language.ts";
import { languageOf, loadSettings, saveLanguage } from "./settings.ts";
import { type NamedFile, type Outcome, type SignedFile, type Visible, type Wish, signDocuments } from "./signing/flow.ts";
import { HostFailure, HostRequests } from "./signing/host_requests.ts";
import { MOST_TOGETHER } from "./signing/messages.ts";
import { LEVELS, reaches, type Services } from "./signing/raising.ts";
import { forPage, SiteJob } from "./signing/site_job.ts";
import { snapshot } from "./signing/snapshot.ts";
import { SIGN_WORDS } from "./signing/words.ts";

/** Largest file of the person's own, in bytes (`MAX_DOCUMENT` of the protocol), and most of them. */
const MOST_EACH = 1024 ** 3;
const MAX_FILES = 500;
/** Most characters of a name (`MAX_NAME` of the protocol). */
const MAX_NAME = 255;

/** Formats that are offered for the person's own files. */
const OWN_FORMATS: readonly SignatureFormat[] = ["pades", "asic-e", "cades"];

/** From when a document is drawn until it can be signed, in milliseconds: nobody signs with a click that was meant for something else. */
const LOOK_MILLISECONDS = 500;

/** Size of a visible signature at first, in points. */
const SIGNATURE = { width: 180, height: 50 };

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
let visible: Omit<Visible, "lines"> | undefined;
let busy = false;
/** Gives up what is under way. */
let aborter = new AbortController();
/** The document in view is drawn, and a person had the time to see it. */
let looked = false;
let over = false;
/** The files are signed and are being raised. */
let isRaising = false;
/** The person gave up what runs. */
let stopped = false;
/** What was made, and what level was wished. */
let made: { outcome: Outcome; wanted: SignatureLevel } | undefined;
/** What the state says last, so that it can be said again in another language. */
let said: () => void = () => undefined;
let urls: string[] = [];

select("language").addEventListener("change", () => void choose(select("language").value));
element("cancel").addEventListener("click", () => cancel());
element("go").addEventListener("click", () => void sign());
element("again").addEventListener("click", () => startOver());
input("files").addEventListener("change", () => take(input("files").files));
select("format").addEventListener("change", () => showOptions());
input("visible").addEventListener("change", () => turnVisible());
for (const kind of ["dragover", "dragleave", "drop"] as const) element("drop").addEventListener(kind, drag);
// a file that misses its place is not opened by the browser in place of this page
for (const kind of ["dragover", "drop"] as const) addEventListener(kind, (event) => event.preventDefault());
addEventListener("pagehide", () => {
  host.close();
  engine.close();
  job?.leave();
});

void loadSettings().then((settings) => {
  speak(languageOf(settings));
  if (job === undefined) return;
  say("busy", "stage-receiving");
  job.begin({
    asked({ origin, wish, asked, files, placed }) {
      if (settings.language === undefined && asked !== undefined) speak(asked);
      element("origin").textContent = origin;
      element("asker").hidden = false;
      site = { wish };
      documents = files;
      visible = placed && { ...placed, on: 0 };
      current = -1;
      seen.clear();
      quiet();
      draw();
      show(0);
    },
    refused() {
      // the site has the reason; a window that shows nothing is in the person's way
      window.close();
    },
    nobody() {
      over = true;
      quiet();
      words_(element("lead"), "nothing-asked");
      draw();
    },
    gone() {
      // the page was left, or gave it up
      abort();
      over = true;
      documents = [];
      draw();
      window.close();
    },
  });
});

// --- documents

function take(files: FileList | null): void {
  const chosen = [...(files ?? [])];
  if (chosen.length === 0) return;
  if (chosen.length > MAX_FILES) return say("problem", "too-many");
  const together = chosen.reduce((sum, { size }) => sum + size, 0);
  if (together > MOST_TOGETHER || chosen.some(({ size }) => size > MOST_EACH)) return say("problem", "too-large");
  void receive(chosen);
}

/** Shows copies: a file that somebody writes to meanwhile is not another one when it is signed. */
async function receive(chosen: readonly File[]): Promise<void> {
  try {
    documents = [];
    for (const file of chosen) documents.push({ name: [...plain(file.name)].slice(0, MAX_NAME).join(""), type: file.type, blob: await snapshot(file) });
  } catch (error) {
    documents = [];
    return problem({ code: "document-not-readable", detail: String(error) });
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
  quiet();
  draw();
  showOptions();
  show(0);
}

const isPdf = ({ name, type }: NamedFile): boolean => recognise(type, name).kind === "pdf";

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
  mark();
  void view.show(shown).then(({ kind }) => {
    if (current !== index) return;
    // what cannot be drawn was not seen
    if (kind !== "other") seen.add(index);
    mark();
    if (!looked) setTimeout(() => ((looked = true), draw()), LOOK_MILLISECONDS);
  });
  risks(index);
}

function newView(): DocumentView {
  const made = new DocumentView(element("view"), new Catalogue(language, DOCUMENT_VIEW_WORDS), language);
  made.onPlacement = (placement) => {
    if (visible?.on === current) visible = { ...visible, ...placement };
  };
  return made;
}

function place(): void {
  const start = visible?.on === current ? visible : undefined;
  view?.placing(start && { page: start.page, x: start.x, y: start.y, width: start.width, height: start.height }, words.text("place-signature"));
}

/** The signature is seen on the last page of the first document, until the person puts it elsewhere. */
function turnVisible(): void {
  visible = input("visible").checked ? { page: Number.POSITIVE_INFINITY, x: 40, y: 40, ...SIGNATURE, on: Math.max(current, 0) } : undefined;
  place();
}

/** What a PDF may do or show beside its pages. */
function risks(index: number): void {
  const list = element("risks");
  list.hidden = true;
  const shown = documents[index];
  if (shown === undefined || recognise(shown.type, shown.name).kind !== "pdf") return;
  void engine.inspect(shown.blob).then(
    ({ risks: found }) => {
      if (current === index) tellRisks(riskTexts(found));
    },
    (error: unknown) => {
      if (current === index) tellRisks([words.text("risk-unreadable", { reason: error instanceof EngineError ? error.message : String(error) })]);
    },
  );
}

function riskTexts(found: PdfRisks): string[] {
  const ids = [
    (found.javaScript || found.automaticActions || found.externalActions) && "risk-active",
    (found.xfa || found.optionalContent || found.externalContent || found.viewerMadeAppearances || found.media) && "risk-changing",
    found.embeddedFiles && "risk-embedded",
    found.formFields && "risk-form",
  ];
  return ids.flatMap((id) => (id === false ? [] : words.text(id)));
}

function tellRisks(texts: string[]): void {
  const list = element("risks");
  list.hidden = texts.length === 0;
  list.replaceChildren(
    ...texts.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }),
  );
}

// --- signing

async function sign(): Promise<void> {
  // a site's window without a site would ask as our own page
  if (busy || !looked || documents.length === 0 || (job !== undefined && job.origin === undefined)) return;
  busy = true;
  aborter = new AbortController();
  const { signal } = aborter;
  stopped = false;
  isRaising = false;
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
          progress(stage, signed, total);
          job?.progress(stage, signed, total);
        },
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
    if (reason !== undefined) problem(reason, "signed-some");
    else say("ready", "signed", { count: files.length }, job && "signed-sent");
  } catch (error) {
    problem(reportOf(signal.aborted ? signal.reason : error));
  } finally {
    busy = false;
    host.close();
    draw();
  }
}

function wish(): Wish {
  const chosen = site?.wish ?? { format: select("format").value as SignatureFormat, level: select("level").value as SignatureLevel, certificate: { qualified: false } };
  if (visible === undefined || chosen.format !== "pades" || !Number.isFinite(visible.page)) return chosen;
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(new Date());
  return { ...chosen, visible: { ...visible, lines: [date] } };
}

function chooseCertificate(certificates: readonly SigningCertificate[]): Promise<SigningCertificate | undefined> {
  const answers = certificates.map((certificate, index) => ({
    title: words.text("certificate-number", { number: index + 1 }),
    text: certificate.algorithms.join(", "),
    answer: certificate,
  }));
  return ask("which-certificate", "", answers);
}

function askHowOften(count: number): Promise<"each" | "container" | undefined> {
  return ask("pin-each-time", words.text("pin-each-time-text", { count }), [
    { title: words.text("answer-container"), text: words.text("answer-container.text"), answer: "container" as const },
    { title: words.text("answer-each", { count }), text: words.text("answer-each.text"), answer: "each" as const },
  ]);
}

/** Nobody is asked before the person saw whom. */
async function mayAsk({ authorities, hosts, level }: Services): Promise<boolean> {
  const whom = listed([...authorities.map(({ name, host: asked }) => `${name} (${asked})`), ...hosts]);
  const answer = await ask("ask-services", words.text("ask-services-text", { whom }), [
    { title: words.text("answer-ask"), text: words.text("answer-ask.text"), answer: true },
    { title: words.text("answer-ask-nobody", { level }), text: words.text("answer-ask-nobody.text"), answer: false },
  ]);
  return answer ?? false;
}

const listed = (names: readonly string[]): string => new Intl.ListFormat(language === "zgh" ? "fr" : language, { type: "unit" }).format(names);

/** The question that is open, and what gives it up. */
let giveUp: (() => void) | undefined;

function ask<Answer>(title: string, text: string, answers: readonly { title: string; text: string; answer: Answer }[]): Promise<Answer | undefined> {
  quiet();
  words_(element("question-title"), title);
  element("question-text").textContent = text;
  element("question").hidden = false;
  return new Promise<Answer | undefined>((resolve) => {
    giveUp = () => resolve(undefined);
    element("answers").replaceChildren(
      ...answers.map(({ title: name, text: more, answer }) => {
        const button = document.createElement("button");
        button.type = "button";
        const strong = document.createElement("strong");
        strong.textContent = name;
        button.append(strong, more);
        button.addEventListener("click", () => resolve(answer));
        return button;
      }),
    );
    element("answers").querySelector("button")?.focus();
    element("question").scrollIntoView({ block: "nearest" });
  }).finally(() => {
    giveUp = undefined;
    element("question").hidden = true;
  });
}

function cancel(): void {
  if (giveUp !== undefined) return giveUp();
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
  current = -1;
  seen.clear();
  visible = undefined;
  input("files").value = "";
  input("visible").checked = false;
  view?.forget();
  for (const url of urls.splice(0)) URL.revokeObjectURL(url);
  quiet();
  draw();
  input("files").focus();
}

function saveAll(files: readonly SignedFile[]): void {
  element("saved").replaceChildren(
    ...files.map(({ name, blob, level }) => {
      const url = URL.createObjectURL(blob);
      urls.push(url);
      const line = document.createElement("li");
      const [label, reached, link] = [document.createElement("bdi"), document.createElement("bdi"), document.createElement("a")];
      label.className = "name";
      label.textContent = name;
      reached.className = "soft";
      reached.textContent = level;
      link.className = "button";
      link.href = url;
      link.download = name;
      link.dataset["text"] = "save";
      link.textContent = words.text("save");
      link.setAttribute("aria-label", `${words.text("save")}: ${name}`);
      line.append(label, reached, link);
      return line;
    }),
  );
}

function reportOf(error: unknown): ErrorReport {
  if (error instanceof HostFailure) return error.report;
  if (error instanceof EngineError) return { code: error.code === "internal" ? "internal-error" : "document-not-readable", detail: error.message };
  return { code: "internal-error", detail: String(error) };
}

// --- saying

function progress(stage: string, signed: number, total: number): void {
  say("busy", `stage-${stage}`, { signed, total }, words.text(`stage-${stage}.next`) === `stage-${stage}.next` ? undefined : `stage-${stage}.next`);
  const bar = element("progress") as HTMLProgressElement;
  bar.hidden = total < 2 || (stage !== "signing" && stage !== "finishing");
  bar.max = total;
  bar.value = signed;
}

function say(state: "busy" | "ready" | "problem", id: string, args: Record<string, number> = {}, next?: string): void {
  said = () => {
    element("state").dataset["state"] = state;
    element("state").hidden = false;
    element("what").textContent = words.text(id, args);
    element("next").textContent = next === undefined ? "" : words.text(next, args);
    element("next").hidden = next === undefined;
    element("progress").hidden = true;
  };
  said();
}

/** What went wrong, in the person's language; `instead`: what is said first. */
function problem(report: ErrorReport, instead?: string): void {
  said = () => {
    const { message, remedy } = new Catalogue(language, ERRORS).failure(report);
    element("state").dataset["state"] = "problem";
    element("state").hidden = false;
    element("what").textContent = instead === undefined ? message : words.text(instead);
    element("next").textContent = [instead === undefined ? "" : message, remedy, report.code === "document-not-readable" ? (report.detail ?? "") : ""].filter((text) => text !== "").join(" ");
    element("next").hidden = false;
    element("progress").hidden = true;
  };
  said();
  element("state").scrollIntoView({ block: "nearest" });
}

function quiet(): void {
  said = () => (element("state").hidden = true);
  said();
}

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
  const any = documents.length > 0;
  const own = job === undefined;
  element("choose").hidden = !own || any;
  element("documents").hidden = !any || (over && own);
  element("options").hidden = !own;
  drawShortfall();
  element("results").hidden = !(own && over && any && !busy);
  element("go").hidden = !any || over;
  (element("go") as HTMLButtonElement).disabled = busy || !looked;
  element("again").hidden = !(own && over);
  element("cancel").hidden = own && !any;
  for (const control of element("options").querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) control.disabled = busy;
  words_(element("cancel"), over ? "close" : "cancel");
  words_(element("go"), element("state").dataset["state"] === "problem" && any && !element("state").hidden ? "try-again" : "sign");
  if (own) {
    words_(element("title"), "sign-file-title");
    words_(element("lead"), "sign-file-lead");
  } else if (any) {
    words_(element("title"), "site-title", { count: documents.length });
    words_(element("lead"), "site-lead");
    const format = site?.wish.format ?? "cades";
    words_(element("made"), format === "pades" || format === "asic-e" ? `made-${format}` : "made-other");
    const reason = visible?.reason;
    element("reason").hidden = reason === undefined;
    element("reason-text").textContent = reason === undefined ? "" : plain(reason);
  }
  document.title = `${words.text("product-name")}: ${element("title").textContent}`;
  words_(element("list-title"), "documents", { count: documents.length });
  element("list").replaceChildren(
    ...documents.map(({ name, blob }, index) => {
      const [line, button] = [document.createElement("li"), document.createElement("button")];
      const [sign, label, size] = [document.createElement("span"), document.createElement("bdi"), document.createElement("span")];
      sign.className = "seen";
      label.className = "name";
      label.textContent = plain(name);
      size.className = "size";
      size.textContent = sizeText(blob.size);
      button.type = "button";
      button.append(sign, label, size);
      button.addEventListener("click", () => show(index));
      line.append(button);
      return line;
    }),
  );
  mark();
}

/** Which level was not reached, and why. */
function drawShortfall(): void {
  const list = element("shortfall");
  const { outcome: { files, missing } = { files: [], missing: [] }, wanted = "B-B" } = made ?? {};
  const reached = LEVELS.find((level) => files.some((file) => file.level === level)) ?? "B-B";
  words_(element("level-note"), reached === "B-B" ? "level-b" : "level-t");
  list.hidden = files.length === 0 || reaches(reached, wanted);
  if (list.hidden) return;
  const texts = [
    words.text("level-missed", { reached, wanted }),
    ...missing.map(({ why, whom }) => words.text(`missing-${why}`, { whom: listed(whom) })),
    words.text("level-later"),
  ];
  list.replaceChildren(
    ...texts.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }),
  );
}

/** Which document is shown, and which were. */
function mark(): void {
  for (const [index, button] of element("list").querySelectorAll("button").entries()) {
    if (index === current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    const sign = button.querySelector(".seen");
    if (sign === null) continue;
    sign.textContent = seen.has(index) ? "✓" : "";
    if (seen.has(index)) sign.setAttribute("aria-label", words.text("seen"));
  }
}

function sizeText(bytes: number): string {
  const unit = bytes < 1000 ? "byte" : bytes < 1_000_000 ? "kilobyte" : "megabyte";
  const value = bytes / { byte: 1, kilobyte: 1000, megabyte: 1_000_000 }[unit];
  return new Intl.NumberFormat(`${language}-u-nu-latn`, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

// --- language

async function choose(tag: string): Promise<void> {
  const chosen = LANGUAGES.find((ours) => ours === tag);
  if (chosen === undefined) return;
  await saveLanguage(chosen);
  speak(chosen);
}

function speak(chosen: Language): void {
  language = chosen;
  words = new Catalogue(language, SIGN_WORDS);
  document.documentElement.lang = language;
  document.documentElement.dir = isRightToLeft(language) ? "rtl" : "ltr";
  select("language").value = language;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const { text = "", args } = place.dataset;
    place.textContent = words.text(text, args === undefined ? {} : (JSON.parse(args) as Record<string, number>));
  }
  said();
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
}

/** Sets a text so that it can be said again in another language. */
function words_(place: HTMLElement, id: string, args: Record<string, number> = {}): void {
  place.dataset["text"] = id;
  place.dataset["args"] = JSON.stringify(args);
  place.textContent = words.text(id, args);
}

function element(id: string): HTMLElement {
  return document.querySelector(`#${id}`) as HTMLElement;
}

function select(id: string): HTMLSelectElement {
  return element(id) as HTMLSelectElement;
}

function input(id: string): HTMLInputElement {
  return element(id) as HTMLInputElement;
}
