/**
 * The page "Check a file": what the signatures of a file are worth, without any portal.
 *
 * The file is read on this computer, by the module for documents in a worker. Nothing of it leaves the computer and nobody is asked
 * over the network; which hosts would know more is said. Bitaqa has no authorities of its own: the person chooses whom to trust, for
 * as long as this page is open.
 */
import { Catalogue } from "./catalogue.ts";
import { added, sorted } from "./check/chosen.ts";
import { english, signatureElement } from "./check/drawing.ts";
import { json, reportName } from "./check/report_file.ts";
import { hosts, shown } from "./check/shown.ts";
import { check, type Found, NoCertificates } from "./check/verification.ts";
import { CHECK_WORDS } from "./check/words.ts";
import { Engine, EngineError } from "./documents/engine.ts";
import type { Language } from "./generated/Language";
import { choosesLanguage, element, isolated, sayWords, tag } from "./page/page.ts";
import { languageOf, loadSettings } from "./settings.ts";

/** What is shown of the file. */
type Outcome =
  | { kind: "none" | "busy" }
  | { kind: "found"; found: Found }
  | { kind: "failed"; text: string; files: readonly string[]; detail: string };

const engine = new Engine();
let words: Catalogue;
let outcome: Outcome = { kind: "none" };
let file: File | undefined;
/** The file of which something stands on the page. */
let shownFile: File | undefined;
let beside: File[] = [];
let authorities: File[] = [];
/** Of the check that was begun last: what an earlier one finds is not shown. */
let round = 0;

chooses("file", (files) => open(files));
chooses("authority-files", (files) => {
  authorities = added(authorities, files);
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
  if (outcome.kind === "busy") engine.close();
  show({ kind: "busy" });
  const result = await judge(file);
  if (mine !== round) return;
  show(result);
  // the button that was pressed may be gone, and with it the keyboard's place
  if (document.activeElement === document.body) element("state").focus();
}

async function judge(of: File): Promise<Outcome> {
  try {
    return { kind: "found", found: await check({ file: of, beside, authorities, at: Date.now() }, engine) };
  } catch (error) {
    if (error instanceof NoCertificates) return { kind: "failed", text: "failed-certificates", files: error.files, detail: "" };
    const code = error instanceof EngineError ? error.code : "internal";
    const known = ["document-invalid", "too-large", "file-unreadable"].includes(code) ? code : "internal";
    return { kind: "failed", text: `failed-${known}`, files: [], detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Lets go of the file and of all that was found: also what comes back from the browser's cache is empty. */
function forget(): void {
  round += 1;
  engine.close();
  [file, beside, authorities] = [undefined, [], []];
  show({ kind: "none" });
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
  list("beside", beside, (left) => (beside = left));
  element("saved").textContent = "";
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
      return say("none", "", "", "");
    case "busy":
      return say("busy", words.text("checking"), "", "");
    case "failed":
      return say("problem", words.text(now.text, { files: now.files.join(", ") }), words.text(`${now.text}.advice`), now.detail);
    case "found": {
      const { state, verdict, summary } = shown(now.found.report, words);
      return say(state, verdict, summary, "");
    }
  }
}

function say(state: string, what: string, next: string, detail: string): void {
  element("state").hidden = state === "none";
  element("state").dataset["state"] = state;
  element("what").textContent = what;
  element("next").textContent = next;
  element("next").hidden = next === "";
  element("detail").replaceChildren(english(detail));
  element("detail").hidden = detail === "";
}

function drawResult(found: Found | undefined): void {
  element("signatures").replaceChildren(...(found === undefined ? [] : shown(found.report, words).signatures.map((one) => signatureElement(one, words))));
  const asked = hosts(found?.needs ?? []);
  element("needs").hidden = asked.length === 0;
  element("hosts").replaceChildren(...asked.map((host) => tag("li", { dir: "ltr" }, [host])));
  const unsigned = found?.unsigned ?? [];
  element("unsigned").hidden = unsigned.length === 0;
  const text = element("unsigned").lastElementChild;
  if (text !== null) text.textContent = unsigned.length === 0 ? "" : words.text("beside-not-signed", { files: unsigned.join(", ") });
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
      element(id === "beside" ? "add-beside" : "add-authorities").focus();
    });
    return tag("li", {}, [isolated(one.name), button]);
  });
  element(id).replaceChildren(...lines);
}

// --- saving

function save(): void {
  if (outcome.kind !== "found" || file === undefined) return;
  const link = tag("a");
  link.href = URL.createObjectURL(new Blob([json(outcome.found.report)], { type: "application/json" }));
  link.download = reportName(file.name);
  link.click();
  // the browser has it when this turn is over
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  element("saved").textContent = words.text("saved");
}

// --- words

function speak(language: Language): void {
  words = new Catalogue(language, CHECK_WORDS);
  document.title = words.text("check-title");
  sayWords(language, words);
  show(outcome);
}
