import type { Catalogue } from "../catalogue.ts";
import type { Language } from "../generated/Language";
import type { MyCard } from "../generated/MyCard";
import { isRightToLeft } from "../language.ts";
import { shown } from "./shown.ts";

/** Parts of a card that are exported by themselves. */
export const PARTS = ["data", "certificates", "pins"] as const;

/** One of them. */
export type Part = (typeof PARTS)[number];

/** What the export module writes (`Sheet` in wasm/pdf). */
export interface Sheet {
  title: string;
  subtitle: string;
  language: Language;
  rightToLeft: boolean;
  notice: string;
  foot: string;
  sections: { heading: string; rows: { label: string; value: string }[] }[];
}

/** The chosen parts as JSON text: `bitaqa-my-card:1`. Names and values are those of the protocol. */
export function json({ readAt, document, certificates, pins }: MyCard, parts: ReadonlySet<Part>): string {
  const chosen = {
    format: "bitaqa-my-card:1",
    readAt: new Date(readAt * 1000).toISOString(),
    ...(parts.has("data") && document !== undefined ? { document } : {}),
    ...(parts.has("certificates") ? { certificates } : {}),
    ...(parts.has("pins") ? { pins } : {}),
  };
  return `${JSON.stringify(chosen, null, 2)}\n`;
}

/** The chosen parts as a sheet of paper. */
export function sheet(card: MyCard, parts: ReadonlySet<Part>, words: Catalogue, language: Language, now: number): Sheet {
  const { readAt, values, notes, findings, mark, certificates, pins } = shown(card, words, now);
  const sections: Sheet["sections"] = [];
  if (parts.has("data")) {
    sections.push({ heading: words.text("section-data"), rows: [...values, ...notes.map(alone)] });
    sections.push({ heading: words.text("section-authenticity"), rows: findings.map(({ text }) => alone(text)) });
  }
  if (parts.has("certificates")) {
    for (const { title, rows } of certificates) sections.push({ heading: `${words.text("section-certificates")}: ${title}`, rows });
  }
  if (parts.has("pins")) sections.push({ heading: words.text("section-pins"), rows: pins });
  return {
    title: words.text("my-card-title"),
    subtitle: readAt,
    language,
    rightToLeft: isRightToLeft(language),
    notice: parts.has("data") ? mark : "",
    foot: "Bitaqa",
    sections: sections.filter(({ rows }) => rows.length > 0),
  };
}

function alone(value: string): { label: string; value: string } {
  return { label: "", value };
}
