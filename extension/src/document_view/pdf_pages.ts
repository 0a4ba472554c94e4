import type { Catalogue } from "../catalogue.ts";
import type { PdfDocument } from "./pdf_document.ts";
import { type PageShape, shownSize } from "./placement.ts";

/** Most pages that are listed. */
export const MAX_PAGES = 5000;

/** Pages that stay drawn when they are out of sight. */
const KEPT = 6;

/** Most pixels of a drawn page, and of one of its sides, which browsers limit. */
const [MAX_PIXELS, MAX_SIDE] = [8 << 20, 8192];

/** Sizes that a person can choose; at 1 a page is as wide as there is space for, and no larger than on paper. */
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** A page in the list. */
interface Leaf {
  number: number;
  item: HTMLElement;
  sheet: HTMLElement;
  shape: PageShape | undefined;
  /** Pixels for a unit when it was drawn; nothing while it is not. */
  scale: number | undefined;
  spoken: boolean;
  /** It cannot be drawn, and says so. */
  failed: boolean;
}

/** The pages of a PDF, drawn when they come near to what is seen. */
export class PdfPages {
  /** The list, in `scroller`. */
  readonly list = document.createElement("ol");
  readonly #document: PdfDocument;
  readonly #words: Catalogue;
  readonly #scroller: HTMLElement;
  readonly #leaves: Leaf[] = [];
  readonly #near = new Set<Leaf>();
  readonly #drawn = new Set<Leaf>();
  readonly #closing = new AbortController();
  readonly #seen: IntersectionObserver;
  readonly #resized: ResizeObserver;
  #working = false;
  #zoom = ZOOMS.indexOf(1);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pdf: PdfDocument, scroller: HTMLElement, words: Catalogue) {
    [this.#document, this.#scroller, this.#words] = [pdf, scroller, words];
    this.list.className = "pages";
    this.#seen = new IntersectionObserver((entries) => this.#look(entries), { root: scroller, rootMargin: "60% 0px" });
    this.#resized = new ResizeObserver(() => this.#fit());
  }

  /** Number of pages that are listed. */
  get count(): number {
    return this.#leaves.length;
  }

  /** Lists the pages; resolves when the first is drawn. */
  async open(): Promise<void> {
    const first = await this.#document.shape(1);
    const pages = Math.min(this.#document.pages, MAX_PAGES);
    for (let number = 1; number <= pages; number += 1) this.#leaves.push(this.#leaf(number, first));
    this.list.append(...this.#leaves.map(({ item }) => item));
    this.#scroller.append(this.list);
    this.#fit();
    const [leaf] = this.#leaves;
    if (leaf !== undefined) await this.#draw(leaf);
    for (const { item } of this.#leaves) this.#seen.observe(item);
    this.#resized.observe(this.#scroller);
  }

  /** The shape of a page, once it is known. */
  async shape(number: number): Promise<PageShape> {
    const leaf = this.#leaves[number - 1];
    if (leaf === undefined) throw new RangeError(`there is no page ${number}`);
    if (leaf.shape === undefined) {
      leaf.shape = await this.#document.shape(number);
      this.#size(leaf, leaf.shape);
    }
    return leaf.shape;
  }

  /** The sheet of a page: what is placed on it is placed in it. */
  sheet(number: number): HTMLElement | undefined {
    return this.#leaves[number - 1]?.sheet;
  }

  /** The page at a point of the window, if there is one. */
  at(x: number, y: number): number | undefined {
    for (const found of document.elementsFromPoint(x, y)) {
      const leaf = this.#leaves.find(({ sheet }) => sheet === found);
      if (leaf !== undefined) return leaf.number;
    }
    return undefined;
  }

  /** Shows pages larger or smaller; says whether that can go on. */
  zoom(by: -1 | 0 | 1): { larger: boolean; smaller: boolean } {
    const scroller = this.#scroller;
    const place = scroller.scrollTop / scroller.scrollHeight;
    this.#zoom = Math.min(Math.max(this.#zoom + by, 0), ZOOMS.length - 1);
    this.list.style.setProperty("--zoom", String(ZOOMS[this.#zoom]));
    scroller.scrollTop = place * scroller.scrollHeight;
    this.#later();
    return { larger: this.#zoom < ZOOMS.length - 1, smaller: this.#zoom > 0 };
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#seen.disconnect();
    this.#resized.disconnect();
    for (const leaf of this.#drawn) this.#wipe(leaf);
    this.list.remove();
  }

  #leaf(number: number, like: PageShape): Leaf {
    const [item, sheet, caption] = [document.createElement("li"), document.createElement("div"), document.createElement("p")];
    sheet.className = "sheet";
    caption.className = "number";
    caption.ariaHidden = "true";
    caption.textContent = this.#name(number);
    item.append(sheet, caption);
    const leaf = { number, item, sheet, shape: number === 1 ? like : undefined, scale: undefined, spoken: false, failed: false };
    this.#size(leaf, like);
    return leaf;
  }

  #name(number: number): string {
    return this.#words.text("page-of", { page: number, pages: this.#document.pages });
  }

  #size({ sheet }: Leaf, shape: PageShape): void {
    const { width, height } = shownSize(shape);
    // CSS has 96 pixels to the inch, and PDF 72 units
    sheet.style.setProperty("--width", `${Math.max(1, width * shape.userUnit * (96 / 72))}px`);
    sheet.style.aspectRatio = `${Math.max(1, width)} / ${Math.max(1, height)}`;
  }

  #look(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const leaf = this.#leaves.find(({ item }) => item === target);
      if (leaf === undefined) continue;
      if (isIntersecting) this.#near.add(leaf);
      else this.#near.delete(leaf);
    }
    void this.#work();
  }

  /** Lets pages be as wide as there is space beside the scroll bar. */
  #fit(): void {
    this.list.style.setProperty("--space", `${this.#scroller.clientWidth}px`);
    this.#later();
  }

  /** The window has another size, or pages do: what is near is drawn anew when that is over. */
  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(), 150);
  }

  /** Draws what is near, one page after the other, from the middle of what is seen. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let leaf = this.#next(); leaf !== undefined; leaf = this.#next()) {
      try {
        await this.#draw(leaf);
      } catch {
        if (!this.#closing.signal.aborted) this.#fail(leaf);
      }
      this.#forgetFar();
    }
    this.#working = false;
  }

  #next(): Leaf | undefined {
    if (this.#closing.signal.aborted) return undefined;
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    const middle = (top + bottom) / 2;
    const distance = ({ item }: Leaf): number => {
      const place = item.getBoundingClientRect();
      return Math.abs((place.top + place.bottom) / 2 - middle);
    };
    const undrawn = ({ sheet, shape, scale, failed }: Leaf): boolean => {
      if (failed) return false;
      // what is not seen at all has no size, and waits
      if (shape === undefined || scale === undefined || sheet.clientWidth === 0) return scale === undefined;
      return Math.abs(this.#scale(sheet, shape) / scale - 1) > 0.05;
    };
    return [...this.#near].filter(undrawn).sort((one, other) => distance(one) - distance(other))[0];
  }

  /** Pixels for a unit, as the page is seen now. */
  #scale(sheet: HTMLElement, shape: PageShape): number {
    const { width, height } = shownSize(shape);
    const wanted = (Math.max(1, sheet.clientWidth) * devicePixelRatio) / width;
    return Math.min(wanted, Math.sqrt(MAX_PIXELS / (width * height)), MAX_SIDE / width, MAX_SIDE / height);
  }

  async #draw(leaf: Leaf): Promise<void> {
    const { number, sheet } = leaf;
    const { signal } = this.#closing;
    const scale = this.#scale(sheet, await this.shape(number));
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.#name(number));
    // getViewport counts the user unit, and so does what a page is to be drawn with
    const complete = await this.#document.draw(number, canvas, scale / (leaf.shape?.userUnit ?? 1), signal);
    signal.throwIfAborted();
    this.#wipe(leaf);
    sheet.prepend(canvas);
    leaf.scale = scale;
    this.#drawn.add(leaf);
    if (!leaf.spoken) await this.#speak(leaf, complete);
  }

  /** Puts what is written on a page beside it, for who does not see it. */
  async #speak(leaf: Leaf, complete: boolean): Promise<void> {
    leaf.spoken = true;
    if (!complete) leaf.item.append(this.#note("page-incomplete"));
    const text = await this.#document.text(leaf.number).catch(() => "");
    this.#closing.signal.throwIfAborted();
    if (text.trim() === "") return;
    const place = document.createElement("p");
    place.className = "unseen";
    place.dir = "auto";
    place.textContent = text;
    leaf.item.append(place);
  }

  #fail(leaf: Leaf): void {
    leaf.failed = true;
    leaf.item.append(this.#note("page-missing"));
  }

  #note(id: string): HTMLElement {
    const note = document.createElement("p");
    note.className = "notice";
    note.textContent = this.#words.text(id);
    return note;
  }

  /** Lets go of pages that are out of sight, those first that were drawn first. */
  #forgetFar(): void {
    for (const leaf of this.#drawn) {
      if (this.#drawn.size <= KEPT) return;
      if (this.#near.has(leaf)) continue;
      this.#wipe(leaf);
    }
  }

  #wipe(leaf: Leaf): void {
    const canvas = leaf.sheet.querySelector("canvas");
    if (canvas !== null) {
      // its pixels go at once, and not when the element is collected
      canvas.width = canvas.height = 0;
      canvas.remove();
    }
    leaf.scale = undefined;
    this.#drawn.delete(leaf);
  }
}
