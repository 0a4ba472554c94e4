/**
 * The one page: what can be signed, and what this session signed.
 */
import { isPdf } from "./signing.mjs";
import { FOR_THE_SCRIPT, LANGUAGES, sentence } from "./words.mjs";

/** Text that is markup already. */
class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/**
 * Markup with values in it, which are text unless they are markup.
 *
 * @param {TemplateStringsArray} strings
 * @param {...(string | number | Markup | Markup[])} values
 */
function html(strings, ...values) {
  const written = values.map((value) => {
    if (value instanceof Markup) return value.text;
    if (Array.isArray(value)) return value.map(({ text }) => text).join("");
    return String(value).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  });
  return new Markup(String.raw({ raw: strings }, ...written));
}

/**
 * @param {{ language: import("./words.mjs").Language, origin: string, documents: readonly import("./signing.mjs").Document[],
 *   signed: ReadonlyMap<number, import("./signing.mjs").Signed>, test: boolean }} shown
 */
export function page({ language, origin, documents, signed, test }) {
  const word = (/** @type {string} */ name, values = {}) => sentence(language, name, values).message;
  // no text can end the element it stands in
  const forTheScript = JSON.stringify(Object.fromEntries(FOR_THE_SCRIPT.map((name) => [name, sentence(language, name)]))).replaceAll("<", "\\u003c");
  const languages = Object.entries(LANGUAGES).map(
    ([tag, name]) => html`
        <li><a href="/?lang=${tag}" lang="${tag}" hreflang="${tag}"${tag === language ? html` aria-current="true"` : ""}>${name}</a></li>`,
  );

  const rows = documents.map((document, at) => {
    const file = signed.get(at);
    return html`
    <section id="document-${at}" aria-labelledby="name-${at}">
      <h2 id="name-${at}"><bdi>${document.name}</bdi></h2>
      <p><a href="/documents/${at}" target="_blank">${word("document-read", { name: document.name })}</a></p>${file === undefined ? asked(at, document) : made(at, file)}
    </section>`;
  });

  /** @param {number} at @param {import("./signing.mjs").Document} document */
  function asked(at, document) {
    return html`
      <div class="actions"><button class="go" data-document="${at}">${word("document-sign", { name: document.name })}</button></div>`;
  }

  /** @param {number} at @param {import("./signing.mjs").Signed} file */
  function made(at, file) {
    return html`${file.assurance === "test" ? html`
      <p class="test" role="note"><strong>TEST</strong> <span>${word("test-signed")}</span></p>` : ""}
      <div class="who">
        <span class="sign" aria-hidden="true">✓</span>
        <p class="name">${word("signed-by", { name: file.signer })}</p>
        <p class="number"><bdi dir="ltr">${file.kind}</bdi></p>
      </div>
      <dl>
        <div><dt>${word("revocation")}</dt><dd><span class="unchecked"><span aria-hidden="true">!</span> ${word("revocation-unchecked")}</span></dd></div>
      </dl>
      <p><a class="save" href="/signed/${at}" download>${word("signed-save", { name: file.name })}</a></p>${file.before.length === 0 ? html`
      <p class="receives">${word("signed-beside")}</p>` : ""}`;
  }

  return html`<!doctype html>
<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${word("provider-title")} · ${word("provider-name")}</title>
  <link rel="icon" type="image/svg+xml" href="/assets/logo.svg">
  <link rel="stylesheet" href="/assets/tokens.css">
  <link rel="stylesheet" href="/assets/page.css">
  <link rel="stylesheet" href="/assets/portal.css">
  <link rel="stylesheet" href="/assets/provider.css">
  <script type="application/json" id="words">${new Markup(forTheScript)}</script>
  <script type="module" src="/assets/sign.js"></script>
</head>
<body>
  <a class="skip" href="#main">${word("skip")}</a>
  <header>
    <p class="brand"><img src="/assets/logo.svg" alt="" width="40" height="40"> ${word("provider-name")}</p>
    <nav aria-label="${word("language")}">
      <ul>${languages}
      </ul>
    </nav>
  </header>

  <main id="main">
    <h1>${word("provider-title")}</h1>
    <p>${word("provider-intro")}</p>
    <ol>
      <li>${word("step-card")}</li>
      <li>${word("step-document")}</li>
      <li>${word("step-digest")}</li>
    </ol>
    <p class="receives"><strong>${word("receives")}</strong> ${word("signing-receives-what")}</p>
${rows}
    <div class="actions">
      <button id="cancel" hidden>${word("cancel")}</button>
      <p id="progress" role="status"></p>
      <div id="failure" role="alert"></div>
    </div>
    <template id="failure-template">
      <p class="what"></p>
      <p class="remedy"></p>
      <p class="code"><code></code></p>
    </template>
    <noscript><p class="warning">${word("no-script")}</p></noscript>${test ? html`
    <p class="test small" role="note"><strong>TEST</strong> <span>${word("test-accepted")}</span></p>` : ""}
  </main>

  <footer>
    <p>${word("provider-note")}</p>
    <p class="origin" dir="ltr">${origin}</p>
  </footer>
</body>
</html>
`.text;
}

/** @param {import("./signing.mjs").Document} document */
export const mediaType = (document) => (isPdf(document) ? "application/pdf" : "text/plain; charset=utf-8");
