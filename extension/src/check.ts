/**
 * The page "Check a file": what the signatures of a file are worth, without any portal.
 *
 * The file is read on this computer, by the module for documents in a worker, and never leaves it. Whom to trust the host says, by the
 * trust packs that the administrator installed, and the person, for as long as this page is open. Services on the network are asked
 * by the host, about certificates, and only after the person allowed it.
 */
import { Catalogue } from "./catalogue.ts";
import { Asking } from "./check/asking.ts";
import { added, sorted } from "./check/chosen.ts";
import { english, extendedElements, failedElements, faultText, hostElement, levelOption, packElement, refusedElement, signatureElement } from "./check/drawing.ts";
import { type Extended, extend, extendable } from "./check/extending.ts";
import { json, reportName } from "./check/report_file.ts";
import { shown } from "./check/shown.ts";
import { type Basis, type ComputerTrust, trustOfComputer } from "./check/trust.ts";
import { type Lists, stated, verifiedLists, wantedLists, type WantedList } from "./check/trusted_lists.ts";
import { certificates, check, type Found, NoCertificates, read, tooLong } from "./check/verification.ts";
import { CHECK_WORDS } from "./check/words.ts";
import { Engine, EngineError } from "./documents/engine.ts";
import type { Language } from "./generated/Language";
import type { SignatureLevel } from "./generated/SignatureLevel";
import { choosesLanguage, element, isolated, saveAs, sayWords, tag } from "./page/page.ts";
import { languageOf, loadSettings } from "./settings.ts";
import { askServices, onlyOnce, Question } from "./sign/question.ts";
import { HostRequests } from "./signing/host_requests.ts";
import type { Services } from "./signing/raising.ts";
import { SIGN_WORDS } from "./signing/words.ts";

/** What is known of the file. */
interface Seen extends Found {
  lists: Lists;
  /** Lists that would say more. */
  wantedLists: readonly WantedList[];
  basis: Basis;
}

/** What is shown of the file. */
type Outcome =
  | { kind: "none" | "busy" }
  | { kind: "found"; found: Seen }
  | { kind: "failed"; text: string; files: readonly string[]; detail: string };

const { version } = chrome.runtime.getManifest();
const connect = (): HostRequests => new HostRequests(chrome.runtime, version);
const engine = new Engine();
/** For services, which are asked one after the other. */
const host = connect();
const question = new Question();
let language: Language = "ar";
let words: Catalogue;
let outcome: Outcome = { kind: "none" };
let file: File | undefined;
/** The file of which something stands on the page. */
let shownFile: File | undefined;
let beside: File[] = [];
let authorities: File[] = [];
let lists: File[] = [];
/** What the computer brings, asked when a file is opened. */
let computer: Promise<ComputerTrust> | undefined;
/** The same, once it is known. */
let known: ComputerTrust | undefined;
/** Who was asked about the file, and what came. */
let asking = new Asking(host);
/** What runs beside the page: services are asked, or the file is extended. */
let running: { kind: "asking" | "extending"; aborter: AbortController } | undefined;
/** Whom the button that asks is about, as they stand on the page. */
let offered: readonly string[] = [];
/** Of the extension that was begun last. */
let lastExtension: AbortController | undefined;
let extended: Extended | "failed" | undefined;
let extendedUrl: string | undefined;
/** Of the check that was begun last: what an earlier one finds is not shown. */
let round = 0;

chooses("file", (files) => open(files));
chooses("authority-files", (files) => {
  authorities = added(authorities, files);
  void begin();
});
chooses("list-files", (files) => {
  lists = added(lists, files);
  void begin();
});
chooses("beside-files", (files) => {
  beside = added(beside, files);
  void begin();
});
// buttons that open a dialogue for files, also those that come and go
addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-opens]") : null;
  if (button?.dataset["opens"] !== undefined) element(button.dataset["opens"]).click();
});
element("save").addEventListener("click", () => save());
element("save-xml").addEventListener("click", () => void saveXml());
element("ask").addEventListener("click", ({ detail }) => (running?.kind === "asking" ? stop() : void ask(detail > 1)));
element("ask").addEventListener("keydown", onlyOnce);
element("extend-go").addEventListener("click", () => (running?.kind === "extending" ? stop() : void extendFile()));
choosesLanguage(speak);
for (const moved of ["dragenter", "dragover"]) addEventListener(moved, (event) => dragged(event as DragEvent));
addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && over(false));
addEventListener("drop", (event) => dropped(event));
addEventListener("pagehide", () => forget());

void loadSettings().then((settings) => speak(languageOf(settings)));

// --- choosing

/** What the browser's own dialogue for files gives. */
function chooses(input: string, take: (files: File[]) => void): void {
  const field = element(input) as HTMLInputElement;
  field.addEventListener("change", () => {
    const files = [...(field.files ?? [])];
    // the same file can be chosen again
    field.value = "";
    if (files.length > 0) take(files);
  });
}

function open(files: readonly File[]): void {
  const chosen = sorted(files);
  if (chosen === undefined) return;
  file = chosen.signed;
  beside = chosen.beside;
  computer = undefined;
  known = undefined;
  asking = new Asking(host);
  void begin();
}

function dragged(event: DragEvent): void {
  if (!event.dataTransfer?.types.includes("Files")) return;
  // without this the browser would open the file itself
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  over(true);
}

function dropped(event: DragEvent): void {
  event.preventDefault();
  over(false);
  open([...(event.dataTransfer?.files ?? [])]);
}

function over(isOver: boolean): void {
  element("place").classList.toggle("over", isOver);
}

// --- checking

async function begin(): Promise<void> {
  if (file === undefined) return;
  const mine = (round += 1);
  // whatever an earlier check is at, nobody waits for it any more
  if (outcome.kind === "busy" || running !== undefined) engine.close();
  stop();
  forgetExtended();
  show({ kind: "busy" });
  const result = await judged(file);
  if (mine !== round) return;
  show(result);
  // the button that was pressed may be gone, and with it the keyboard's place
  if (document.activeElement === document.body) element("state").focus();
  // who was allowed before may be asked what only comes up now
  if (result.kind === "found") await pursue(result.found);
}

async function judged(of: File): Promise<Outcome> {
  try {
    return { kind: "found", found: await judge(of) };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Outcome {
  if (error instanceof NoCertificates) return { kind: "failed", text: "failed-certificates", files: error.files, detail: "" };
  const code = error instanceof EngineError ? error.code : "internal";
  const text = ["document-invalid", "too-large", "file-unreadable"].includes(code) ? code : "internal";
  return { kind: "failed", text: `failed-${text}`, files: [], detail: error instanceof Error ? error.message : String(error) };
}

/** Judges a file by all that is at hand now. */
async function judge(of: File): Promise<Seen> {
  const mine = round;
  const brought = await (computer ??= trustOfComputer(connect));
  if (mine === round) known = brought;
  const { installed, sources } = brought;
  const at = Date.now();
  const chosen = (await certificates(authorities)).map(({ bytes }) => bytes);
  const signers = [...installed.packs.map(({ pack: name, test: isTest, listSigners }) => ({ pack: { name, isTest }, signers: listSigners })), { pack: undefined, signers: chosen }];
  const own = await Promise.all(lists.filter((list) => !tooLong(list)).map(async (list) => ({ name: list.name, list: (await read(list)).bytes })));
  const found = await verifiedLists([...own, ...asking.lists], signers, Math.floor(at / 1000), engine);
  const refused = [...found.refused, ...lists.filter(tooLong).map(({ name }) => ({ name, list: "", because: "it is too long" }))];
  const trustedLists = stated(found.verified);
  const checked = await check({ file: of, beside, authorities, installed, trustedLists, answers: asking.answers, at }, engine);
  return {
    ...checked,
    lists: { verified: found.verified, refused },
    wantedLists: wantedLists(checked.report, found.verified, sources),
    basis: { installed, listPacks: found.verified.flatMap(({ pack }) => pack ?? []) },
  };
}

/** Lets go of the file and of all that was found: also what comes back from the browser's cache is empty. */
function forget(): void {
  round += 1;
  stop();
  engine.close();
  forgetExtended();
  [file, beside, authorities, lists, computer, known] = [undefined, [], [], [], undefined, undefined];
  asking = new Asking(host);
  show({ kind: "none" });
}

// --- asking services

/** How long the button does nothing after it was another one, in milliseconds: whoever aimed at that one saw other names. */
const SETTLES = 500;

/** The person allows those that are named, and those that failed to be asked again. */
async function ask(isDoubled: boolean): Promise<void> {
  if (outcome.kind !== "found" || running !== undefined || isDoubled || element("ask").hasAttribute("aria-disabled")) return;
  asking.allow(offered);
  await pursue(outcome.found);
}

/** Leaves the person time to see whom the button is about now. */
function settle(): void {
  element("ask").setAttribute("aria-disabled", "true");
  setTimeout(() => element("ask").removeAttribute("aria-disabled"), SETTLES);
}

/** Asks who is allowed, as long as that decides something. */
async function pursue(found: Seen): Promise<void> {
  const of = file;
  if (of === undefined || running !== undefined || !asking.isWaiting(found)) return;
  const mine = round;
  const aborter = new AbortController();
  running = { kind: "asking", aborter };
  drawNeeds(found);
  drawExtend(found);
  try {
    const now = await asking.run(found, () => judge(of), { signal: aborter.signal, asks: (whom) => say("asking", words.text("asking", { host: whom })) });
    if (mine === round) end({ kind: "found", found: now });
  } catch (error) {
    if (mine !== round) return;
    // what came until then counts
    const left = aborter.signal.aborted ? await judged(of) : failed(error);
    if (mine === round) end(left);
  }

  function end(left: Outcome): void {
    if (running?.aborter === aborter) running = undefined;
    if (running === undefined) host.close();
    settle();
    show(left);
  }
}

/** Gives up what runs: nobody is asked any more. */
function stop(): void {
  const { aborter } = running ?? {};
  running = undefined;
  aborter?.abort();
  question.giveUp();
  host.close();
}

// --- extending

async function extendFile(): Promise<void> {
  if (outcome.kind !== "found" || file === undefined || running !== undefined) return;
  const [{ found }, of, mine] = [outcome, file, round];
  const aborter = new AbortController();
  running = { kind: "extending", aborter };
  lastExtension = aborter;
  forgetExtended();
  drawExtend(found);
  drawNeeds(found);
  const { installed } = found.basis;
  const trust = [...found.asked.trust, ...installed.timeStampAuthorities];
  const trusted = { installed, authorities, beside, trustedLists: found.asked.trustedLists, answers: asking.answers };
  try {
    const wanted = (element("level") as HTMLSelectElement).value as SignatureLevel;
    const made = await extend({ engine, host, trust }, of, found, wanted, async (raised) => (await check({ ...trusted, file: raised, at: Date.now() }, engine)).report, {
      mayAsk,
      isStopped: () => aborter.signal.aborted,
    });
    if (mine !== round || lastExtension !== aborter) return;
    forgetExtended();
    extended = made;
    if (made.level !== made.from) extendedUrl = URL.createObjectURL(made.blob);
  } catch {
    if (mine !== round || lastExtension !== aborter) return;
    forgetExtended();
    extended = "failed";
  }
  if (running?.aborter === aborter) running = undefined;
  if (running === undefined) host.close();
  drawExtend(found);
  drawNeeds(found);
  // the question is gone, and with it the keyboard's place
  if (document.activeElement === document.body) element("extend-go").focus();
}

function mayAsk(services: Services): Promise<boolean> {
  const sign = new Catalogue(language, SIGN_WORDS);
  return askServices(question, sign, language, services, {
    yes: { title: sign.text("answer-ask"), text: words.text("extend-ask") },
    no: { title: words.text("extend-ask-nobody"), text: sign.text("answer-ask-nobody.text") },
  });
}

function forgetExtended(): void {
  extended = undefined;
  if (extendedUrl !== undefined) URL.revokeObjectURL(extendedUrl);
  extendedUrl = undefined;
}

// --- showing

function show(now: Outcome): void {
  outcome = now;
  const opened = file !== undefined;
  document.documentElement.dataset["state"] = now.kind;
  element("intro").hidden = opened;
  element("drop-hint").hidden = opened;
  element("kinds").hidden = opened;
  element("name").hidden = !opened;
  element("name").replaceChildren(...(file === undefined ? [] : [isolated(file.name)]));
  element("open").textContent = words.text(opened ? "open-another" : "open-file");
  element("open").classList.toggle("go", !opened);
  element("more").hidden = !opened;
  list("authorities", authorities, (left) => (authorities = left));
  list("lists", lists, (left) => (lists = left));
  list("beside", beside, (left) => (beside = left));
  drawComputer();
  say("saved", "");
  // what was found of the same file stays in its place until there is something new, so that the page does not jump
  const stays = now.kind === "busy" && shownFile === file;
  element("result").inert = stays;
  if (!stays) {
    shownFile = now.kind === "found" ? file : undefined;
    element("result").hidden = now.kind !== "found";
    drawResult(now.kind === "found" ? now.found : undefined);
  }
  drawState(now);
}

function drawState(now: Outcome): void {
  switch (now.kind) {
    case "none":
      return sayState("none", "", "", "");
    case "busy":
      return sayState("busy", words.text("checking"), "", "");
    case "failed":
      return sayState("problem", words.text(now.text, { files: now.files.join(", ") }), words.text(`${now.text}.advice`), now.detail);
    case "found": {
      const { state, verdict, summary, isTest } = shown(now.found.report, words, now.found.basis);
      return sayState(state, verdict, summary, "", isTest);
    }
  }
}

function sayState(state: string, what: string, next: string, detail: string, isTest = false): void {
  element("state").hidden = state === "none";
  element("state").dataset["state"] = state;
  element("what").textContent = what;
  element("test").hidden = !isTest;
  element("next").textContent = next;
  element("next").hidden = next === "";
  element("detail").replaceChildren(english(detail));
  element("detail").hidden = detail === "";
}

function drawResult(found: Seen | undefined): void {
  const signatures = found === undefined ? [] : shown(found.report, words, found.basis).signatures;
  element("signatures").replaceChildren(...signatures.map((one) => signatureElement(one, words)));
  const refused = found?.lists.refused ?? [];
  element("refused").hidden = refused.length === 0;
  element("refused").replaceChildren(...refused.map((one) => refusedElement(one, words)));
  const unsigned = found?.unsigned ?? [];
  element("unsigned").hidden = unsigned.length === 0;
  const text = element("unsigned").lastElementChild;
  if (text !== null) text.textContent = unsigned.length === 0 ? "" : words.text("beside-not-signed", { files: unsigned.join(", ") });
  element("save-xml").hidden = (found?.report.signatures.length ?? 0) === 0;
  drawNeeds(found);
  drawExtend(found);
}

/** Who would know more, and what came of asking them. */
function drawNeeds(found: Seen | undefined): void {
  const isAsking = running?.kind === "asking";
  const [unasked, failures, asked] = found === undefined ? [[], [], []] : [asking.unasked(found), asking.failed, asking.asked];
  offered = isAsking ? [] : [...unasked, ...failures].map(({ host: whom }) => whom);
  element("needs").hidden = unasked.length + failures.length === 0 && !isAsking && asking.fault === undefined;
  element("hosts").replaceChildren(...unasked.map((one) => hostElement(one, words)));
  element("failed").replaceChildren(...failedElements(failures, words));
  const fault = asking.fault ?? known?.askFault;
  element("ask-fault").hidden = fault === undefined;
  const text = element("ask-fault").lastElementChild;
  if (text !== null) text.textContent = fault === undefined ? "" : faultText(words, language, "ask-fault", fault);
  element("ask").hidden = known?.askFault !== undefined;
  (element("ask") as HTMLButtonElement).disabled = running?.kind === "extending";
  element("ask").textContent = words.text(isAsking ? "ask-stop" : unasked.length > 0 ? "ask" : "ask-again");
  if (!isAsking) say("asking", "");
  // a report says who was asked for it
  for (const button of ["save", "save-xml"]) (element(button) as HTMLButtonElement).disabled = isAsking;
  element("asked").hidden = asked.length === 0;
  element("asked").textContent = asked.length === 0 ? "" : words.text("asked", { hosts: asked.join(", ") });
}

/** To which level the file can be raised, and what came of it. */
function drawExtend(found: Seen | undefined): void {
  // without a host nobody gives what would be added
  const can = found && known !== undefined && known.askFault === undefined ? extendable(found.report) : undefined;
  element("extend").hidden = can === undefined;
  if (can === undefined) return;
  const isExtending = running?.kind === "extending";
  const select = element("level") as HTMLSelectElement;
  const chosen = can.levels.find((level) => level === select.value) ?? can.levels.at(-1);
  const sign = new Catalogue(language, SIGN_WORDS);
  select.replaceChildren(...can.levels.map((level) => levelOption(level, level === chosen, sign)));
  select.disabled = isExtending;
  (element("extend-go") as HTMLButtonElement).disabled = running?.kind === "asking";
  element("extend-go").textContent = words.text(isExtending ? "ask-stop" : "extend-go");
  element("extending").hidden = !isExtending;
  say("extending", isExtending ? words.text("extending") : "");
  element("extended").hidden = extended === undefined;
  element("extended").replaceChildren(...(extended === undefined ? [] : extendedElements(extended, extendedUrl, found?.basis, words, sign, language)));
}

/** Whom the computer trusts, or why nobody is known. */
function drawComputer(): void {
  const packs = known?.installed.packs ?? [];
  element("packs").replaceChildren(...packs.map((pack) => packElement(pack, words)));
  const text = known === undefined ? "" : known.trustFault !== undefined ? faultText(words, language, "computer-fault", known.trustFault) : words.text(packs.length > 0 ? "computer-packs" : "computer-none");
  element("computer").textContent = text;
  element("computer").hidden = text === "";
}

function say(id: string, text: string): void {
  element(id).textContent = text;
}

/** Files that were chosen, each with a button that takes it out again. */
function list(id: string, files: readonly File[], take: (left: File[]) => void): void {
  const lines = files.map((one) => {
    const button = tag("button", { className: "out" }, ["✕"]);
    button.type = "button";
    button.setAttribute("aria-label", words.text("take-out", { file: one.name }));
    button.addEventListener("click", () => {
      take(files.filter((other) => other !== one));
      void begin();
      // the button is gone, and with it the keyboard's place
      element(`add-${id}`).focus();
    });
    return tag("li", {}, [isolated(one.name), button]);
  });
  element(id).replaceChildren(...lines);
}

// --- saving

function save(): void {
  if (outcome.kind !== "found" || file === undefined) return;
  saveAs(reportName(file.name, "json"), new Blob([json(outcome.found.report, asking.asked, asking.failed)], { type: "application/json" }));
  say("saved", words.text("saved"));
}

/** The same check again gives the same report, in XML. */
async function saveXml(): Promise<void> {
  if (outcome.kind !== "found" || file === undefined) return;
  const [{ found }, of, mine] = [outcome, file, round];
  const { reportXml } = await engine.verify(of, { ...found.asked, alsoAs: ["xml"] }, found.given).catch(() => ({ reportXml: undefined }));
  if (mine !== round) return;
  if (reportXml === undefined) return say("saved", words.text("not-saved"));
  saveAs(reportName(of.name, "xml"), new Blob([`${reportXml}\n`], { type: "application/xml" }));
  say("saved", words.text("saved"));
}

// --- words

function speak(chosen: Language): void {
  language = chosen;
  words = new Catalogue(language, CHECK_WORDS);
  document.title = words.text("check-title");
  sayWords(language, words);
  show(outcome);
}
