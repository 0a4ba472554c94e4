import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import {
  eachFocused, faint, type Focused, focused, misbuilt, numberControls, script, smallTargets, spaceNormally, spaceOut, unreadable, unsaidLanguages,
} from "./page_checks.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A window in which 1280 CSS pixels stand side by side, and what is left of it at 400 % zoom (WCAG 1.4.10). */
export const DESKTOP = { width: 1280, height: 1024 };
const ZOOMED = { width: 320, height: 256 };
export const PHONE = { width: 390, height: 844 };

/** A page of either driver. */
export interface Judged {
  evaluate(script: string): Promise<unknown>;
}

/** Asks a page one of the checks. */
export async function ask<Answer>(page: Judged, check: (...values: never[]) => Answer, ...values: unknown[]): Promise<Answer> {
  return (await page.evaluate(script(check, ...values))) as Answer;
}

/** What axe finds against a page, and what it cannot decide. */
export async function axe(page: Judged, ...rules: string[]): Promise<string[]> {
  const options: RunOptions = rules.length > 0
    ? { runOnly: { type: "rule", values: rules } }
    // axe leaves this one out unless it is asked for
    : { runOnly: { type: "tag", values: TAGS }, rules: { "target-size": { enabled: true } } };
  if ((await page.evaluate("typeof axe")) !== "object") await page.evaluate(`{ ${AXE} }`);
  return (await page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(${told.toString()})`)) as string[];
}

/** In the page: the rest of what axe says is much, and takes long to get here. */
function told({ violations, incomplete }: AxeResults): string[] {
  const each = (results: AxeResults["violations"], how: string): string[] =>
    results.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `axe ${how} ${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`));
  return [...each(violations, "refuses"), ...each(incomplete, "cannot decide")];
}

/** What is wrong with a page, by everything that can be measured. Where colours do not depend on the language, one language is enough. */
export async function judge(page: Page, language: string, colours: "every" | "light"): Promise<string[]> {
  const direction = language === "ar" ? "rtl" : "ltr";
  await page.setViewportSize(DESKTOP);
  const faults = [
    ...(await axe(page)),
    ...(await ask(page, misbuilt)),
    ...(await ask(page, unsaidLanguages, language, direction)),
    ...(await ask(page, faint)),
    ...(await walk(page, direction)),
  ];
  for (const media of colours === "every" ? SCHEMES : []) {
    await page.emulateMedia(media);
    const found = [...(await ask(page, faint)), ...judged(await ask(page, eachFocused), direction)];
    // where colours are forced, axe takes one (-webkit-text-fill-color) that the browser does not draw
    if (media.forcedColors === "none") found.push(...(await axe(page, "color-contrast")));
    faults.push(...found.map((fault) => `${Object.values(media).join(", ")}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  for (const size of [DESKTOP, PHONE, ZOOMED]) {
    await page.setViewportSize(size);
    const found = [...(await ask(page, unreadable)), ...(await ask(page, smallTargets))];
    await ask(page, spaceOut);
    found.push(...(await ask(page, unreadable)).map((fault) => `spaced out: ${fault}`));
    await ask(page, spaceNormally);
    faults.push(...found.map((fault) => `${size.width} px: ${fault}`));
  }
  // where little is seen at once, the focus has to be in it
  faults.push(...judged(await ask(page, eachFocused), direction).map((fault) => `zoomed: ${fault}`));
  return faults;
}

/** Dark colours, and those that people choose themselves (forced colours), on light and on dark. */
const SCHEMES = [
  { colorScheme: "dark", forcedColors: "none" },
  { colorScheme: "light", forcedColors: "active" },
  { colorScheme: "dark", forcedColors: "active" },
] as const;

/** What is wrong for somebody who has a keyboard only: what it does not reach, in which order, and whether the focus is seen. */
export async function walk(page: Pick<Page, "keyboard"> & Judged, direction: "ltr" | "rtl"): Promise<string[]> {
  const [expected, reached]: [number[], Focused[]] = [await ask(page, numberControls), []];
  for (const number of expected) {
    await page.keyboard.press("Tab");
    const now = await ask(page, focused);
    if (now?.number !== number) return [...judged(reached, direction), `Tab leads to ${now?.name ?? "nothing"} instead of control ${number}`];
    reached.push(now);
  }
  return judged(reached, direction);
}

/** Whether each control shows its focus and is read after the one before it. */
function judged(reached: readonly (Focused | null)[], direction: "ltr" | "rtl"): string[] {
  return reached.flatMap((now, at) => {
    if (now === null) return ["a control takes no focus"];
    const last = reached[at - 1];
    const order = last && !follows(last.box, now.box, direction) && !holds(last.box, now.box) ? [`${now.name} stands before ${last.name} and comes after it`] : [];
    return [...now.unseen.map((why) => `focus of ${now.name}: ${why}`), ...order];
  });
}

/** Whether a box is inside another, as a link is in a table that can be pushed sideways. */
function holds(one: Focused["box"], other: Focused["box"]): boolean {
  return other.x >= one.x - 1 && other.y >= one.y - 1 && other.x + other.width <= one.x + one.width + 1 && other.y + other.height <= one.y + one.height + 1;
}

/** Whether a box is read after another: further down, or beside it in the direction of reading. The skip link stands above everything. */
function follows(one: Focused["box"], other: Focused["box"], direction: "ltr" | "rtl"): boolean {
  if (other.y >= one.y + one.height - 1) return true;
  if (other.y + other.height <= one.y + 1) return false;
  return direction === "ltr" ? other.x >= one.x + one.width - 1 : other.x + other.width <= one.x + 1;
}
