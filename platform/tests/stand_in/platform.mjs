// The negatives against a platform: prints the public keys that it has to know, reads where it is, prints what it makes of each.

import { createInterface } from "node:readline";
import { judge, keys } from "./negatives.mjs";

const { client, redirectUri } = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tell = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const made = await keys();
tell({ keys: [made.ES256.public, made.RS256.public] });
const issuer = JSON.parse((await lines.next()).value);
tell(await judge(issuer, { client, redirectUri, made }));
process.exit(0);
