import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Tab } from "./browser.ts";
import { administratorWords } from "./core_image.ts";
import { descendants } from "./processes.ts";

const SEARCH_MEMORY = fileURLToPath(new URL("../fixtures/search_memory.mjs", import.meta.url));

/** A text, and every form in which it is looked for. */
export class Needle {
  readonly forms: readonly { name: string; bytes: Buffer }[];

  constructor(text: string) {
    const encoded = [0, 1, 2].map((shift) => ({
      name: `${text} in base64, ${shift} bytes after a multiple of three`,
      bytes: Buffer.from(base64At(shift, text)),
    }));
    this.forms = [
      { name: text, bytes: Buffer.from(text) },
      { name: `${text} in UTF-16`, bytes: Buffer.from(text, "utf16le") },
      ...encoded,
    ];
  }

  /** The forms that stand in some bytes. */
  in(bytes: Buffer): string[] {
    return this.forms.filter(({ bytes: form }) => bytes.includes(form)).map(({ name }) => name);
  }
}

/** What of a text's base64 does not depend on what stands before and after it. */
function base64At(shift: number, text: string): string {
  const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
  const cut = whole.subarray(0, whole.length - (whole.length % 3));
  return cut.toString("base64").slice(shift === 0 ? 0 : 4);
}

/** What was looked into, and what was found there. */
export interface Searched {
  /** Bytes, by place. */
  bytes: Record<string, number>;
  /** Place and form. */
  found: string[];
}

/** Where a browser keeps, shows, says or writes anything. */
export interface Places {
  browser: Browser;
  /** Pages of portals that are still open. */
  tabs: readonly Tab[];
  /** What programs said. */
  said: Readonly<Record<string, Buffer>>;
  /** Processes that show names because that is their work, with what they start. */
  exempt: (pid: number) => boolean;
}

/** Looks for needles in every place. */
export async function search(needles: readonly Needle[], places: Places): Promise<Searched> {
  const result: Searched = { bytes: {}, found: [] };
  const look = (place: string, bytes: Buffer): void => {
    result.bytes[place] = (result.bytes[place] ?? 0) + bytes.length;
    for (const needle of needles) result.found.push(...needle.in(bytes).map((form) => `${place}: ${form}`));
  };
  for (const tab of places.tabs) look("page", Buffer.from(await tab.evaluate<string>(OF_PAGE)));
  look("extension storage", await extensionStorage(places.browser));
  for (const [who, bytes] of Object.entries(places.said)) look(`said by ${who}`, bytes);
  look("said by browser", Buffer.from(places.browser.said()));
  for (const path of places.browser.folders.flatMap(filesIn)) {
    const bytes = unlessGone(() => readFileSync(path));
    if (bytes === undefined) continue;
    look("profile", bytes);
    look("profile", Buffer.from(path));
  }
  for (const [target, snapshot] of await places.browser.heapSnapshots()) look(`heap of ${target}`, Buffer.from(snapshot));
  const memory = await searchMemory(needles, processesOf(places));
  result.bytes["memory"] = memory.searched;
  result.found.push(...memory.found);
  return result;
}

/** What a page shows and keeps. */
const OF_PAGE = `JSON.stringify([
  document.documentElement.outerHTML, window.results, { ...localStorage }, { ...sessionStorage }, document.cookie, location.href,
])`;

async function extensionStorage(browser: Browser): Promise<Buffer> {
  const page = await browser.openExtensionPage("set_up.html");
  const content = await page.evaluate<string>(`(async () => JSON.stringify([
    await chrome.storage.local.get(), await chrome.storage.session.get(), { ...localStorage },
    (await indexedDB.databases()).map(({ name }) => name), await caches.keys(), document.documentElement.outerHTML,
  ]))()`);
  await page.close();
  return Buffer.from(content);
}

/** Every process of a browser: itself, what draws pages, what runs the extension, and what carries the host's words. */
function processesOf({ browser, exempt }: Places): Map<number, string> {
  const root = browser.processId();
  const started = descendants(root).filter(({ pid }) => !exempt(pid));
  return new Map([[root, "the browser itself"], ...started.map(({ pid, words }) => [pid, kindOf(words)] as const)]);
}

/** Looks for needles in the memory of processes, given with what they are. */
export async function searchMemory(
  needles: readonly Needle[],
  processes: ReadonlyMap<number, string>,
): Promise<{ searched: number; found: string[] }> {
  const forms = needles.flatMap((needle) => needle.forms);
  const [first = "", ...words] = administratorWords(process.execPath, SEARCH_MEMORY, ...[...processes.keys()].map(String));
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(first, words, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
    child.stdin?.end(JSON.stringify(forms.map(({ bytes }) => bytes.toString("base64"))));
  });
  const { searched, found } = JSON.parse(output) as { searched: number; found: [number, number, number][] };
  return { searched, found: found.map(([pid, form, count]) => `memory of ${processes.get(pid)}: ${forms[form]?.name}, ${count} times`) };
}

/** What a process is, by its command line: Chromium writes its children's as one word. */
function kindOf(words: readonly string[]): string {
  const [program = "", ...rest] = words.join(" ").split(" ");
  return [program, ...rest.filter((word) => /^--type=|^[a-z]+$/.test(word))].join(" ");
}

/** Every file below a folder; what cannot be read (sockets, locks) is no file. */
export function filesIn(folder: string): string[] {
  return (unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? []).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
  });
}

/** What is there; nothing if the browser, which goes on working, has removed it meanwhile. */
export function unlessGone<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
