#!/usr/bin/env node
/**
 * Builds the extension for both browsers.
 *
 *     node build.mjs --core DIR [--out DIR]
 *
 * `--core`: what `wasm-bindgen --target web` made of the core (`*.js` and `*_bg.wasm`). `--out`: where `chromium/` and
 * `firefox/` are put; `dist` beside this file if not given. The same input gives the same bytes.
 */
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Most bytes of the core, compressed as a store compresses it. */
const MAX_CORE = 300 * 1024;

/** Languages that browsers speak; a browser in another one shows the manifest's default. */
const BROWSER_LANGUAGES = ["ar", "fr", "en"];

/**
 * @param {{ core: string, out: string }} options
 */
export async function buildExtension({ core, out }) {
  const { version } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));
  const { glue, code } = coreFiles(core);
  const bytes = gzipSync(readFileSync(code), { level: 9 }).length;
  if (bytes > MAX_CORE) throw new Error(`the core has ${bytes} bytes compressed, and may have ${MAX_CORE}`);
  for (const target of /** @type {const} */ (["chromium", "firefox"])) {
    const folder = join(out, target);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await bundle(folder, glue);
    cpSync(code, join(folder, "core.wasm"));
    for (const page of ["set_up.html", "set_up.css"]) cpSync(join(HERE, "src/set_up", page), join(folder, page));
    cpSync(join(HERE, "assets"), folder, { recursive: true });
    for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(join(HERE, "..", licence), join(folder, licence));
    // `cargo xtask build` puts the notices of the crates inside the core beside it
    const notices = join(core, "NOTICES.txt");
    if (existsSync(notices)) appendFileSync(join(folder, "NOTICES.txt"), `\n${readFileSync(notices, "utf8")}`);
    writeJson(join(folder, "manifest.json"), manifest(target, version));
    for (const language of BROWSER_LANGUAGES) {
      mkdirSync(join(folder, "_locales", language), { recursive: true });
      writeJson(join(folder, "_locales", language, "messages.json"), browserMessages(language));
    }
  }
}

/** @param {string} folder */
function coreFiles(folder) {
  const files = readdirSync(folder);
  const code = files.find((name) => name.endsWith("_bg.wasm"));
  const glue = code?.replace("_bg.wasm", ".js");
  if (code === undefined || glue === undefined || !files.includes(glue)) {
    throw new Error(`${folder} holds no output of wasm-bindgen --target web (NAME.js and NAME_bg.wasm)`);
  }
  return { glue: resolve(folder, glue), code: join(folder, code) };
}

/**
 * @param {string} folder
 * @param {string} glue
 */
async function bundle(folder, glue) {
  await build({
    entryPoints: ["content.ts", "background.ts", "set_up.ts"].map((name) => join(HERE, "src", name)),
    outdir: folder,
    bundle: true,
    format: "iife",
    target: ["chrome120", "firefox140"],
    charset: "utf8",
    legalComments: "none",
    alias: { "bitaqa-core": glue },
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
  const { values } = parseArgs({ options: { core: { type: "string" }, out: { type: "string" } } });
  if (values.core === undefined) {
    console.error("usage: node build.mjs --core DIR [--out DIR]");
    process.exit(2);
  }
  await buildExtension({ core: values.core, out: values.out ?? join(HERE, "dist") });
}
