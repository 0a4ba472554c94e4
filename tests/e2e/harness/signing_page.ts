import { type Tab, until } from "./browser.ts";
import type { Stage } from "./stage.ts";

/** The page on which documents are signed, the person's own or a site's, and a person before it. */
export class SigningPage {
  readonly tab: Tab;
  readonly #stage: Stage;

  constructor(stage: Stage, tab: Tab) {
    this.#stage = stage;
    this.tab = tab;
  }

  /** Opens "Sign a file", in English; what it gives to the browser to be saved is kept in `window.overheard`. */
  static async open(stage: Stage): Promise<SigningPage> {
    const tab = await stage.browser.openExtensionPage("sign.html");
    await until(() => tab.evaluate<boolean>('document.querySelector("#title").textContent !== ""'), "the page's words");
    await tab.evaluate('document.querySelector("#language").value = "en"; document.querySelector("#language").dispatchEvent(new Event("change"))');
    await tab.evaluate(OVERHEAR);
    return new SigningPage(stage, tab);
  }

  /** What stands there. */
  async text(of = "main"): Promise<string> {
    // names and numbers stand in isolates
    return (await this.tab.evaluate<string>(`document.querySelector("${of}").innerText`)).replace(/[\u2068\u2069]/g, "");
  }

  /** Waits until this stands there. */
  says(what: string): Promise<unknown> {
    return until(async () => (await this.text()).includes(what), `"${what}" on the page`, 60_000);
  }

  /** Presses "Sign", agrees in the host's window that the certificate is used, and types the PIN in the next. */
  async sign(pin: string, asks?: string): Promise<void> {
    await this.agree(asks);
    await this.#stage.enter(pin);
  }

  /** Presses "Sign", and agrees in the host's window that the certificate is used. `asks`: what the page says meanwhile in its language. */
  async agree(asks = "asks about your certificate"): Promise<void> {
    await this.tab.bringToFront();
    // not before a person can have looked at the document
    await until(() => this.tab.evaluate<boolean>('!document.querySelector("#go").disabled'), "what is signed to be seen");
    await this.tab.click("#go");
    await this.says(asks);
    await this.#stage.desktop.enter(
      () => this.#stage.desktop.press("Tab", "Return"),
      async () => !(await this.text()).includes(asks),
    );
  }

  /** Presses "Cancel", which closes a site's window: it may be gone before the browser says that it was pressed. */
  async cancel(): Promise<void> {
    await this.tab.click("#cancel").catch(() => undefined);
  }

  /** Answers a question of the page. */
  async answer(question: string, answer: number): Promise<void> {
    await this.says(question);
    await this.tab.bringToFront();
    await this.tab.click(`#answers button:nth-child(${answer})`);
  }

  /** Waits until everything is signed. */
  async isDone(): Promise<void> {
    await until(async () => (await this.tab.evaluate<string>('document.querySelector("#state").dataset.state')) === "ready", "the end", 60_000);
  }

  /** The files that the person can save, by name. */
  async saved(): Promise<Map<string, Buffer>> {
    await this.isDone();
    // what was shown before them, such as an image, is heard as well
    const files = await this.tab.evaluate<[string, string][]>(`(() => {
      const names = [...document.querySelectorAll("#saved .name")];
      return Promise.all(names.map(async ({ textContent }, at) => [textContent, await ${BASE64}(window.overheard.at(at - names.length))]));
    })()`);
    return new Map(files.map(([called, base64]) => [called, Buffer.from(base64, "base64")]));
  }
}

/** A file that a site's page got. */
export function signedFile(site: Tab, at = 0): Promise<Buffer> {
  return pieces(site, `window.signedFiles[${at}].blob`);
}

/** The last file that the page gave to the browser to be saved. */
export function savedFile(tab: Tab): Promise<Buffer> {
  return pieces(tab, "window.overheard.at(-1)");
}

/** Longest piece of a file that a page tells at once, in bytes. */
const PIECE = 8 * 1024 * 1024;

async function pieces(tab: Tab, blob: string): Promise<Buffer> {
  const size = await tab.evaluate<number>(`${blob}.size`);
  const read: Buffer[] = [];
  for (let at = 0; at < size; at += PIECE) {
    read.push(Buffer.from(await tab.evaluate<string>(`${BASE64}(${blob}.slice(${at}, ${at + PIECE}))`), "base64"));
  }
  return Buffer.concat(read);
}

/** A Blob of a page as base64. */
const BASE64 = `((blob) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.split(",")[1]);
  reader.readAsDataURL(blob);
}))`;

/** What the page gives to the browser to be saved is kept here, and nothing else of the page is changed. */
const OVERHEAR = `(() => {
  const real = URL.createObjectURL;
  window.overheard = [];
  URL.createObjectURL = (blob) => {
    window.overheard.push(blob);
    return real.call(URL, blob);
  };
})()`;
