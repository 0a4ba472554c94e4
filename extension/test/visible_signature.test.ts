import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { Catalogue, type Catalogues } from "../src/catalogue.ts";
import type { Engine } from "../src/documents/engine.ts";
import type { SigningCertificate } from "../src/generated/SigningCertificate.ts";
import { LANGUAGES } from "../src/language.ts";
import { type FlowEvents, signDocuments, type Visible } from "../src/signing/flow.ts";
import type { HostRequests } from "../src/signing/host_requests.ts";
import { dateText, lettersWanted, linesOf, lookOf } from "../src/signing/visible_signature.ts";

const resources = (language: string): FluentResource[] => [new FluentResource(readFileSync(new URL(`../../locales/${language}/sign.ftl`, import.meta.url), "utf8"))];
const WORDS = Object.fromEntries(LANGUAGES.map((language) => [language, resources(language)])) as unknown as Catalogues;

test("it says who signs, when and why, in the language of the window, and nothing of what is not known", () => {
  const at = new Date(2026, 10, 26, 9, 5);
  for (const language of LANGUAGES) {
    const lines = linesOf(new Catalogue(language, WORDS), ["Amina", "EXEMPLE,AMINA"], at, "سبب");
    // a site's words stand in quotation marks, in which no space holds "Signed by:" together
    const reason = (given: string) => (linesOf(new Catalogue(language, WORDS), [], at, given)[1]?.values[0] ?? "").replaceAll(/[\u2068\u2069]/g, "");
    assert.deepEqual(lines.slice(0, 2).map(({ values }) => values), [["Amina", "EXEMPLE,AMINA"], [dateText(at)]]);
    assert.match(reason("سبب"), /^[“«]\s?سبب\s?[”»]$/);
    assert.match(reason("I agree.\u00a0Signed\u00a0by:\u2003X"), /I agree\. Signed by: X/);
    const labels = lines.map(({ label }) => label);
    assert.ok(labels.every((label) => label.endsWith(":") && !/shown-/.test(label)) && new Set(labels).size === 3, labels.join());
  }
  const english = new Catalogue("en", WORDS);
  assert.deepEqual(linesOf(english, [], at, undefined).map(({ label }) => label), ["Date:"]);
  // as fonts have it: one letter, and not one with a mark
  assert.deepEqual(linesOf(english, ["Zoe\u0301"], at, undefined)[0]?.values, ["Zo\u00e9"]);
});

test("a date has its time zone, and is not broken", () => {
  const at = new Date(2026, 0, 2, 3, 4);
  const zoned = (minutes: number): string => {
    at.getTimezoneOffset = () => minutes;
    return dateText(at);
  };
  assert.equal(zoned(-60), "02/01/2026\u00a003:04\u00a0(UTC+01:00)");
  assert.equal(zoned(210), "02/01/2026\u00a003:04\u00a0(UTC-03:30)");
  assert.equal(zoned(0), "02/01/2026\u00a003:04\u00a0(UTC+00:00)");
});

test("the image is a part of what is set, and of what goes into the file", async () => {
  const image = { blob: new Blob(["png"]), width: 30, height: 20 };
  const lines = [{ label: "a", values: ["b"] }];
  assert.deepEqual(lettersWanted({ width: 1, height: 2 }, lines, image), { width: 1, height: 2, image: [30, 20], lines });
  const row = { text: "a b", shaped: { beginsRight: false, glyphs: [] } };
  assert.deepEqual(await lookOf({ size: 9, rows: [row], image: null, font: "AAAA" }, image), { shaped: { font: "AAAA", lines: [row.shaped] }, image: btoa("png") });
  assert.deepEqual(Object.keys(await lookOf({ size: 9, rows: [], image: null, font: "AAAA" }, undefined)), ["shaped"]);
});

test("what is seen is made for the certificate that signs, at the time that is signed, on one document", async () => {
  const certificate: SigningCertificate = { certificate: "AAAA", algorithms: ["ES256"], statements: [], legislations: [], policies: [], pinEachTime: false };
  const asked: [string, Date][] = [];
  const visible: Visible = {
    ...{ on: 1, page: 3, x: 10.126, y: 20, width: 30, height: 40, reason: "why" },
    async look(given, at) {
      asked.push([given, at]);
      return { shaped: { font: "AAAA", lines: [] } };
    },
  };
  const requests: { statement: { signingTime: number }; pdf?: object }[] = [];
  const engine = {
    isWanted: async () => true,
    async prepare(request: (typeof requests)[number]) {
      requests.push(request);
      return { toBeSigned: Uint8Array.of(1), state: Uint8Array.of(1) };
    },
  } as unknown as Engine;
  const ended = new Error("enough");
  const host = { certificates: async () => [certificate], sign: () => Promise.reject(ended) } as unknown as HostRequests;
  const events = { signal: new AbortController().signal, stage: () => undefined, unsuited: () => undefined } as unknown as FlowEvents;
  const files = ["a.pdf", "b.pdf"].map((name) => ({ name, type: "application/pdf", blob: new Blob([name]) }));
  const wish = { format: "pades", level: "B-B", certificate: { qualified: false }, visible } as const;
  await assert.rejects(signDocuments({ engine, host }, { language: "en" }, files, wish, events), ended);
  assert.deepEqual(asked.map(([given]) => given), ["AAAA"]);
  const [first, second] = requests;
  assert.equal(first?.pdf, undefined);
  assert.deepEqual(second?.pdf, { appearance: { page: 2, rectangle: [10.13, 20, 40.13, 60], shaped: { font: "AAAA", lines: [] } }, reason: "why" });
  assert.equal(second.statement.signingTime, Math.floor((asked[0]?.[1].getTime() ?? 0) / 1000));
});
