import type { Catalogue } from "../catalogue.ts";
import { plain } from "../document_view/text.ts";
import type { Language } from "../generated/Language";
import { element, tag } from "../page/page.ts";
import type { NamedFile } from "../signing/flow.ts";
import type { Inspection } from "./inspection.ts";
import { sizeText } from "./results.ts";
import { isFlagged, riskTexts } from "./risks.ts";

/** What stands in the list. */
export interface Listed {
  documents: readonly NamedFile[];
  inspection: Inspection;
  /** Which one is shown. */
  current: number;
  /** Those that were drawn. */
  seen: ReadonlySet<number>;
  words: Catalogue;
  language: Language;
}

/** The documents, what was found in each, and which of them is shown. */
export class DocumentList {
  readonly #listed: () => Listed;
  readonly #show: (index: number) => void;
  #buttons: readonly HTMLButtonElement[] = [];

  constructor(listed: () => Listed, show: (index: number) => void) {
    this.#listed = listed;
    this.#show = show;
  }

  draw(): void {
    const { documents, language } = this.#listed();
    this.#buttons = documents.map(({ name, blob }, index) =>
      this.#button(index, [
        tag("span", { className: "seen" }),
        tag("bdi", { className: "name" }, [plain(name)]),
        tag("span", { className: "size" }, [sizeText(blob.size, language)]),
        tag("span", { className: "caution" }),
      ]),
    );
    element("list").replaceChildren(...this.#buttons.map((button) => tag("li", {}, [button])));
    this.mark();
    this.drawFlagged();
  }

  /** Which document is shown, which were, and which have more than pages. */
  mark(): void {
    const { current } = this.#listed();
    for (const [index, button] of this.#buttons.entries()) {
      if (index === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      this.#markOne(index);
    }
    this.#drawRisks();
  }

  /** Of one document, whether it was drawn, and whether there is something to know of it. */
  markOne(index: number): void {
    this.#markOne(index);
    if (index === this.#listed().current) this.#drawRisks();
  }

  #markOne(index: number): void {
    const { inspection, seen, words } = this.#listed();
    const button = this.#buttons[index];
    const sign = button?.querySelector(".seen");
    const caution = button?.querySelector<HTMLElement>(".caution");
    if (!sign || !caution) return;
    sign.textContent = seen.has(index) ? "✓" : "";
    if (seen.has(index)) sign.setAttribute("aria-label", words.text("seen"));
    caution.hidden = !isFlagged(inspection.of(index));
    caution.textContent = caution.hidden ? "" : words.text("caution");
  }

  /** Every document of which a person should know something, with its sentences, whether they open it or not. Of a single one they are in view. */
  drawFlagged(): void {
    const { documents, inspection, words } = this.#listed();
    const flagged = documents.length > 1 && inspection.isDone ? inspection.flagged : [];
    element("flagged").hidden = flagged.length === 0;
    element("flagged-text").textContent = flagged.length === 0 ? "" : words.text("flagged", { flagged: flagged.length, total: documents.length });
    element("flagged-list").replaceChildren(
      ...flagged.map((index) => {
        const name = this.#button(index, [tag("bdi", {}, [plain(documents[index]?.name ?? "")])]);
        return tag("li", {}, [name, tag("ul", {}, riskTexts(inspection.of(index), words).map((text) => tag("li", {}, [text])))]);
      }),
    );
  }

  /** What the document in view may do or show beside its pages. */
  #drawRisks(): void {
    const { inspection, current, words } = this.#listed();
    fill("risks", riskTexts(inspection.of(current), words));
  }

  #button(index: number, content: readonly Node[]): HTMLButtonElement {
    const button = tag("button", {}, content);
    button.type = "button";
    button.addEventListener("click", () => this.#show(index));
    return button;
  }
}

/** A list of sentences, which is not there where there are none. */
export function fill(id: string, texts: readonly string[]): void {
  element(id).hidden = texts.length === 0;
  element(id).replaceChildren(...texts.map((text) => tag("li", {}, [text])));
}
