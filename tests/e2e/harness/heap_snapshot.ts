import type { Browser } from "playwright-core";

/** Longest snapshot of one target, in milliseconds, on a computer that is very busy. */
const TAKEN_WITHIN = 60_000;

/** A target of the DevTools protocol. */
interface Target {
  targetId: string;
  type: string;
  url: string;
}

/**
 * Snapshots of the heaps of everything in Chromium that runs scripts: pages with their content scripts, which share a heap,
 * and the extension's background. Garbage is collected first; what a process still holds of it is found in its memory.
 */
export async function heapSnapshots(browser: Browser): Promise<[target: string, snapshot: string][]> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { targetInfos } = await session.send("Target.getTargets");
    const snapshots: [string, string][] = [];
    for (const target of (targetInfos as Target[]).filter(({ type }) => type === "page" || type === "service_worker")) {
      snapshots.push([`${target.type} ${new URL(target.url).pathname}`, await snapshotOf(session, target)]);
    }
    return snapshots;
  } finally {
    await session.detach();
  }
}

type Session = Awaited<ReturnType<Browser["newBrowserCDPSession"]>>;

/** Playwright speaks to targets of its own choice only: messages for another one go inside of messages to the browser. */
async function snapshotOf(session: Session, { targetId }: Target): Promise<string> {
  const { sessionId } = await session.send("Target.attachToTarget", { targetId });
  const chunks: string[] = [];
  let late: NodeJS.Timeout | undefined;
  const taken = new Promise<void>((resolve, reject) => {
    late = setTimeout(() => reject(new Error("no snapshot of the heap came")), TAKEN_WITHIN);
    session.on("Target.receivedMessageFromTarget", (event) => {
      if (event.sessionId !== sessionId) return;
      const message = JSON.parse(event.message) as { id?: number; error?: unknown; method?: string; params?: { chunk: string } };
      if (message.method === "HeapProfiler.addHeapSnapshotChunk") chunks.push(message.params?.chunk ?? "");
      else if (message.id === 1 && message.error === undefined) resolve();
      else if (message.id === 1) reject(new Error(JSON.stringify(message.error)));
    });
  });
  const parameters = { reportProgress: false, captureNumericValue: true };
  const message = JSON.stringify({ id: 1, method: "HeapProfiler.takeHeapSnapshot", params: parameters });
  try {
    await session.send("Target.sendMessageToTarget", { sessionId, message });
    await taken;
  } finally {
    clearTimeout(late);
    await session.send("Target.detachFromTarget", { sessionId });
  }
  return chunks.join("");
}
