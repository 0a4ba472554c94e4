/**
 * A document, shown before it is signed: what a person sees is drawn from the bytes that are signed, by code of this package alone.
 * Nothing in a document is run, followed or loaded. What is not shown is said.
 *
 * The page that holds it has the style sheets tokens.css and document_view.css, and this policy or a stricter one for what is not named:
 * `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; font-src 'self'; worker-src 'self';
 * connect-src 'self'`.
 */
import type { Catalogue } from "../catalogue.ts";
import type { Language } from "../generated/Language";
import { isRightToLeft } from "../language.ts";
import { MAX_DIGESTED, sha256 } from "./digest.ts";
import { type Kind, recognise } from "./kind.ts";
import { PdfDocument, PdfRefused } from "./pdf_document.ts";
import { MAX_PAGES, PdfPages } from "./pdf_pages.ts";
import { pictureView } from "./picture_view.ts";
import type { Placement, Size, Start } from "./placement.ts";
import { SignatureBox } from "./signature_box.ts";
import type { SignaturePreview } from "./signature_face.ts";
import { plain } from "./text.ts";
import { textView } from "./text_view.ts";

export type { Placement, Size, Start } from "./placement.ts";
export type { SignaturePreview } from "./signature_face.ts";

/** A document. */
export interface Shown {
  name: string;
  /** Its media type; where it is empty or says nothing, the name's ending decides. */
  type: string;
  blob: Blob;
}

/** How a document is shown. */
export interface Showing {
  kind: Kind;
  /** Number of its pages. */
  pages?: number;
}

/** What the page asked for about the visible signature. */
interface Placing {
  start: Start;
  label: string;
}

/** Shows one document at a time. */
export class DocumentView {
  /** Told wherever the visible signature comes to stand, also at first, and how large it is seen there. */
  onPlacement?: (placement: Placement, seen: Size) => void;

  readonly #words: Catalogue;
  readonly #root = document.createElement("section");
  readonly #notices = document.createElement("ul");
  readonly #tools = document.createElement("div");
  readonly #scroller = document.createElement("div");
  readonly #live = document.createElement("p");
  /** What is shown now; another one began when it is not the same any more. */
  #current: { pdf?: PdfDocument; pages?: PdfPages } = {};
  #placing: Placing | undefined;
  #box: SignatureBox | undefined;
  #isHeld = false;

  constructor(parent: HTMLElement, words: Catalogue, language: Language) {
    this.#words = words;
    this.#root.className = "document-view";
    this.#root.lang = language;
    this.#root.dir = isRightToLeft(language) ? "rtl" : "ltr";
    this.#notices.className = "notices";
    this.#tools.className = "tools";
    this.#scroller.className = "scroller";
    // scrolled with keys, too
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute("role", "region");
    this.#live.className = "unseen";
    this.#live.ariaLive = "polite";
    this.#root.append(this.#tools, this.#notices, this.#scroller, this.#live);
    parent.append(this.#root);
    this.forget();
  }

  /**
   * Shows a document; what was shown before is forgotten. Resolves when it, or its first page, is drawn. Never rejects: what cannot be
   * drawn is shown by its name, size, type and digest, with the reason.
   */
  async show(shown: Shown): Promise<Showing> {
    this.forget();
    const current = this.#current;
    const { kind, markup } = recognise(shown.type, shown.name);
    this.#root.hidden = false;
    this.#root.ariaBusy = "true";
    this.#scroller.setAttribute("aria-label", this.#words.text("document", { name: plain(shown.name) }));
    this.#opening();
    const showing = await this.#show(shown, kind, current).catch((error: unknown): { reason: string } => {
      const reason = error instanceof PdfRefused ? error.reason : kind === "pdf" ? "pdf-unreadable" : "unreadable";
      return { reason: this.#words.text(reason) };
    });
    if (this.#current !== current) return { kind };
    this.#opened();
    if (markup && !("reason" in showing)) {
      this.#notice(this.#words.text("markup"));
      this.#scroller.querySelector(".text")?.classList.add("mono");
    }
    if ("reason" in showing) await this.#describe(shown, showing.reason, current);
    if (this.#current === current) this.#root.ariaBusy = "false";
    return "reason" in showing ? { kind: "other" } : showing;
  }

  /**
   * Lets the person place the visible signature, starting here; `undefined` hides it. A start that is larger than its page, or outside
   * of it, is moved inside, and a page that the document does not have is the nearest: `page: Infinity` is the last. A start without
   * `x` and `y` is at the lower end of its page. Only a PDF has such a place, the one shown or the next. `label` is what the box is
   * called, and says.
   */
  placing(start: Start | undefined, label: string): void {
    this.#placing = start && { start, label };
    this.#place();
  }

  /** Shows in the place of the visible signature what it will show, until it is put elsewhere or this is said again. */
  preview(shown: SignaturePreview | undefined): void {
    this.#box?.preview(shown);
  }

  /** Whether the visible signature stays where it is. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#box?.hold(isHeld);
  }

  /** Where the visible signature stands; nothing where there is none, or it has not come to stand yet. */
  get placement(): Placement | undefined {
    return this.#box?.placement;
  }

  /** Forgets what is shown. */
  forget(): void {
    const { pdf, pages } = this.#current;
    this.#current = {};
    this.#box?.close();
    this.#box = undefined;
    pages?.close();
    pdf?.close();
    for (const canvas of this.#scroller.querySelectorAll("canvas")) canvas.width = canvas.height = 0;
    for (const place of [this.#notices, this.#tools, this.#scroller]) place.replaceChildren();
    this.#scroller.scrollTop = 0;
    this.#say("");
    this.#root.hidden = true;
    this.#root.classList.remove("paged");
  }

  // --- kinds

  async #show({ name, blob }: Shown, kind: Kind, current: object): Promise<Showing | { reason: string }> {
    switch (kind) {
      case "pdf":
        return this.#pdf(blob);
      case "image": {
        const view = await pictureView(blob, name, this.#words);
        if ("reason" in view) return view;
        if (this.#current !== current) return { kind };
        this.#scroller.append(view.canvas);
        view.notices.forEach((text) => this.#notice(text));
        return { kind };
      }
      case "text":
      case "json":
      case "xml": {
        const view = await textView(blob, kind, this.#words, (bytes) => this.#size(bytes));
        if (this.#current !== current) return { kind };
        this.#scroller.append(view.content);
        this.#tools.append(...view.tools);
        view.notices.forEach((text) => this.#notice(text));
        return { kind };
      }
      case "other":
        return { reason: this.#words.text("kind-not-shown") };
    }
  }

  async #pdf(blob: Blob): Promise<Showing> {
    const current = this.#current;
    const pdf = await PdfDocument.open(blob);
    if (this.#current !== current) {
      pdf.close();
      return { kind: "pdf" };
    }
    const pages = new PdfPages(pdf, this.#scroller, this.#words);
    [current.pdf, current.pages] = [pdf, pages];
    this.#root.classList.add("paged");
    await pages.open();
    this.#scroller.querySelector(".opening")?.remove();
    const beside = await pdf.beside();
    if (this.#current !== current) return { kind: "pdf" };
    for (const found of beside) this.#notice(this.#words.text(found));
    if (pdf.pages > MAX_PAGES) this.#notice(this.#words.text("pages-cut", { shown: MAX_PAGES, pages: pdf.pages }));
    this.#zooming(pages);
    this.#place();
    return { kind: "pdf", pages: pdf.pages };
  }

  /** Name, type, size and digest, and why there is no more. */
  async #describe({ name, type, blob }: Shown, reason: string, current: object): Promise<void> {
    this.#clear();
    const digest = await sha256(blob);
    if (this.#current !== current) return;
    const list = document.createElement("dl");
    const untold = blob.size > MAX_DIGESTED ? this.#words.text("digest-too-large", { most: this.#size(MAX_DIGESTED) }) : this.#words.text("unreadable");
    list.append(
      row(this.#words.text("file-name"), plain(name)),
      row(this.#words.text("file-type"), type === "" ? this.#words.text("type-unknown") : plain(type)),
      row(this.#words.text("file-size"), this.#size(blob.size)),
      row("SHA-256", digest ?? untold, digest !== undefined),
    );
    this.#notice(reason);
    this.#scroller.append(list);
  }

  // --- what stands around it

  #clear(): void {
    this.#current.pages?.close();
    this.#current.pdf?.close();
    delete this.#current.pages;
    delete this.#current.pdf;
    this.#root.classList.remove("paged");
    for (const place of [this.#notices, this.#tools, this.#scroller]) place.replaceChildren();
  }

  #zooming(pages: PdfPages): void {
    const [smaller, larger] = [this.#button("zoom-out", "−"), this.#button("zoom-in", "+")];
    const zoom = (by: -1 | 0 | 1): void => {
      const can = pages.zoom(by);
      // a button that is disabled loses the keyboard's place
      smaller.ariaDisabled = String(!can.smaller);
      larger.ariaDisabled = String(!can.larger);
    };
    smaller.addEventListener("click", () => zoom(-1));
    larger.addEventListener("click", () => zoom(1));
    zoom(0);
    this.#tools.append(group(this.#words.text("zoom"), smaller, larger));
  }

  /** Puts the box on the pages that are shown, if both are there. */
  #place(): void {
    this.#box?.close();
    this.#box = undefined;
    this.#tools.querySelector(".placing")?.remove();
    const { pages } = this.#current;
    if (pages === undefined || pages.count === 0 || this.#placing === undefined) return;
    const { start, label } = this.#placing;
    const box = (this.#box = new SignatureBox(pages, this.#scroller, this.#words, label, {
      placed: (placement, seen) => this.onPlacement?.(placement, seen),
      say: (text) => this.#say(text),
    }));
    const [smaller, larger] = [this.#button("placing-smaller", "−"), this.#button("placing-larger", "+")];
    smaller.addEventListener("click", () => box.grow(-1));
    larger.addEventListener("click", () => box.grow(1));
    const tools = group(this.#words.text("placing-size"), smaller, larger);
    tools.classList.add("placing");
    this.#tools.append(tools);
    box.hold(this.#isHeld);
    void box.put(start).catch(() => undefined);
  }

  #opening(): void {
    const text = this.#words.text("opening");
    const place = document.createElement("p");
    place.className = "opening";
    place.ariaHidden = "true";
    place.textContent = text;
    this.#scroller.append(place);
    this.#say(text);
  }

  #opened(): void {
    this.#scroller.querySelector(".opening")?.remove();
    this.#say("");
  }

  #button(id: string, sign: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.title = this.#words.text(id);
    button.setAttribute("aria-label", button.title);
    return button;
  }

  #notice(text: string): void {
    const [line, sign, words] = [document.createElement("li"), document.createElement("span"), document.createElement("span")];
    sign.className = "sign";
    sign.ariaHidden = "true";
    sign.textContent = "!";
    words.textContent = text;
    line.className = "notice";
    line.append(sign, words);
    this.#notices.append(line);
  }

  #say(text: string): void {
    this.#live.textContent = text;
  }

  #size(bytes: number): string {
    const [amount, unit] = bytes < 1024 ? [bytes, "bytes"] : bytes < 1 << 20 ? [bytes / 1024, "kilobytes"] : [bytes / (1 << 20), "megabytes"];
    return this.#words.text(`size-${unit}`, { amount: amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount) });
  }
}

function group(label: string, ...buttons: HTMLElement[]): HTMLElement {
  const [place, name] = [document.createElement("div"), document.createElement("span")];
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", label);
  name.ariaHidden = "true";
  name.textContent = label;
  const [first, ...others] = buttons;
  place.append(name, ...(first === undefined ? [] : [first]), ...others);
  return place;
}

function row(label: string, value: string, digits = false): HTMLElement {
  const [place, name, content, text] = [document.createElement("div"), document.createElement("dt"), document.createElement("dd"), document.createElement("bdi")];
  name.textContent = label;
  text.textContent = value;
  if (digits) {
    text.className = "digits";
    text.dir = "ltr";
  }
  content.append(text);
  place.append(name, content);
  return place;
}
