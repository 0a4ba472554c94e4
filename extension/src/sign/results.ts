import type { Catalogue } from "../catalogue.ts";
import type { Language } from "../generated/Language";
import type { SignatureLevel } from "../generated/SignatureLevel";
import { tag } from "../page/page.ts";
import type { SignedFile } from "../signing/flow.ts";
import { type Missing, reaches } from "../signing/raising.ts";

/** Names, as a list in this language. */
export function listed(names: readonly string[], language: Language): string {
  return new Intl.ListFormat(language === "zgh" ? "fr" : language, { type: "unit" }).format(names);
}

/** Which level was not reached, why, and what `later` says of the rest; nothing where it was. */
export function shortfall(reached: SignatureLevel, wanted: SignatureLevel, missing: readonly Missing[], words: Catalogue, language: Language, later: string): string[] {
  if (reaches(reached, wanted)) return [];
  return [
    words.text("level-missed", { reached, wanted }),
    ...missing.map(({ why, whom }) => words.text(`missing-${why}`, { whom: listed(whom, language) })),
    ...(missing.some(({ why }) => why === "revoked") ? [] : [later]),
  ];
}

/** A signed file that the person can save. */
export function savedElement({ name, level }: SignedFile, url: string, words: Catalogue): HTMLElement {
  const link = tag("a", { className: "button" }, [words.text("save")]);
  link.href = url;
  link.download = name;
  link.dataset["text"] = "save";
  link.setAttribute("aria-label", `${words.text("save")}: ${name}`);
  return tag("li", {}, [tag("bdi", { className: "name" }, [name]), tag("bdi", { className: "soft" }, [level]), link]);
}

/** How large a file is. */
export function sizeText(bytes: number, language: Language): string {
  const unit = bytes < 1000 ? "byte" : bytes < 1_000_000 ? "kilobyte" : "megabyte";
  const value = bytes / { byte: 1, kilobyte: 1000, megabyte: 1_000_000 }[unit];
  return new Intl.NumberFormat(`${language}-u-nu-latn`, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
