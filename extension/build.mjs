#!/usr/bin/env node
/**
 * Builds the extension for both browsers.
 *
 *     node build.mjs --core DIR --documents DIR [--out DIR]
 *
 * `--core`: what `wasm-bindgen --target web` made of the core and of the modules that are loaded when needed: `NAME.js` and
 * `NAME_bg.wasm` for each of {@link MODULES}. `--documents`: the same of the module for documents, and of what sets text. `--out`: where `chromium/` and
 * `firefox/` are put; `dist` beside this file if not given. The same input gives the same bytes.
 */
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { build } from "esbuild";
import { fluentModule } from "./fluent.mjs";
import { manifest } from "./manifest.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const LOCALES = join(HERE, "../locales");

/** Codes that the content script raises; it takes their sentences from the browser, in the browser's language. */
const CONTENT_CODES = [
  "gesture-missing",
  "request-pending",
  "request-id-reused",
  "request-too-large",
  "extension-not-reachable",
];

/**
 * WebAssembly: what the sources import it as, its files, what it is called in the package, and the most bytes it may have,
 * compressed as a store compresses it. All but the core are loaded when they are needed. `from`: the folder that it comes from.
 */
const MODULES = /** @type {const} */ ([
  { from: "core", alias: "bitaqa-core", name: "bitaqa_core", file: "core.wasm", most: 300 * 1024 },
  { from: "core", alias: "bitaqa-images", name: "bitaqa_images", file: "images.wasm", most: 200 * 1024 },
  { from: "core", alias: "bitaqa-pdf", name: "bitaqa_pdf", file: "pdf.wasm", most: 600 * 1024 },
  { from: "documents", alias: "bitaqa-documents", name: "bitaqa_sign", file: "documents.wasm", most: 900 * 1024 },
  { from: "documents", alias: "bitaqa-lettering", name: "bitaqa_lettering", file: "lettering.wasm", most: 300 * 1024 },
]);

/** Parts of a page that several pages have: their style sheets. */
const PARTS = ["page", "document_view"];

/**
 * What is taken of pdf.js into `pdf/`, as it was published, so that it can be compared: itself, its worker, character maps, fonts that
 * documents take for granted, and decoders. Not what runs the scripts of documents, and no font under the GPL.
 */
const PDF_JS = [
  "legacy/build/pdf.min.mjs",
  "legacy/build/pdf.worker.min.mjs",
  "LICENSE",
  "cmaps",
  ...["Dingbats", "Fixed", "FixedBold", "FixedBoldItalic", "FixedItalic", "Serif", "SerifBold", "SerifBoldItalic", "SerifItalic", "Symbol"].map(
    (name) => `standard_fonts/Foxit${name}.pfb`,
  ),
  "standard_fonts/LICENSE_FOXIT",
  ...["jbig2.wasm", "LICENSE_JBIG2", "LICENSE_PDFJS_JBIG2"].map((name) => `wasm/${name}`),
  ...["openjpeg.wasm", "LICENSE_OPENJPEG", "LICENSE_PDFJS_OPENJPEG"].map((name) => `wasm/${name}`),
];

/** Languages that browsers speak; a browser in another one shows the manifest's default. */
const BROWSER_LANGUAGES = ["ar", "fr", "en"];

/**
 * @param {{ core: string, documents: string, out: string }} options
 */
export async function buildExtension({ core, documents, out }) {
  const { version } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));
  const modules = MODULES.map((module) => ({ ...module, ...moduleFiles({ core, documents }[module.from], module) }));
  for (const target of /** @type {const} */ (["chromium", "firefox"])) {
    const folder = join(out, target);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await bundle(folder, Object.fromEntries(modules.map(({ alias, glue }) => [alias, glue])));
    for (const { code, file } of modules) cpSync(code, join(folder, file));
    for (const page of ["set_up", "my_card", "check", "sign"]) {
      for (const ending of ["html", "css"]) cpSync(join(HERE, "src", page, `${page}.${ending}`), join(folder, `${page}.${ending}`));
    }
    for (const part of PARTS) cpSync(join(HERE, "src", part, `${part}.css`), join(folder, `${part}.css`));
    copyPdfJs(join(folder, "pdf"));
    cpSync(join(HERE, "assets"), folder, { recursive: true });
    for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(join(HERE, "..", licence), join(folder, licence));
    // in visible signatures; the licence is also that of the fonts in the export module
    for (const font of ["BitaqaSans-Regular.ttf", "OFL.txt"]) cpSync(join(HERE, "../host/fonts", font), join(folder, font));
    // `cargo xtask build` puts the notices of the crates inside the WebAssembly beside it
    for (const notices of [join(core, "NOTICES.txt"), join(documents, "NOTICES.txt")]) {
      if (existsSync(notices)) appendFileSync(join(folder, "NOTICES.txt"), `\n${readFileSync(notices, "utf8")}`);
    }
    writeJson(join(folder, "manifest.json"), manifest(target, version));
    for (const language of BROWSER_LANGUAGES) {
      mkdirSync(join(folder, "_locales", language), { recursive: true });
      writeJson(join(folder, "_locales", language, "messages.json"), browserMessages(language));
    }
  }
}

/**
 * @param {string} folder
 * @param {{ name: string, most: number }} module
 */
function moduleFiles(folder, { name, most }) {
  const [glue, code] = [resolve(folder, `${name}.js`), join(folder, `${name}_bg.wasm`)];
  if (!existsSync(glue) || !existsSync(code)) {
    throw new Error(`${folder} holds no output of wasm-bindgen --target web for ${name}`);
  }
  const bytes = gzipSync(readFileSync(code), { level: 9 }).length;
  if (bytes > most) throw new Error(`${name} has ${bytes} bytes compressed, and may have ${most}`);
  return { glue, code };
}

/** @param {string} folder */
function copyPdfJs(folder) {
  const source = dirname(fileURLToPath(import.meta.resolve("pdfjs-dist/package.json")));
  for (const path of PDF_JS) cpSync(join(source, path), join(folder, path.replace("legacy/build/", "")), { recursive: true });
}

/**
 * @param {string} folder
 * @param {Record<string, string>} alias
 */
async function bundle(folder, alias) {
  await build({
    entryPoints: ["content.ts", "background.ts", "set_up.ts", "my_card.ts", "check.ts", "sign.ts", "documents_worker.ts"].map((name) => join(HERE, "src", name)),
    outdir: folder,
    bundle: true,
    format: "iife",
    target: ["chrome120", "firefox140"],
    charset: "utf8",
    legalComments: "none",
    alias,
    plugins: [{ name: "fluent", setup: ({ onLoad }) => onLoad({ filter: /\.ftl$/ }, loadFluent) }],
    logOverride: { "empty-import-meta": "silent" },
    logLevel: "warning",
  });
}

/** @param {{ path: string }} file */
function loadFluent({ path }) {
  return { contents: fluentModule(path), loader: /** @type {const} */ ("js") };
}

/**
 * `_locales/LANGUAGE/messages.json`: what the browser itself shows, and the content script's few sentences.
 *
 * @param {string} language
 */
function browserMessages(language) {
  const words = new FluentBundle(language, { useIsolating: false });
  for (const file of ["extension.ftl", "errors.ftl"]) {
    words.addResource(new FluentResource(readFileSync(join(LOCALES, language, file), "utf8")));
  }
  /** @type {Record<string, { message: string }>} */
  const messages = {
    name: { message: text(words, "extension-name") },
    description: { message: text(words, "extension-description") },
  };
  for (const code of CONTENT_CODES) {
    const key = `error_${code.replaceAll("-", "_")}`;
    messages[key] = { message: text(words, `error-${code}`) };
    messages[`${key}_remedy`] = { message: text(words, `error-${code}`, "remedy") };
  }
  return messages;
}

/**
 * @param {FluentBundle} words
 * @param {string} id
 * @param {string} [attribute]
 */
function text(words, id, attribute) {
  const message = words.getMessage(id);
  const pattern = attribute === undefined ? message?.value : message?.attributes[attribute];
  if (!pattern) throw new Error(`locales/${words.locales[0]} says nothing for ${id}${attribute ? `.${attribute}` : ""}`);
  // "$" begins a placeholder in messages.json
  return words.formatPattern(pattern).replaceAll("$", "$$$$");
}

/**
 * @param {string} path
 * @param {unknown} value
 */
function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { core: { type: "string" }, documents: { type: "string" }, out: { type: "string" } } });
  if (values.core === undefined || values.documents === undefined) {
    console.error("usage: node build.mjs --core DIR --documents DIR [--out DIR]");
    process.exit(2);
  }
  await buildExtension({ core: values.core, documents: values.documents, out: values.out ?? join(HERE, "dist") });
}
