import { FluentBundle, type FluentResource, type FluentVariable } from "@fluent/bundle";
import type { ErrorReport } from "./generated/ErrorReport";
import type { FailureReport } from "./generated/FailureReport";
import type { Language } from "./generated/Language";

/** The parsed Fluent files of each language; the build puts them in. */
export type Catalogues = { readonly [language in Language]: readonly FluentResource[] };

/** Locales for plurals and numbers. Western digits in every language, as on the cards. */
const LOCALES: { readonly [language in Language]: string } = {
  ar: "ar-u-nu-latn",
  fr: "fr",
  en: "en",
  zgh: "zgh-u-nu-latn",
};

/** The sentences of one language. */
export class Catalogue {
  readonly #bundle: FluentBundle;

  constructor(language: Language, catalogues: Catalogues) {
    this.#bundle = new FluentBundle(LOCALES[language]);
    for (const resource of catalogues[language]) this.#bundle.addResource(resource);
  }

  /** The message `id`, or its attribute `id.attribute`. */
  text(id: string, args: Record<string, FluentVariable> = {}): string {
    const [name = "", attribute] = id.split(".");
    const message = this.#bundle.getMessage(name);
    const pattern = attribute === undefined ? message?.value : message?.attributes[attribute];
    // a missing sentence is found by the tests; a person sees its name rather than nothing
    return pattern ? this.#bundle.formatPattern(pattern, args, []) : id;
  }

  /** The sentences of a failure: what happened, then what to do. */
  failure(report: ErrorReport): FailureReport {
    const args = report.triesLeft === undefined ? {} : { tries: report.triesLeft };
    const id = `error-${report.code}`;
    return { ...report, message: this.text(id, args), remedy: this.text(`${id}.remedy`, args) };
  }
}
