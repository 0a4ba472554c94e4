/** A page of a made-up PDF. */
export interface Page {
  /** Operators of its content. */
  content?: string;
  /** More entries of its dictionary, such as `/Rotate 90`. */
  entries?: string;
}

/** A stream of a made-up PDF. */
export interface Stream {
  dictionary: string;
  bytes: Buffer;
}

/** What else is in a made-up PDF. */
export interface Extras {
  /** More entries of the catalog. */
  catalog?: string;
  /** An image that pages paint as `/I`. */
  image?: Stream;
  /** Bytes that nothing refers to, between the pages and the end. */
  ballast?: number;
}

/**
 * A PDF of pages of 400 by 600 units, unless their entries say otherwise. Fonts: `/H` is Helvetica and `/T` is Times, neither of which is
 * in the file.
 */
export function pdf(pages: readonly Page[], { catalog = "", image, ballast = 0 }: Extras = {}): Buffer {
  const pieces: Buffer[] = [Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  const offsets: number[] = [];
  let length = pieces[0]?.length ?? 0;
  const add = (bytes: Buffer): void => {
    pieces.push(bytes);
    length += bytes.length;
  };
  const object = (number: number, body: string, stream?: Buffer): void => {
    offsets[number] = length;
    add(Buffer.from(`${number} 0 obj\n${body}\n`));
    if (stream !== undefined) add(Buffer.concat([Buffer.from("stream\n"), stream, Buffer.from("\nendstream\n")]));
    add(Buffer.from("endobj\n"));
  };
  const first = 6;
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`).join(" ");
  object(1, `<</Type/Catalog/Pages 2 0 R${catalog}>>`);
  object(2, `<</Type/Pages/Count ${pages.length}/Kids[${kids}]/MediaBox[0 0 400 600]>>`);
  object(3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
  object(4, "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>");
  const { dictionary, bytes } = image ?? { dictionary: "/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", bytes: Buffer.of(0) };
  object(5, `<</Type/XObject/Subtype/Image${dictionary}/Length ${bytes.length}>>`, bytes);
  pages.forEach(({ content = "", entries = "" }, index) => {
    const number = first + 2 * index;
    const resources = "<</Font<</H 3 0 R/T 4 0 R>>/XObject<</I 5 0 R>>>>";
    object(number, `<</Type/Page/Parent 2 0 R/Resources${resources}/Contents ${number + 1} 0 R${entries}>>`);
    object(number + 1, `<</Length ${Buffer.byteLength(content)}>>`, Buffer.from(content));
  });
  if (ballast > 0) object(first + 2 * pages.length, `<</Length ${ballast}>>`, Buffer.alloc(ballast));
  const start = length;
  const table = offsets.slice(1).map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  add(Buffer.from(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${table.join("")}`));
  add(Buffer.from(`trailer\n<</Size ${offsets.length}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`));
  return Buffer.concat(pieces);
}

/** Operators that write a line. */
export function line(text: string, { font = "H", x = 40, y = 540, size = 18 } = {}): string {
  return `BT /${font} ${size} Tf ${x} ${y} Td (${text}) Tj ET\n`;
}
