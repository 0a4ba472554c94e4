/** Names one request; the alphabet and length of `RequestId` in the protocol. */
const REQUEST_ID = /^[A-Za-z0-9_-]{16,64}$/;

/** The one message a page posts to its own window; everything after it goes over the port. */
export interface Envelope {
  id: string;
  port: MessagePort;
}

/**
 * Reads an envelope. Anything else is not for us, and is left alone: `undefined`.
 *
 * Cheap checks come first: the data of a message is only looked at when nothing else speaks against it, because a page
 * may post large messages to itself for purposes of its own.
 */
export function readEnvelope(event: MessageEvent<unknown>, ownWindow: Window): Envelope | undefined {
  if (!event.isTrusted || event.source !== ownWindow || event.ports.length !== 1) return undefined;
  const [port] = event.ports;
  const { data } = event;
  if (port === undefined || typeof data !== "object" || data === null) return undefined;
  const { bitaqa, id } = data as { bitaqa?: unknown; id?: unknown };
  if (bitaqa !== 1 || typeof id !== "string" || !REQUEST_ID.test(id)) return undefined;
  return { id, port };
}
