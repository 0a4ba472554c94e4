import type { Catalogue } from "../catalogue.ts";
import type { Placement, SignaturePreview, Size, Start } from "../document_view/document_view.ts";
import { plain } from "../document_view/text.ts";
import { fromBase64 } from "../documents/base64.ts";
import type { Engine } from "../documents/engine.ts";
import type { Lettered } from "../documents/results.ts";
import { element } from "../page/page.ts";
import type { Visible } from "../signing/flow.ts";
import { OWN_IMAGE, type SignatureImage, signatureImage } from "../signing/signature_image.ts";
import type { SitePlacement } from "../signing/site_job.ts";
import { lettersWanted, linesOf, type Look, lookOf } from "../signing/visible_signature.ts";

/** Size at first, in points. */
const SIZE = { width: 220, height: 60 };

/** Most characters of a reason (`MAX_NAME` of the protocol). */
const MAX_REASON = 255;

/** Where it stands, or is to stand at first. */
interface Place {
  /** On which of the documents. */
  on: number;
  start: Start;
  /** How large it is seen, once it stands: a page may be turned. */
  seen?: Size;
}

/** What it needs of the page around it. */
export interface Surroundings {
  engine: Engine;
  words(): Catalogue;
  /** Shows in its place what it will show; nothing takes it away. */
  preview(shown: SignaturePreview | undefined): void;
}

/** The signature that can be seen: its place, its fields on the page "Sign a file", and how it will look. */
export class VisibleSignature {
  readonly #around: Surroundings;
  #place: Place | undefined;
  #reason: string | undefined;
  #image: SignatureImage | undefined;
  /** Of the image, for the preview. */
  #url: string | undefined;
  /** An image that is being read. */
  #reading: Promise<void> = Promise.resolve();
  /** How it looks in the file that is being made. */
  #made: Lettered | undefined;
  #drawing = false;
  #again = false;

  constructor(around: Surroundings) {
    this.#around = around;
    reasonField().addEventListener("input", () => this.#typed());
    imageField().addEventListener("change", () => this.#chosen());
    element("remove-image").addEventListener("click", () => this.#removed());
  }

  /** Why it is signed, as it is shown. */
  get reason(): string | undefined {
    return this.#reason;
  }

  get hasImage(): boolean {
    return this.#image !== undefined;
  }

  /** The person wants one on this document: on its last page, until they put it elsewhere. Nothing: none. */
  turn(on: number | undefined): void {
    this.#place = on === undefined ? undefined : { on, start: { page: Number.POSITIVE_INFINITY, ...SIZE } };
    element("visible-fields").hidden = on === undefined;
    this.#typed();
  }

  /** As a site wants it; the person can move it. */
  asked({ reason, image, ...start }: SitePlacement): void {
    this.#place = { on: 0, start };
    this.#reason = reason === undefined ? undefined : plain(reason);
    this.#show(image);
  }

  /** Where it begins on this document. */
  startOn(index: number): Start | undefined {
    return this.#place?.on === index ? this.#place.start : undefined;
  }

  /** It came to stand on this document. */
  placed(index: number, placement: Placement, seen: Size): void {
    if (this.#place?.on !== index) return;
    const isMoved = JSON.stringify(placement) !== JSON.stringify(this.#place.start);
    this.#place = { on: index, start: placement, seen };
    this.#draw(isMoved);
  }

  /** What goes into the file; nothing where there is none, or it has no place yet. */
  wish(): Visible | undefined {
    if (this.#place === undefined || !("x" in this.#place.start)) return undefined;
    const { on, start } = this.#place;
    return { on, ...start, ...(this.#reason !== undefined && { reason: this.#reason }), look: (certificate, at) => this.#look(certificate, at) };
  }

  clear(): void {
    reasonField().value = "";
    this.#removed();
    this.turn(undefined);
  }

  // --- fields

  #typed(): void {
    const text = [...plain(reasonField().value.trim())].slice(0, MAX_REASON).join("");
    this.#reason = text === "" ? undefined : text;
    this.#draw();
  }

  #chosen(): void {
    const [file] = imageField().files ?? [];
    if (file === undefined) return;
    const reading = (this.#reading = signatureImage(file, OWN_IMAGE)
      .catch(() => undefined)
      .then((image) => {
        if (reading !== this.#reading) return;
        this.#say(image === undefined ? "image-unusable" : undefined);
        this.#show(image);
      }));
  }

  #removed(): void {
    const hadFocus = document.activeElement === element("remove-image");
    // one that is still being read comes to nothing
    this.#reading = Promise.resolve();
    imageField().value = "";
    this.#say(undefined);
    this.#show(undefined);
    if (hadFocus) imageField().focus();
  }

  #show(image: SignatureImage | undefined): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    [this.#image, this.#url] = [image, image && URL.createObjectURL(image.blob)];
    element("remove-image").hidden = image === undefined;
    this.#draw();
  }

  #say(id: "image-unusable" | undefined): void {
    const place = element("image-note");
    place.hidden = id === undefined;
    if (id === undefined) delete place.dataset["text"];
    else place.dataset["text"] = id;
    place.textContent = id === undefined ? "" : this.#around.words().text(id);
  }

  // --- how it looks

  /** Shows how it will look, by what is known now: as it was made, unless it changed. */
  #draw(isChanged = true): void {
    if (isChanged) this.#made = undefined;
    this.#again = true;
    if (!this.#drawing) void this.#drawAll();
  }

  async #drawAll(): Promise<void> {
    this.#drawing = true;
    while (this.#again) {
      this.#again = false;
      const lettered = this.#made ?? (await this.#expected());
      if (!this.#again) this.#preview(lettered);
    }
    this.#drawing = false;
  }

  /** Whose name it will be is known when the card was asked. */
  async #expected(): Promise<Lettered | undefined> {
    if (this.#place?.seen === undefined) return undefined;
    return this.#letter([this.#around.words().text("shown-name-later")], new Date()).catch(() => undefined);
  }

  async #look(certificate: string, at: Date): Promise<Look> {
    await this.#reading;
    const names = await this.#around.engine.signerNames(fromBase64(certificate));
    const lettered = (this.#made = await this.#letter(names, at));
    this.#draw(false);
    return lookOf(lettered, this.#image);
  }

  #letter(names: readonly string[], at: Date): Promise<Lettered> {
    const seen = this.#place?.seen ?? this.#place?.start ?? SIZE;
    const lines = linesOf(this.#around.words(), names, at, this.#reason);
    return this.#around.engine.letter(lettersWanted(seen, lines, this.#image));
  }

  #preview(lettered: Lettered | undefined): void {
    const rows = lettered?.rows.map(({ text, shaped }) => ({ text, rightToLeft: shaped.beginsRight }));
    const image = this.#url !== undefined && lettered?.image ? { image: { url: this.#url, size: lettered.image } } : {};
    this.#around.preview(lettered && rows && { size: lettered.size, rows, ...image });
  }
}

const reasonField = (): HTMLInputElement => element("shown-reason") as HTMLInputElement;
const imageField = (): HTMLInputElement => element("shown-image") as HTMLInputElement;
