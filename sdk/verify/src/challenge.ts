import { randomBytes } from "node:crypto";

/** A challenge for one sign-in or one identity request: 48 random bytes in base64. It is kept in the person's session, and taken once. */
export const newChallenge = (): string => randomBytes(48).toString("base64");
