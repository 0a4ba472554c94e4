import type { Catalogue } from "../catalogue.ts";
import type { PdfPages } from "./pdf_pages.ts";
import { type Box, boxAtEnd, keyMeaning, type PageShape, type Placement, shownSize, type Size, type Start, toBox, toPlacement, within } from "./placement.ts";
import { signatureFace, type SignaturePreview } from "./signature_face.ts";

/** By how much the buttons make it larger. */
const GROWTH = 1.15;

/** This near to the edge of what is seen, in pixels, dragging scrolls. */
const EDGE = 40;

/** Milliseconds without a change after which the place is said. */
const QUIET = 500;

/** Where it stands. */
interface Place {
  page: number;
  shape: PageShape;
  box: Box;
}

/** What the box tells. */
export interface SignatureBoxEvents {
  /** `seen`: how large it is on the page as it is shown. */
  placed(placement: Placement, seen: Size): void;
  /** A sentence for who does not see it. */
  say(text: string): void;
}

let made = 0;

/** The place of the visible signature: dragged, moved with keys, or put where a page is clicked. */
export class SignatureBox {
  readonly #pages: PdfPages;
  readonly #scroller: HTMLElement;
  readonly #words: Catalogue;
  readonly #events: SignatureBoxEvents;
  readonly #element = document.createElement("div");
  readonly #handle = document.createElement("span");
  readonly #hint = document.createElement("p");
  readonly #name = document.createElement("bdi");
  #face: HTMLElement | undefined;
  readonly #listening = new AbortController();
  #place: Place | undefined;
  #drag: AbortController | undefined;
  #dragged = false;
  #isHeld = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pages: PdfPages, scroller: HTMLElement, words: Catalogue, label: string, events: SignatureBoxEvents) {
    [this.#pages, this.#scroller, this.#words, this.#events] = [pages, scroller, words, events];
    const [box, name] = [this.#element, this.#name];
    this.#hint.id = `signature-box-${(made += 1)}`;
    this.#hint.className = "unseen";
    this.#hint.textContent = words.text("placing-keys");
    box.className = "signature-box";
    box.tabIndex = 0;
    // keys go to it, and not to the cursor of a screen reader
    box.setAttribute("role", "application");
    box.setAttribute("aria-roledescription", words.text("placing-role"));
    box.setAttribute("aria-label", label);
    box.setAttribute("aria-describedby", this.#hint.id);
    name.textContent = label;
    this.#handle.className = "handle";
    this.#handle.ariaHidden = "true";
    box.append(name, this.#handle);
    const { signal } = this.#listening;
    box.addEventListener("keydown", (event) => this.#key(event), { signal });
    box.addEventListener("pointerdown", (event) => this.#begin(event), { signal });
    // the click that ends a drag puts it nowhere; the next one has a press of its own
    pages.list.addEventListener("pointerdown", () => (this.#dragged = false), { signal, capture: true });
    pages.list.addEventListener("click", (event) => void this.#click(event), { signal });
    pages.list.classList.add("placing");
    pages.list.after(this.#hint);
  }

  /** Where it stands; nothing until it stands on a page. */
  get placement(): Placement | undefined {
    return this.#place && toPlacement(this.#place.box, this.#place.shape, this.#place.page);
  }

  /** Shows what the signature will show; its name, where that is not known. */
  preview(shown: SignaturePreview | undefined): void {
    const face = shown && this.#place && signatureFace(shown, this.#place.box);
    this.#face?.remove();
    this.#face = face;
    this.#name.hidden = face !== undefined;
    if (face === undefined) return this.#element.setAttribute("aria-describedby", this.#hint.id);
    face.id = `${this.#hint.id}-shown`;
    this.#element.setAttribute("aria-describedby", `${face.id} ${this.#hint.id}`);
    this.#element.prepend(face);
  }

  /** Puts it there, or as near as the document has space. */
  async put(start: Start): Promise<void> {
    const page = Math.min(Math.max(Math.round(start.page) || 1, 1), this.#pages.count);
    const shape = await this.#pages.shape(page);
    if (this.#listening.signal.aborted) return;
    const box = "x" in start ? toBox(start, shape) : boxAtEnd(start, shownSize(shape), this.#rightToLeft());
    this.#stand({ page, shape, box });
    this.#element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Keeps it where it is: what is being signed does not change. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#end();
    this.#element.classList.toggle("held", isHeld);
    this.#pages.list.classList.toggle("placing", !isHeld);
  }

  /** Makes it larger or smaller, for who does not drag. */
  grow(by: -1 | 1): void {
    if (this.#place === undefined || this.#isHeld) return;
    const { box } = this.#place;
    const factor = by > 0 ? GROWTH : 1 / GROWTH;
    this.#stand({ ...this.#place, box: { ...box, width: box.width * factor, height: box.height * factor } });
  }

  close(): void {
    this.#drag?.abort();
    this.#listening.abort();
    clearTimeout(this.#timer);
    this.#place = undefined;
    this.#element.remove();
    this.#hint.remove();
    this.#pages.list.classList.remove("placing");
  }

  #stand({ page, shape, box }: Place): void {
    const size = shownSize(shape);
    const place = { page, shape, box: within(box, size) };
    const { left, top, width, height } = place.box;
    this.#place = place;
    const { style } = this.#element;
    // of the sheet, so that it stays where it is however large the sheet is drawn
    style.left = `${(100 * left) / size.width}%`;
    style.top = `${(100 * top) / size.height}%`;
    style.width = `${(100 * width) / size.width}%`;
    style.height = `${(100 * height) / size.height}%`;
    const sheet = this.#pages.sheet(page);
    if (sheet !== undefined && this.#element.parentElement !== sheet) {
      const focused = document.activeElement === this.#element;
      sheet.append(this.#element);
      if (focused) this.#element.focus({ preventScroll: true });
    }
    this.#events.placed(toPlacement(place.box, shape, page), { width, height });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(place), QUIET);
  }

  #say({ page, shape, box }: Place): void {
    const millimetres = (units: number): number => Math.round((units * shape.userUnit * 25.4) / 72);
    const { left, top, width, height } = box;
    this.#events.say(
      this.#words.text("placing-at", {
        page,
        pages: this.#pages.count,
        left: millimetres(left),
        top: millimetres(top),
        width: millimetres(width),
        height: millimetres(height),
      }),
    );
  }

  // --- keys

  #key(event: KeyboardEvent): void {
    const meaning = keyMeaning(event);
    if (meaning === undefined || this.#place === undefined || this.#isHeld) return;
    event.preventDefault();
    event.stopPropagation();
    const { box } = this.#place;
    if ("pages" in meaning) return void this.#carry(this.#place.page + meaning.pages, box);
    if ("move" in meaning) {
      this.#stand({ ...this.#place, box: { ...box, left: box.left + meaning.move[0], top: box.top + meaning.move[1] } });
    } else {
      this.#stand({ ...this.#place, box: this.#grown(this.#place, meaning.grow) });
    }
    this.#element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Larger to the right and downwards, as far as the page goes. */
  #grown({ box, shape }: Place, [right, down]: [number, number]): Box {
    const size = shownSize(shape);
    return { ...box, width: Math.min(box.width + right, size.width - box.left), height: Math.min(box.height + down, size.height - box.top) };
  }

  async #carry(page: number, box: Box): Promise<void> {
    if (page < 1 || page > this.#pages.count) return;
    const shape = await this.#pages.shape(page).catch(() => undefined);
    if (shape === undefined || this.#listening.signal.aborted) return;
    this.#stand({ page, shape, box });
    this.#element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // --- pointers

  /** It goes where a page is clicked: dragging is not the only way (WCAG 2.2, 2.5.7). */
  async #click(event: MouseEvent): Promise<void> {
    const place = this.#place;
    const page = this.#pages.at(event.clientX, event.clientY);
    const target = event.target instanceof Element ? event.target : undefined;
    if (place === undefined || page === undefined || this.#dragged || this.#isHeld || target?.closest(".signature-box")) return;
    const shape = await this.#pages.shape(page).catch(() => undefined);
    if (shape === undefined || this.#listening.signal.aborted) return;
    const { left, top } = this.#point(event, page, shape);
    const { width, height } = place.box;
    this.#stand({ page, shape, box: { width, height, left: left - width / 2, top: top - height / 2 } });
    this.#element.focus({ preventScroll: true });
  }

  #begin(event: PointerEvent): void {
    const place = this.#place;
    if (event.button !== 0 || !event.isPrimary || place === undefined || this.#isHeld) return;
    const grows = event.target === this.#handle;
    const from = this.#point(event, place.page, place.shape);
    this.#drag?.abort();
    const drag = (this.#drag = new AbortController());
    const listen = { signal: drag.signal };
    // on the window: a box that is moved to another sheet would lose what it captured
    addEventListener("pointermove", (moved) => this.#dragTo(moved, event.pointerId, place.box, from, grows), listen);
    for (const end of ["pointerup", "pointercancel"] as const) {
      addEventListener(end, (ended) => ended.pointerId === event.pointerId && this.#end(), listen);
    }
    this.#element.classList.add("dragged");
    this.#element.focus({ preventScroll: true });
    event.preventDefault();
  }

  #dragTo(event: PointerEvent, pointer: number, start: Box, from: { left: number; top: number }, grows: boolean): void {
    if (event.pointerId !== pointer || this.#place === undefined) return;
    this.#dragged = true;
    const now = this.#place;
    const page = grows ? now.page : (this.#pages.at(event.clientX, event.clientY) ?? now.page);
    if (page !== now.page) {
      void this.#pages.shape(page).then(
        (shape) => {
          if (this.#drag?.signal.aborted === false) this.#stand({ page, shape, box: this.#moved(event, page, shape, start, from) });
        },
        () => undefined,
      );
    } else if (grows) {
      this.#stand({ ...now, box: this.#stretched(event, now, start, from) });
    } else {
      this.#stand({ ...now, box: this.#moved(event, page, now.shape, start, from) });
    }
    this.#scroll(event.clientY);
  }

  #end(): void {
    this.#drag?.abort();
    this.#element.classList.remove("dragged");
  }

  #moved(event: MouseEvent, page: number, shape: PageShape, start: Box, from: { left: number; top: number }): Box {
    const { left, top } = this.#point(event, page, shape);
    return { ...start, left: start.left + left - from.left, top: start.top + top - from.top };
  }

  /** The handle is at the lower corner where lines end: at the left where they run from the right. */
  #stretched(event: MouseEvent, { page, shape }: Place, start: Box, from: { left: number; top: number }): Box {
    const { left, top } = this.#point(event, page, shape);
    const size = shownSize(shape);
    const height = Math.min(start.height + top - from.top, size.height - start.top);
    if (!this.#rightToLeft()) {
      return { ...start, height, width: Math.min(start.width + left - from.left, size.width - start.left) };
    }
    const right = start.left + start.width;
    const box = within({ ...start, height, width: Math.min(start.width - left + from.left, right) }, size);
    return { ...box, left: right - box.width };
  }

  /** A point of the window on a page, in its units. */
  #point({ clientX, clientY }: MouseEvent, page: number, shape: PageShape): { left: number; top: number } {
    const place = this.#pages.sheet(page)?.getBoundingClientRect();
    if (place === undefined || place.width === 0) return { left: 0, top: 0 };
    const unit = shownSize(shape).width / place.width;
    return { left: (clientX - place.left) * unit, top: (clientY - place.top) * unit };
  }

  #rightToLeft(): boolean {
    return getComputedStyle(this.#pages.list).direction === "rtl";
  }

  #scroll(y: number): void {
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    if (y < top + EDGE) this.#scroller.scrollBy({ top: y - top - EDGE });
    if (y > bottom - EDGE) this.#scroller.scrollBy({ top: y - bottom + EDGE });
  }
}
