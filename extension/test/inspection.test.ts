import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";
import { Catalogue } from "../src/catalogue.ts";
import { EngineError } from "../src/documents/engine.ts";
import type { Overview, PdfRisks } from "../src/documents/results.ts";
import { LANGUAGES } from "../src/language.ts";
import { Inspection } from "../src/sign/inspection.ts";
import { isFlagged, RISK_TEXTS, risksOf, riskTexts } from "../src/sign/risks.ts";
import type { NamedFile } from "../src/signing/flow.ts";

const NONE = Object.fromEntries(Object.keys(RISK_TEXTS).map((risk) => [risk, false])) as unknown as PdfRisks;
const ALL = Object.fromEntries(Object.keys(RISK_TEXTS).map((risk) => [risk, true])) as unknown as PdfRisks;

const file = (name: string, content: string, type = ""): NamedFile => ({ name, type, blob: new Blob([content], { type }) });

/** An engine that finds what the content says, and how many it inspected at once. */
class FakeEngine {
  inspected: string[] = [];
  most = 0;
  closed = 0;
  /** What the next inspection waits for. */
  held: Promise<void> = Promise.resolve();
  #running = 0;

  async inspect(blob: Blob): Promise<Overview> {
    this.most = Math.max(this.most, (this.#running += 1));
    const content = await blob.text();
    this.inspected.push(content);
    await this.held;
    this.#running -= 1;
    if (content.includes("broken")) throw new EngineError("document-unreadable" as never, "it is broken");
    return { risks: { ...NONE, javaScript: content.includes("script") } } as Overview;
  }

  close(): void {
    this.closed += 1;
  }
}

test("every kind of risk has a sentence of its own in every language", () => {
  for (const language of LANGUAGES) {
    const text = readFileSync(new URL(`../../locales/${language}/sign.ftl`, import.meta.url), "utf8");
    const resources = Object.fromEntries(LANGUAGES.map((one) => [one, [new FluentResource(text)]])) as never;
    const words = new Catalogue(language, resources);
    const said = [...riskTexts({ risks: risksOf(ALL) }, words), ...riskTexts({ unreadable: "why" }, words)];
    assert.equal(said.length, Object.keys(ALL).length + 1);
    assert.equal(new Set(said).size, said.length, language);
    // a sentence that is missing is its id
    assert.deepEqual(said.filter((sentence) => sentence.startsWith("risk-")), [], language);
  }
});

test("every PDF of a batch is inspected, one at a time, and nothing else is", async () => {
  const engine = new FakeEngine();
  const found: number[] = [];
  let done = 0;
  const inspection = new Inspection(engine, { found: (index) => found.push(index), done: () => (done += 1) });
  const documents = [file("a.pdf", "%PDF-1.7"), file("b.txt", "text"), file("c.pdf", "%PDF-1.7 script"), file("d.pdf", "broken"), file("e.bin", "x %PDF-1.7 script", "text/plain"), file("f.pdf", "", "")];
  const ended = inspection.begin(documents);
  assert.equal(inspection.isDone, false);
  await ended;
  assert.deepEqual(found, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([engine.inspected.length, engine.most, done, inspection.isDone], [5, 1, 1, true]);
  assert.deepEqual(inspection.flagged, [2, 3, 4]);
  assert.deepEqual(inspection.of(2), { risks: ["javaScript"] });
  assert.deepEqual(inspection.of(3), { unreadable: "it is broken" });
});

test("a document that can no longer be read is flagged", async () => {
  const inspection = new Inspection(new FakeEngine(), { found: () => undefined, done: () => undefined });
  const gone = { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("it is gone")) }) } as unknown as Blob;
  await inspection.begin([{ name: "a.txt", type: "text/plain", blob: gone }]);
  assert.ok(isFlagged(inspection.of(0)) && inspection.isDone);
});

test("what was given up says nothing of the documents that came in its place", async () => {
  const engine = new FakeEngine();
  let go = (): void => undefined;
  engine.held = new Promise((resolve) => (go = resolve));
  const found: number[] = [];
  let done = 0;
  const inspection = new Inspection(engine, { found: (index) => found.push(index), done: () => (done += 1) });
  const first = inspection.begin([file("a.pdf", "%PDF-1.7 script"), file("b.pdf", "%PDF-1.7 script")]);
  const second = inspection.begin([file("c.pdf", "%PDF-1.7"), file("d.pdf", "%PDF-1.7")]);
  assert.ok(engine.closed > 0, "nobody waits for what was given up");
  go();
  await Promise.all([first, second]);
  assert.deepEqual([found, done, inspection.flagged], [[0, 1], 1, []]);
});
