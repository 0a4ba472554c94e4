import type { Catalogue } from "../catalogue.ts";
import type { ErrorReport } from "../generated/ErrorReport";
import { element } from "../page/page.ts";

/** The words that it speaks with: the page's own, and those of failures. */
export interface Spoken {
  words: Catalogue;
  errors: Catalogue;
}

/** Stages that go from document to document. */
const COUNTED: readonly string[] = ["inspecting", "signing", "finishing"];

/** What is going on, or what came of it; said anew in another language. */
export class StateLine {
  readonly #spoken: () => Spoken;
  #say: () => void = () => undefined;

  constructor(spoken: () => Spoken) {
    this.#spoken = spoken;
  }

  /** Whether it says that something went wrong. */
  get isProblem(): boolean {
    return !element("state").hidden && element("state").dataset["state"] === "problem";
  }

  /** Whether it says that something is under way. */
  get isBusy(): boolean {
    return !element("state").hidden && element("state").dataset["state"] === "busy";
  }

  /** Sentences of the page, by their ids. */
  say(state: "busy" | "ready" | "problem", id: string, args: Record<string, number> = {}, next?: string): void {
    this.#set(() => {
      const { words } = this.#spoken();
      draw(state, words.text(id, args), next === undefined ? "" : words.text(next, args));
    });
  }

  /** How far it is: of so many documents so many are inspected or signed. */
  progress(stage: string, signed: number, total: number): void {
    const next = `stage-${stage}.next`;
    this.say("busy", `stage-${stage}`, { signed, total }, this.#spoken().words.text(next) === next ? undefined : next);
    const bar = element("progress") as HTMLProgressElement;
    bar.hidden = total < 2 || !COUNTED.includes(stage);
    bar.max = total;
    bar.value = signed;
  }

  /** What went wrong; `instead`: what is said first. */
  problem(report: ErrorReport, instead?: string): void {
    this.#set(() => {
      const { words, errors } = this.#spoken();
      const { message, remedy } = errors.failure(report);
      const detail = report.code === "document-not-readable" ? (report.detail ?? "") : "";
      const [what, ...next] = instead === undefined ? [message, remedy, detail] : [words.text(instead), message, remedy, detail];
      draw("problem", what ?? "", next.filter((text) => text !== "").join(" "));
    });
    element("state").scrollIntoView({ block: "nearest" });
  }

  /** Says nothing. */
  quiet(): void {
    this.#set(() => (element("state").hidden = true));
  }

  /** Says it again, after the language changed. */
  again(): void {
    this.#say();
  }

  #set(say: () => void): void {
    this.#say = say;
    say();
  }
}

function draw(state: string, what: string, next: string): void {
  element("state").dataset["state"] = state;
  element("state").hidden = false;
  element("what").textContent = what;
  element("next").textContent = next;
  element("next").hidden = next === "";
  element("progress").hidden = true;
}
