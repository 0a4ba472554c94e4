// Negative modules of the plans, on npm jose and nothing of ours: each is what a provider takes, with one fault. Another provider judges
// them: what it takes is no fault by its reading of the specifications.

import { OPENID } from "./openid.mjs";
import { Party, keys, proofKey, published } from "./party.mjs";
import { PUSHED } from "./pushed.mjs";
import { SIGNED_IN } from "./signed_in.mjs";

export const FAPI = { ...PUSHED, ...SIGNED_IN };
export { OPENID };

// Three relying parties, and what a provider has to know of them.
export async function relyingParties() {
  const parties = {};
  for (const client of ["bank", "clinic", "shop"]) {
    const made = await keys();
    parties[client] = { client, made, keys: published(made), redirectUri: `https://${client}.example.ma/callback` };
  }
  return parties;
}

// Each module against a provider, by relying parties that know nothing of the module before.
export async function judge(modules, provider, parties) {
  const verdicts = [];
  for (const [name, module] of Object.entries(modules)) {
    const all = { provider };
    for (const [client, about] of Object.entries(parties)) {
      const proofs = client === "shop" ? undefined : await proofKey();
      all[client] = Object.assign(new Party(provider, { ...about, proofs }), { bye: `https://${client}.example.ma/bye` });
    }
    const { taken, status, said } = await module(all);
    verdicts.push({ module: name, taken, status, said });
  }
  return verdicts;
}
