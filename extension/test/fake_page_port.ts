import type { PagePort } from "../src/content/page_port.ts";
import type { PageReply } from "../src/generated/PageReply.ts";

/** The page's port as the content script holds it; the test is the page. */
export class FakePagePort implements PagePort {
  readonly heard: PageReply[] = [];
  closed = false;
  onmessage: ((event: MessageEvent<unknown>) => void) | null = null;

  postMessage(reply: PageReply): void {
    if (!this.closed) this.heard.push(reply);
  }

  close(): void {
    this.closed = true;
  }

  /** The page says something. */
  say(data: unknown): void {
    if (!this.closed) this.onmessage?.({ data } as MessageEvent<unknown>);
  }

  /** Kinds, or codes, of what was heard. */
  get kinds(): string[] {
    return this.heard.map((reply) => (reply.type === "failure" ? reply.error.code : reply.type));
  }
}
