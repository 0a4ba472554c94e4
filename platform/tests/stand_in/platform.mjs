// The negatives against a platform: prints the public keys that it has to know, reads where it is and what time it is there, asks for a
// person to sign in and for time to pass, and prints what it makes of each.

import { createInterface } from "node:readline";
import { FAPI, OPENID, judge, relyingParties } from "./negatives.mjs";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const ask = async (value) => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
  return JSON.parse((await lines.next()).value);
};

const parties = await relyingParties();
const registered = Object.fromEntries(Object.values(parties).map(({ client, keys }) => [client, keys]));
const { issuer, codeLifetime, ...started } = await ask({ register: registered });
let { now } = started;
const provider = {
  about: await (await fetch(`${issuer}/.well-known/openid-configuration`)).json(),
  codeLifetime,
  now: () => now,
  wait: async (seconds) => {
    now = await ask({ wait: seconds });
  },
  browse: (url, kept) => ask({ browse: url, kept }),
};
const verdicts = [...(await judge(FAPI, provider, parties)), ...(await judge(OPENID, provider, parties))];
process.stdout.write(`${JSON.stringify({ verdicts })}\n`);
process.exit(0);
