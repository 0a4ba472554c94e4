/**
 * The page "Check my set-up": what is there, what is missing and what to do about it, and the recent requests. Opening it
 * asks the host for its version, never for a card.
 */
import { Catalogue } from "./catalogue.ts";
import { ERRORS } from "./errors.ts";
import type { Language } from "./generated/Language";
import { choosesLanguage, element, sayWords } from "./page/page.ts";
import { languageOf, loadSettings } from "./settings.ts";
import { SET_UP_PORT, type SetUp } from "./set_up_check.ts";
import { report } from "./set_up/report.ts";
import { type RecentRow, recentRows } from "./set_up/recent.ts";
import { judge, type Findings, type PartState } from "./set_up/verdict.ts";
import { SITES } from "./site_access.ts";
import { WORDS } from "./words.ts";

const COPIED_MILLISECONDS = 2000;

const { version } = chrome.runtime.getManifest();
let words: Catalogue;
let errors: Catalogue;
let findings: Findings = { sites: undefined, setUp: undefined, asked: false };

if (!chrome.extension.getViews({ type: "popup" }).includes(window)) document.documentElement.classList.add("tab");

element("allow").addEventListener("click", () => {
  // must be the first thing in the click: browsers take the request only from the gesture itself
  void chrome.permissions.request({ origins: [...SITES] }).then((granted) => lookAtSites(!granted));
});
element("again").addEventListener("click", () => check());
element("copy").addEventListener("click", () => void copyReport());
choosesLanguage((language) => {
  speak(language);
  show();
});
chrome.permissions.onAdded.addListener(() => void lookAtSites(false));
chrome.permissions.onRemoved.addListener(() => void lookAtSites(false));

void loadSettings().then((settings) => {
  speak(languageOf(settings));
  check();
});

function check(): void {
  findings = { sites: undefined, setUp: undefined, asked: false };
  show();
  void lookAtSites(false);
  const port = chrome.runtime.connect({ name: SET_UP_PORT });
  port.onMessage.addListener((found: SetUp) => {
    findings = { ...findings, setUp: found };
    port.disconnect();
    show();
  });
}

async function lookAtSites(asked: boolean): Promise<void> {
  const sites = await chrome.permissions.contains({ origins: [...SITES] });
  findings = { ...findings, sites, asked };
  show();
}

function speak(language: Language): void {
  words = new Catalogue(language, WORDS);
  errors = new Catalogue(language, ERRORS);
  document.title = words.text("set-up-title");
  sayWords(language, words);
}

function show(): void {
  const verdict = judge(findings, version, words, errors);
  element("verdict").dataset["state"] = verdict.state;
  element("what").textContent = verdict.what;
  element("next").textContent = verdict.next;
  element("next").hidden = verdict.next === "";
  showAllow(findings.sites === false);
  for (const [part, { state, value }] of Object.entries(verdict.parts)) showPart(part, state, value);
  showRecent();
}

function showAllow(needed: boolean): void {
  const button = element("allow");
  // a button that goes away does not take the keyboard's place with it
  if (!needed && document.activeElement === button) element("again").focus();
  button.hidden = !needed;
}

function showPart(part: string, state: PartState, value: string): void {
  const place = element(part);
  place.dataset["state"] = state;
  const text = place.querySelector(".value");
  if (text) text.textContent = value;
}

function showRecent(): void {
  const rows = recentRows(findings.setUp?.recent ?? [], words, errors);
  element("recent").hidden = rows.length === 0;
  element("recent-none").hidden = findings.setUp === undefined || rows.length > 0;
  element("recent").replaceChildren(...rows.map(recentLine));
}

function recentLine({ state, request, outcome, code, time }: RecentRow): HTMLElement {
  const line = document.createElement("li");
  line.dataset["state"] = state;
  const sign = part("sign", "");
  sign.ariaHidden = "true";
  line.append(sign, part("request", request), part(code === "" ? "time" : "code", code || time), part("outcome", outcome));
  return line;
}

function part(name: string, text: string): HTMLElement {
  const place = document.createElement("span");
  place.className = name;
  place.textContent = text;
  return place;
}

async function copyReport(): Promise<void> {
  await navigator.clipboard.writeText(report(findings, version, navigator.userAgent));
  element("copy").textContent = words.text("report-copied");
  setTimeout(() => (element("copy").textContent = words.text("report-copy")), COPIED_MILLISECONDS);
}
