/** How a document is shown. */
export type Kind = "pdf" | "text" | "json" | "xml" | "image" | "other";

/** A kind, and whether it is markup that a browser would draw as a page or picture: of that, only its text is shown. */
export interface Recognised {
  kind: Kind;
  markup: boolean;
}

/** Types of what has a name but no type of its own, by the name's ending. */
const ENDINGS: { readonly [ending: string]: string } = {
  pdf: "application/pdf",
  json: "application/json",
  xml: "application/xml",
  xsd: "application/xml",
  svg: "image/svg+xml",
  html: "text/html",
  htm: "text/html",
  xhtml: "application/xhtml+xml",
  txt: "text/plain",
  csv: "text/csv",
  md: "text/markdown",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
};

/** Types that say nothing. */
const UNTYPED = ["", "application/octet-stream", "binary/octet-stream"];

const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const MARKUP = ["text/html", "application/xhtml+xml", "image/svg+xml"];

/** How a document of this media type is shown; where the type says nothing, the name's ending decides. */
export function recognise(type: string, name: string): Recognised {
  const essence = type.split(";")[0]?.trim().toLowerCase() ?? "";
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const known = UNTYPED.includes(essence) ? (ENDINGS[ending] ?? "") : essence;
  return { kind: kindOf(known), markup: MARKUP.includes(known) };
}

function kindOf(type: string): Kind {
  if (type === "application/pdf") return "pdf";
  if (PICTURES.includes(type)) return "image";
  if (type === "application/json" || type === "text/json" || type.endsWith("+json")) return "json";
  if (type === "application/xml" || type === "text/xml" || type.endsWith("+xml")) return "xml";
  return type.startsWith("text/") ? "text" : "other";
}
