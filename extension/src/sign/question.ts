import { element, tag } from "../page/page.ts";

/** An answer that the person can choose. */
export interface Choice<Answer> {
  title: string;
  text: string;
  answer: Answer;
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
