// Negative modules of the plans of OpenID Connect: Basic, and sign-out that a relying party begins. "shop" is a relying party without FAPI.

import { UnsecuredJWT } from "jose";

import { altered } from "./party.mjs";

// Whether somebody got through without being asked anew.
const unasked = (answered) => ({ ...answered, taken: answered.taken && !answered.signedIn, said: answered.signedIn ? "asks the person anew" : answered.said });

// Somebody who signed in, and leaves: an error is a page with its status, everything else is taken.
async function leave({ shop, provider }, parameters) {
  const { id_token: hint } = await shop.tokens(await shop.plainCode({ prompt: "login" }, true));
  const query = new URLSearchParams(parameters(hint));
  const left = await shop.browse(`${provider.about.end_session_endpoint}?${query}`, true);
  return { ...left, taken: left.status === undefined || left.status < 400 };
}

// The same where the person has to be asked: whether they were signed out without that.
async function leaveUnasked({ shop, provider }, parameters) {
  await leave({ shop, provider }, parameters);
  const still = await shop.browse(shop.authorize({ ...shop.asked(), prompt: "none" }), true);
  return { ...still, taken: !still.taken, said: still.taken ? "asks the person" : still.said };
}

export const OPENID = {
  "without a fault: a plain request": async ({ shop }) => shop.redeem(await shop.plainCode()),
  "oidcc-ensure-registered-redirect-uri": ({ shop }) =>
    shop.browse(shop.authorize({ ...shop.asked(), redirect_uri: "https://other.example/callback" })),
  "oidcc-response-type-missing": ({ shop }) => shop.browse(shop.authorize({ ...shop.asked(), response_type: undefined })),
  "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported": ({ shop }) => {
    const request = new UnsecuredJWT({ ...shop.lives(), ...shop.asked() }).encode();
    return shop.browse(shop.authorize({ ...shop.asked(), request }));
  },
  "oidcc-codereuse": async ({ shop }) => {
    const code = await shop.plainCode();
    await shop.tokens(code);
    return shop.redeem(code);
  },
  "oidcc-codereuse-30seconds": async ({ shop, provider }) => {
    const code = await shop.plainCode();
    await shop.tokens(code);
    await provider.wait(30);
    return shop.redeem(code);
  },
  "oidcc-prompt-none-not-logged-in": ({ shop }) => shop.browse(shop.authorize({ ...shop.asked(), prompt: "none" })),
  "without a fault: signed in already": async ({ shop }) => {
    await shop.plainCode({}, true);
    return unasked(await shop.browse(shop.authorize({ ...shop.asked(), prompt: "none" }), true));
  },
  "oidcc-prompt-login": async ({ shop }) => unasked(await shop.browse(shop.authorize({ ...shop.asked(), prompt: "login" }), true)),
  "oidcc-max-age-1": async ({ shop, provider }) => {
    await provider.wait(2);
    return unasked(await shop.browse(shop.authorize({ ...shop.asked(), max_age: "1" }), true));
  },
  "without a fault: signing out": (all) =>
    leave(all, (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: all.shop.bye })),
  "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri": (all) =>
    leave(all, (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: `${all.shop.bye}/other` })),
  "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri": (all) =>
    leave(all, (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: `${all.shop.bye}?foo=bar` })),
  "oidcc-rp-initiated-logout-no-id-token-hint": (all) => leave(all, () => ({ post_logout_redirect_uri: all.shop.bye })),
  "oidcc-rp-initiated-logout-modified-id-token-hint": (all) =>
    leave(all, (hint) => ({ id_token_hint: altered(hint), post_logout_redirect_uri: all.shop.bye })),
  "oidcc-rp-initiated-logout-bad-id-token-hint": (all) =>
    leave(all, () => ({ id_token_hint: "no.id.token", post_logout_redirect_uri: all.shop.bye })),
  "oidcc-rp-initiated-logout-no-params": (all) => leaveUnasked(all, () => ({})),
  "oidcc-rp-initiated-logout-only-state": (all) => leaveUnasked(all, () => ({ state: "a state" })),
};
