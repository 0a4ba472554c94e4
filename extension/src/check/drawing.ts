/** The elements of a signature, and of what is known and done beside it. */
import { Catalogue } from "../catalogue.ts";
import { ERRORS } from "../errors.ts";
import type { DocumentTrust } from "../generated/DocumentTrust";
import type { ErrorReport } from "../generated/ErrorReport";
import type { Language } from "../generated/Language";
import type { SignatureLevel } from "../generated/SignatureLevel";
import { isolated, tag } from "../page/page.ts";
import { shortfall } from "../sign/results.ts";
import type { Asked, Failed } from "./asking.ts";
import type { Extended } from "./extending.ts";
import { type Entry, type Finding, type Reason, type Row, shown, type ShownSignature } from "./shown.ts";
import type { Basis } from "./trust.ts";
import type { RefusedList } from "./trusted_lists.ts";

/** A signature as a card: verdict, reason, findings, who and when; what experts want is folded away. */
export function signatureElement(shown: ShownSignature, words: Catalogue): HTMLElement {
  const card = tag("article", { className: "signature" });
  card.dataset["state"] = shown.state;
  const heading = tag("h2", {}, [tag("bdi", {}, [shown.title])]);
  const verdict = signed("p", shown.state, [shown.verdict]);
  verdict.className = "verdict";
  const verdicts = tag("div", { className: "verdicts" }, shown.isTest ? [testMark(), verdict] : [verdict]);
  card.append(tag("div", { className: "head" }, [heading, verdicts]));
  card.append(...shown.reasons.map((reason) => reasonElement(reason, words)));
  card.append(tag("ul", { className: "findings" }, shown.findings.map(findingElement)), rows(shown.rows));
  if (shown.remarks.length > 0) card.append(remarks(shown.remarks, words));
  card.append(details(shown, words));
  for (const counter of shown.counterSignatures) {
    const inner = tag("section", { className: "counter" }, [tag("h3", {}, [words.text("counter-signature")]), signatureElement(counter, words)]);
    card.append(inner);
  }
  return card;
}

/** Why, what to do, and the button that does it, where this page has one. */
function reasonElement({ text, advice, remedy }: Reason, words: Catalogue): HTMLElement {
  const place = tag("div", { className: "reason" }, [tag("p", {}, [text]), tag("p", { className: "soft" }, [advice])]);
  if (remedy === undefined) return place;
  const button = tag("button", {}, [words.text(remedy === "authorities" ? "authorities-add" : "beside-add")]);
  button.type = "button";
  button.dataset["opens"] = remedy === "authorities" ? "authority-files" : "beside-files";
  place.append(button);
  return place;
}

function details(shown: ShownSignature, words: Catalogue): HTMLElement {
  const fold = tag("div", { className: "fold" });
  fold.append(tag("p", { className: "standard" }, [english(shown.standard)]), rows(shown.technical));
  const steps = shown.steps.map((step) => {
    const line = findingElement(step);
    if (step.detail !== "") line.append(tag("span", { className: "why" }, [english(step.detail)]));
    return line;
  });
  fold.append(titled(words.text("steps"), tag("ul", { className: "findings" }, steps)));
  for (const [title, entries] of [["chain", shown.chain], ["time-stamps", shown.timeStamps]] as const) {
    if (entries.length > 0) fold.append(titled(words.text(title), tag("div", { className: "entries" }, entries.map(entryElement))));
  }
  return tag("details", {}, [tag("summary", {}, [words.text("details")]), fold]);
}

/** The module's own sentences, which are in English. */
function remarks(texts: readonly string[], words: Catalogue): HTMLElement {
  const lines = texts.map((text) => signed("li", "warning", [english(text)]));
  return tag("section", { className: "remarks" }, [tag("h3", {}, [words.text("remarks")]), tag("ul", { className: "findings" }, lines)]);
}

function titled(title: string, content: HTMLElement): HTMLElement {
  return tag("section", {}, [tag("h3", {}, [title]), content]);
}

function findingElement({ state, text }: Finding): HTMLElement {
  return signed("li", state, [tag("span", {}, [text])]);
}

function signed(name: "li" | "p", state: string, content: readonly (Node | string)[]): HTMLElement {
  const sign = tag("span", { className: "sign" });
  sign.ariaHidden = "true";
  const line = tag(name, {}, [sign, ...content]);
  line.dataset["state"] = state;
  return line;
}

function entryElement({ title, rows: lines }: Entry): HTMLElement {
  return tag("div", {}, [tag("h4", {}, [isolated(title)]), rows(lines)]);
}

function rows(lines: readonly Row[]): HTMLElement {
  return tag("dl", {}, lines.map(({ label, value }) => tag("div", {}, [tag("dt", {}, [label]), tag("dd", {}, [isolated(value)])])));
}

/** A service that could be asked, and about what. */
export function hostElement({ host, what }: Asked, words: Catalogue): HTMLElement {
  const about = what.map((one) => words.text(`about-${one}`)).join("; ");
  return tag("li", {}, [tag("bdi", { dir: "ltr" }, [host]), tag("span", { className: "soft" }, [about])]);
}

/** Services that did not give what they were asked for, each once, with why. */
export function failedElements(failed: readonly Failed[], words: Catalogue): HTMLElement[] {
  const hosts = [...new Set(failed.map(({ host }) => host))];
  return hosts.map((host) => {
    const why = failed.filter((one) => one.host === host).map(({ report: { detail, code } }) => detail ?? code);
    const line = signed("li", "warning", [tag("span", {}, [words.text("no-answer", { host })])]);
    line.append(tag("span", { className: "why" }, [english([...new Set(why)].join(", "))]));
    return line;
  });
}

/** A trusted list that is not used, and why. */
export function refusedElement({ name, because }: RefusedList, words: Catalogue): HTMLElement {
  const line = signed("li", "warning", [tag("span", {}, [words.text("list-refused", { list: name })])]);
  line.append(tag("span", { className: "why" }, [english(because)]));
  return line;
}

/** A trust pack of the computer, and what it names. */
export function packElement({ pack, test, signers, timeStampAuthorities, listSigners }: DocumentTrust, words: Catalogue): HTMLElement {
  const counts = { signers: signers.length, stamps: timeStampAuthorities.length, lists: listSigners.length };
  return tag("li", {}, [isolated(pack), ...(test ? [testMark()] : []), tag("span", { className: "soft" }, [words.text("pack-names", counts)])]);
}

/** A level to which the file can be raised. `sign`: the words of signing. */
export function levelOption(level: SignatureLevel, isChosen: boolean, sign: Catalogue): HTMLOptionElement {
  const option = tag("option", {}, [sign.text(`level-${level.toLowerCase()}`)]);
  option.value = level;
  option.selected = isChosen;
  return option;
}

/**
 * What came of extending: the level, why it is no higher, the verdict on it, and the file. `url`: where it is, if something was added;
 * `sign`: the words of signing.
 */
export function extendedElements(made: Extended | "failed", url: string | undefined, basis: Basis | undefined, words: Catalogue, sign: Catalogue, language: Language): HTMLElement[] {
  if (made === "failed") return [tag("p", {}, [words.text("extend-failed")])];
  const { name, from, wanted, level, missing, report } = made;
  const why = shortfall(level, wanted, missing, sign, language, words.text("extend-later")).map((text) => tag("li", {}, [text]));
  if (url === undefined) return [tag("p", {}, [words.text("extend-nothing", { level: from })]), tag("ul", {}, why)];
  const { verdict, isTest } = shown(report, words, basis);
  const link = tag("a", {}, [words.text("extend-save", { file: name })]);
  link.href = url;
  link.download = name;
  const done = why.length > 0 ? tag("ul", {}, why) : tag("p", {}, [words.text("extend-done", { level })]);
  return [done, tag("p", {}, [words.text("extend-verdict", { verdict }), ...(isTest ? [" ", testMark()] : [])]), link];
}

/** What follows from a failure of the host, what happened, and what helps. */
export function faultText(words: Catalogue, language: Language, id: string, fault: ErrorReport): string {
  const { message, remedy } = new Catalogue(language, ERRORS).failure(fault);
  // pages of a site are not at work here
  return [words.text(id), message, fault.code === "host-crashed" || fault.code === "host-misbehaved" ? words.text("fault-again") : remedy].join(" ");
}

/** The mark of a verdict that rests on trust for tests, the same in every language. */
export function testMark(): HTMLElement {
  return tag("strong", { className: "test", lang: "en", dir: "ltr" }, ["TEST"]);
}

/** A sentence or word of the module. */
export function english(text: string): HTMLElement {
  return tag("bdi", { lang: "en", dir: "ltr" }, [text]);
}
