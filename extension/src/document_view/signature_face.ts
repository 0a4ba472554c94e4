/** What a visible signature will show, as it was set for the file. */
export interface SignaturePreview {
  /** Of the letters, in units of the page. */
  size: number;
  /** From above to below. */
  rows: readonly { text: string; rightToLeft: boolean }[];
  /** Address of the image, and its width and height in units of the page. */
  image?: { url: string; size: readonly [number, number] };
}

/**
 * The same rows and image as in the file, in the same font and at the same places (`crates/signature/src/pades/appearance.rs`), however
 * large the page is drawn. `width`: of the place, in units of the page.
 */
export function signatureFace({ size, rows, image }: SignaturePreview, { width }: { width: number }): HTMLElement {
  const [face, content, lines] = [document.createElement("div"), document.createElement("div"), document.createElement("div")];
  face.className = "signature-face";
  content.className = "content";
  content.style.setProperty("--unit", `${100 / width}cqw`);
  // the image stands where the first line begins
  content.dir = rows[0]?.rightToLeft === true ? "rtl" : "ltr";
  lines.className = "rows";
  lines.style.setProperty("--size", String(size));
  for (const { text, rightToLeft } of rows) {
    const row = document.createElement("p");
    row.dir = rightToLeft ? "rtl" : "ltr";
    row.textContent = text;
    lines.append(row);
  }
  if (image !== undefined) {
    const picture = document.createElement("img");
    picture.src = image.url;
    picture.alt = "";
    const [wide, high] = image.size.map((length) => `calc(${length} * var(--unit))`);
    if (wide !== undefined) picture.style.width = wide;
    if (high !== undefined) picture.style.height = high;
    content.append(picture);
  }
  content.append(lines);
  face.append(content);
  return face;
}
