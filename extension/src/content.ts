/**
 * The content script: in every secure top-level document, without a trace in it. It listens for one kind of message of
 * its own window and says nothing before the person clicked (see `content/document_gate.ts`).
 */
import { type BackgroundPort, DocumentGate } from "./content/document_gate.ts";
import { readEnvelope } from "./content/envelope.ts";
import type { ErrorCode } from "./generated/ErrorCode";
import type { PageReply } from "./generated/PageReply";
import type { RawPort } from "./signing/documents_port.ts";

/** When a trusted click or key press was last seen, by the page's clock. */
let lastGesture = Number.NEGATIVE_INFINITY;

const gate = new DocumentGate({
  now: () => performance.now(),
  userIsActive: () => navigator.userActivation.isActive,
  lastGesture: () => lastGesture,
  isVisible: () => document.visibilityState === "visible",
  connect,
  courier: { connect: (name) => chrome.runtime.connect({ name }) as RawPort, onConnect },
  sentences,
  setTimeout: (run, milliseconds) => window.setTimeout(run, milliseconds),
  clearTimeout: (timer) => window.clearTimeout(timer),
});

/** The events that make a gesture (HTML, "activation triggering input event"). */
const GESTURES = ["keydown", "mousedown", "pointerdown", "pointerup", "touchend"] as const;

if (window.isSecureContext && window === window.top) {
  for (const gesture of GESTURES) {
    const seen = (event: Event): void => {
      if (event.isTrusted) lastGesture = performance.now();
    };
    // first in line: this script runs before any of the page's
    window.addEventListener(gesture, seen, { capture: true, passive: true });
  }
  window.addEventListener("message", (event) => {
    // first of all: looking at a message takes time that the page can measure
    if (!gate.listens()) return;
    // a prerendered page has no person in front of it; Firefox has no prerendering and no such property
    if ((document as { prerendering?: boolean }).prerendering === true) return;
    const envelope = readEnvelope(event, window);
    if (envelope) gate.envelope(envelope.id, envelope.port);
  });
  window.addEventListener("pagehide", () => gate.left());
}

function connect(heard: (reply: PageReply) => void, gone: () => void): BackgroundPort {
  const port = chrome.runtime.connect({ name: "document" });
  port.onMessage.addListener((reply: PageReply) => heard(reply));
  port.onDisconnect.addListener(() => {
    // reading lastError keeps the browser from reporting it as unhandled
    void chrome.runtime.lastError;
    gone();
  });
  return port;
}

/** Only while a window is expected: a document that asked for none has no such listener. */
function onConnect(heard: (name: string, port: RawPort) => void): () => void {
  const listener = (port: chrome.runtime.Port): void => {
    if (port.sender?.id === chrome.runtime.id) heard(port.name, port as RawPort);
  };
  chrome.runtime.onConnect.addListener(listener);
  return () => chrome.runtime.onConnect.removeListener(listener);
}

/** Sentences in the browser's language; empty where the extension was removed under the page, which the page makes up for. */
function sentences(code: ErrorCode): { message: string; remedy: string } {
  try {
    const key = `error_${code.replaceAll("-", "_")}`;
    return { message: chrome.i18n.getMessage(key), remedy: chrome.i18n.getMessage(`${key}_remedy`) };
  } catch {
    return { message: "", remedy: "" };
  }
}
