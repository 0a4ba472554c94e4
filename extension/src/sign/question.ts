import type { Catalogue } from "../catalogue.ts";
import type { Language } from "../generated/Language";
import { element, tag } from "../page/page.ts";
import type { Services } from "../signing/raising.ts";
import { listed } from "./results.ts";

/** An answer that the person can choose. */
export interface Choice<Answer> {
  title: string;
  text: string;
  answer: Answer;
}

/** A key that is held down presses a button once: what it came to be about meanwhile nobody has read. */
export function onlyOnce(event: KeyboardEvent): void {
  if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
}

/** The question that stands on the page, one at a time. */
export class Question {
  #giveUp: (() => void) | undefined;

  /** Whether one is open. */
  get isOpen(): boolean {
    return this.#giveUp !== undefined;
  }

  /** Asks; no answer where the person gives it up. */
  ask<Answer>(title: string, text: string, choices: readonly Choice<Answer>[]): Promise<Answer | undefined> {
    element("question-title").textContent = title;
    element("question-text").textContent = text;
    element("question").hidden = false;
    return new Promise<Answer | undefined>((resolve) => {
      this.#giveUp = () => resolve(undefined);
      element("answers").replaceChildren(
        ...choices.map(({ title: name, text: more, answer }) => {
          const button = tag("button", {}, [tag("strong", {}, [name]), more]);
          button.type = "button";
          button.addEventListener("click", () => resolve(answer));
          button.addEventListener("keydown", onlyOnce);
          return button;
        }),
      );
      element("answers").querySelector("button")?.focus();
      element("question").scrollIntoView({ block: "nearest" });
    }).finally(() => {
      this.#giveUp = undefined;
      element("question").hidden = true;
    });
  }

  /** Gives it up. */
  giveUp(): void {
    this.#giveUp?.();
  }
}

/** What an answer is called, and what it means. */
type AnswerWords = Omit<Choice<unknown>, "answer">;

/**
 * Whether these services may be asked. Nobody is asked before the person saw whom. `sign`: the words of signing; `yes`, `no`: the
 * answers', as the page has them.
 */
export async function askServices(question: Question, sign: Catalogue, language: Language, services: Services, { yes, no }: { yes: AnswerWords; no: AnswerWords }): Promise<boolean> {
  const { authorities, hosts } = services;
  const whom = listed([...authorities.map(({ name, host }) => `${name} (${host})`), ...hosts], language);
  const answer = await question.ask(sign.text("ask-services"), sign.text("ask-services-text", { whom }), [
    { ...yes, answer: true },
    { ...no, answer: false },
  ]);
  return answer ?? false;
}
