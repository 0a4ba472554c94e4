import type { Catalogue } from "../catalogue.ts";
import type { SetUp } from "../set_up_check.ts";

/** What is known so far; `undefined` is not known yet. */
export interface Findings {
  /** Whether the extension may run on all sites. */
  sites: boolean | undefined;
  /** What the background found. */
  setUp: SetUp | undefined;
  /** Whether the person was asked for site access and it is still missing. */
  asked: boolean;
}

/** How a part is; each has a sign, a word and a colour. */
export type PartState = "checking" | "ready" | "warning" | "problem";

interface Part {
  state: PartState;
  value: string;
}

/** What the page says: one sentence on what is, one on what to do, and each part. */
export interface Verdict {
  state: PartState;
  what: string;
  next: string;
  parts: { extension: Part; host: Part; sites: Part };
}

/** Judges the findings. The first thing that stands in the way is the one the person is told to repair. */
export function judge(findings: Findings, version: string, words: Catalogue, errors: Catalogue): Verdict {
  const { sites, setUp, asked } = findings;
  const parts = { extension: extensionPart(setUp, version, words), host: hostPart(setUp, words), sites: sitesPart(sites, words) };
  if (sites === false) {
    const next = words.text(asked ? "access-still-missing" : "access-explanation");
    return { state: "warning", what: words.text("access-title"), next, parts };
  }
  if (setUp !== undefined && "error" in setUp.host) {
    const { code, message, remedy } = errors.failure(setUp.host.error);
    return { state: "problem", what: message, next: code === "host-missing" ? words.text("host-get") : remedy, parts };
  }
  if (setUp === undefined || sites === undefined) {
    return { state: "checking", what: words.text("set-up-checking"), next: "", parts };
  }
  return { state: "ready", what: words.text("set-up-ready"), next: words.text("set-up-ready-next"), parts };
}

function extensionPart(setUp: SetUp | undefined, version: string, words: Catalogue): Part {
  if (setUp !== undefined && "error" in setUp.host && setUp.host.error.code === "extension-too-old") {
    return { state: "problem", value: words.text("extension-outdated") };
  }
  return { state: "ready", value: words.text("part-present", { version }) };
}

function hostPart(setUp: SetUp | undefined, words: Catalogue): Part {
  if (setUp === undefined) return { state: "checking", value: words.text("part-checking") };
  if ("version" in setUp.host) {
    return { state: "ready", value: words.text("part-present", { version: setUp.host.version }) };
  }
  switch (setUp.host.error.code) {
    case "host-missing":
      return { state: "problem", value: words.text("host-missing") };
    case "host-too-old":
      return { state: "problem", value: words.text("host-outdated") };
    default:
      return { state: "problem", value: words.text("host-refused") };
  }
}

function sitesPart(sites: boolean | undefined, words: Catalogue): Part {
  if (sites === undefined) return { state: "checking", value: words.text("part-checking") };
  return sites
    ? { state: "ready", value: words.text("sites-allowed") }
    : { state: "warning", value: words.text("sites-forbidden") };
}
