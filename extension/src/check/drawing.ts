/** The elements of a signature. */
import type { Catalogue } from "../catalogue.ts";
import { isolated, tag } from "../page/page.ts";
import type { DocumentTrust } from "../generated/DocumentTrust";
import type { Asked, Failed } from "./asking.ts";
import type { Entry, Finding, Reason, Row, ShownSignature } from "./shown.ts";
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

/** The mark of a verdict that rests on trust for tests, the same in every language. */
export function testMark(): HTMLElement {
  return tag("strong", { className: "test", lang: "en", dir: "ltr" }, ["TEST"]);
}

/** A sentence or word of the module. */
export function english(text: string): HTMLElement {
  return tag("bdi", { lang: "en", dir: "ltr" }, [text]);
}
