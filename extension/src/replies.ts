import type { PageReply } from "./generated/PageReply";

/** Whether nothing follows a reply: with it the request is over. */
export function isLast(reply: PageReply): boolean {
  return reply.type !== "progress" && !waitsForChip(reply);
}

/** Whether the chip has yet to prove itself, by what the portal's server makes of the answer. */
export function waitsForChip(reply: PageReply): boolean {
  return reply.type === "identity-answer" && reply.chipAuthentication === true;
}
