import type { PageReply } from "../generated/PageReply";
import type { SetUp } from "../set_up_check.ts";
import type { Glue, Listener } from "./glue.ts";

/**
 * The set-up page asks as a document of its own, under an origin that no page can have (RFC 6761, section 6.4). Its
 * only request is `status`, which the host answers with its version and no look at reader or card.
 */
const ORIGIN = "https://set-up.invalid";
const STATUS = JSON.stringify({ type: "status" });

/** Answers the extension's own set-up page: once per port. */
export function serveSetUp(port: chrome.runtime.Port, glue: Glue, version: string): void {
  // the name of a port is the opener's word; a content script of a page could say it too
  if (port.sender?.url?.startsWith(chrome.runtime.getURL("")) !== true) return port.disconnect();
  const document = `set-up/${crypto.randomUUID()}`;
  const listener: Listener = (reply) => void answer(reply);
  glue.opened(document, listener);
  port.onDisconnect.addListener(() => glue.gone(document, listener));
  glue.content(document, ORIGIN, { type: "request", id: crypto.randomUUID(), request: STATUS });

  async function answer(reply: PageReply): Promise<void> {
    const host = hostOf(reply);
    if (host === undefined) return;
    const found: SetUp = { extension: version, host, recent: await glue.diagnostics() };
    port.postMessage(found);
  }
}

function hostOf(reply: PageReply): SetUp["host"] | undefined {
  switch (reply.type) {
    case "status":
      return { version: reply.status.host };
    case "failure":
      return { error: reply.error };
    default:
      return undefined;
  }
}
