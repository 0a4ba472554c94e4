import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { LANGUAGES, preferredLanguage } from "../src/language.ts";
import { Catalogue } from "../src/catalogue.ts";
import { ERRORS } from "../src/errors.ts";
import { WORDS } from "../src/words.ts";

const SOURCES = new URL("../src/", import.meta.url);

function ids(language: string, file: string): string[] {
  const text = readFileSync(new URL(`../../locales/${language}/${file}`, import.meta.url), "utf8");
  return new FluentResource(text).body.map(({ id }) => id).sort();
}

/** The sources of the extension's own pages and of the toolbar button. */
function sources(): string {
  return readdirSync(SOURCES, { recursive: true })
    .map(String)
    // these pages, and the view of documents, have catalogues of their own: my_card.test.ts, check.test.ts, sign.test.ts, document_view.test.ts
    .filter((name) => /\.(ts|html)$/.test(name) && !/^(generated|my_card|check[./]|sign[./]|signing|document_view)/.test(name))
    .map((name) => readFileSync(new URL(name, SOURCES), "utf8"))
    .join("\n");
}

test("every language says the same things", () => {
  for (const language of LANGUAGES) {
    assert.deepEqual(ids(language, "extension.ftl"), ids("en", "extension.ftl"), language);
    assert.deepEqual(ids(language, "errors.ftl"), ids("en", "errors.ftl"), language);
  }
});

test("what no speaker has reviewed says so, in every file but the English ones", () => {
  const folder = new URL("../../locales/", import.meta.url);
  for (const language of LANGUAGES.filter((one) => one !== "en")) {
    for (const file of readdirSync(new URL(`${language}/`, folder))) {
      const text = readFileSync(new URL(`${language}/${file}`, folder), "utf8");
      assert.match(text, /^# draft: no speaker has reviewed these (sentences|texts) yet\.$/m, `${language}/${file}`);
    }
  }
});

test("every word that the pages ask for exists, and none is left over", () => {
  const text = sources();
  const known = ids("en", "extension.ftl");
  const asked = [...text.matchAll(/data-text="([^"]+)"/g)].map(([, id]) => id);
  assert.deepEqual(asked.filter((id) => !known.includes(id ?? "")), []);
  const named = (id: string): boolean => text.includes(`"${id}"`) || id === "extension-description";
  assert.deepEqual(known.filter((id) => !named(id)), []);
});

test("a failure is worded in each language, with the tries left", () => {
  for (const language of LANGUAGES) {
    const { message, remedy } = new Catalogue(language, ERRORS).failure({ code: "pin-wrong", triesLeft: 2 });
    assert.ok(message.length > 0 && remedy.length > 0);
    assert.ok(!`${message}${remedy}`.includes("error-pin-wrong"), language);
  }
});

test("versions stand in isolation marks, so that right-to-left text cannot turn them around", () => {
  assert.equal(new Catalogue("ar", WORDS).text("part-present", { version: "0.1.0" }), "الإصدار \u20680.1.0\u2069");
});

test("digits are western in every language", () => {
  for (const language of LANGUAGES) {
    assert.match(new Catalogue(language, WORDS).text("duration", { milliseconds: 12 }), /12/);
  }
});

test("the language is the first of the browser's that is ours, and Arabic otherwise", () => {
  assert.equal(preferredLanguage(["de-DE", "fr-MA", "ar"]), "fr");
  assert.equal(preferredLanguage(["zgh-Tfng-MA"]), "zgh");
  assert.equal(preferredLanguage(["de"]), "ar");
  assert.equal(preferredLanguage([]), "ar");
});
