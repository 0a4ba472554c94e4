/**
 * The background: a service worker in Chromium, an event page in Firefox. It sleeps between requests and is started by
 * the first port; all listeners are therefore set up at once, and nothing is remembered but the settings.
 */
import { Glue, type Listener } from "./background/glue.ts";
import { type DocumentPort, knownDocument } from "./background/documents.ts";
import { Broker, type SentPort } from "./background/signing.ts";
import { carryOut } from "./background/signing_requests.ts";
import { serveSetUp } from "./background/set_up.ts";
import { startCore } from "./background/wasm_core.ts";
import { Catalogue } from "./catalogue.ts";
import { ERRORS } from "./errors.ts";
import type { ContentMessage } from "./generated/ContentMessage";
import type { ErrorCode } from "./generated/ErrorCode";
import type { PageReply } from "./generated/PageReply";
import { languageOf, loadSettings, type Settings } from "./settings.ts";
import { showSiteAccess } from "./background/badge.ts";
import { SET_UP_PORT } from "./set_up_check.ts";
import { SIGNING_PORT, SIGNING_WINDOW_PORT } from "./signing/messages.ts";
import { SiteAccess } from "./site_access.ts";

const { version } = chrome.runtime.getManifest();
let settings = loadSettings();
let language = languageOf({});
void settings.then(learn);

const glue = new Glue({
  runtime: chrome.runtime,
  startCore: async () => {
    const { language: chosen } = await settings;
    return startCore({ extension: version, language: languageOf(await settings), chosen: chosen !== undefined });
  },
  word: (report, language) => new Catalogue(language, ERRORS).failure(report),
  language: () => language,
  setTimeout: (run, milliseconds) => self.setTimeout(run, milliseconds),
  clearTimeout: (timer) => self.clearTimeout(timer),
});
const access = new SiteAccess(chrome.permissions, (everywhere) => void showSiteAccess(everywhere, settings));

const broker = new Broker({
  ownId: chrome.runtime.id,
  page: chrome.runtime.getURL("sign.html"),
  allows: (origin) => access.allows(origin),
  openWindow,
  carryOut: (request, id, origin, heard) => carryOut({ request, id, origin, heard, settings, extension: version }),
  word: async (report) => new Catalogue(languageOf(await settings), ERRORS).failure(report),
  setTimeout: (run, milliseconds) => self.setTimeout(run, milliseconds),
  clearTimeout: (timer) => self.clearTimeout(timer),
});

chrome.runtime.onConnect.addListener((port) => {
  if (port.name === SET_UP_PORT) serveSetUp(port, glue, version);
  else if (port.name === SIGNING_PORT) broker.serveDocument(port as SentPort);
  else if (port.name === SIGNING_WINDOW_PORT) broker.serveWindow(port as SentPort);
  else serveDocument(port as DocumentPort);
});

// wakes the background with the browser, so that the toolbar button says at once whether sites are allowed
chrome.runtime.onStartup.addListener(() => {});

chrome.storage.onChanged.addListener(() => {
  settings = loadSettings();
  void settings.then(learn);
  glue.renew();
});

/** A window of its own, so that it is before the person and no tab of the site's window. */
async function openWindow(url: string): Promise<() => void> {
  const opened = await chrome.windows.create({ url, type: "popup", width: 980, height: 860 });
  return () => {
    if (opened?.id !== undefined) void chrome.windows.remove(opened.id).catch(() => undefined);
  };
}

function learn(loaded: Settings): void {
  language = languageOf(loaded);
}

function serveDocument(port: DocumentPort): void {
  const document = knownDocument(port.sender, chrome.runtime.id);
  if (document === undefined) return void refuse(port, "origin-not-allowed");
  const { key, origin } = document;
  const listener: Listener = (reply) => tell(port, reply);
  if (!glue.opened(key, listener)) return void refuse(port, "request-pending");
  port.onDisconnect.addListener(() => glue.gone(key, listener));
  port.onMessage.addListener((message: ContentMessage) => void admit(message));

  async function admit(message: ContentMessage): Promise<void> {
    const allowed = await access.allows(origin);
    // the page may have been left in the meantime
    if (!glue.holds(key, listener)) return;
    if (allowed) return glue.content(key, origin, message);
    glue.gone(key, listener);
    await refuse(port, "permission-missing");
  }
}

async function refuse(port: DocumentPort, code: ErrorCode): Promise<void> {
  const catalogue = new Catalogue(languageOf(await settings), ERRORS);
  tell(port, { type: "failure", error: catalogue.failure({ code }) });
  port.disconnect();
}

function tell(port: DocumentPort, reply: PageReply): void {
  try {
    port.postMessage(reply);
  } catch {
    // the page was left a moment ago: onDisconnect follows
  }
}
