// npm oidc-provider in the platform's place: `node platform/tests/stand_in/oidc_provider.mjs` prints what it makes of each negative, as
// tables. Run by hand; the results are in docs/calibration.md.

import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Provider } from "oidc-provider";
import { FAPI, OPENID, judge, relyingParties } from "./negatives.mjs";
import { keys } from "./party.mjs";

const ALGORITHMS = ["ES256", "PS256", "Ed25519"];
const CODE_LIFETIME = 5;

// A browser, as far as signing in needs one.
class Browser {
  cookies = new Map();

  async get(url) {
    const { pathname } = new URL(url);
    const ours = [...this.cookies.values()].filter(({ path }) => pathname.startsWith(path));
    const cookie = ours.map(({ name, value }) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { redirect: "manual", headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split("; ");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const path = attributes.find((attribute) => attribute.startsWith("path="))?.slice("path=".length) ?? "/";
      if (value) this.cookies.set(`${name} ${path}`, { name, value, path });
      else this.cookies.delete(`${name} ${path}`);
    }
    return answer;
  }
}

// A provider whose people sign in and agree to everything; what it makes of these modules.
async function verdicts(modules, { described, ...configuration }) {
  const parties = await relyingParties();
  const own = await keys();
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: Object.values(parties).map(({ client, keys, redirectUri }) => ({
      client_id: client,
      token_endpoint_auth_method: "private_key_jwt",
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [redirectUri.replace("/callback", "/bye")],
      id_token_signed_response_alg: "ES256",
      jwks: { keys },
      ...described,
    })),
    jwks: { keys: [{ ...own.ES256.private, use: "sig" }] },
    cookies: { keys: ["a key of this run"] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ...configuration,
  });
  let signedIn = false;
  const agrees = async (request, response) => {
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") {
      signedIn = true;
      return provider.interactionFinished(request, response, { login: { accountId: "a person" } });
    }
    const known = grantId && (await provider.Grant.find(grantId));
    const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope("openid");
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  };
  const answers = provider.callback();
  server.on("request", (request, response) => (request.url.startsWith("/interaction/") ? agrees : answers)(request, response));

  const kept = new Browser();
  const about = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const found = await judge(modules, {
    about,
    codeLifetime: CODE_LIFETIME,
    now: () => Math.floor(Date.now() / 1000),
    // what ends after so many whole seconds has ended then
    wait: (seconds) => sleep(seconds * 1000 + 1100),
    async browse(url, same) {
      const browser = same ? kept : new Browser();
      signedIn = false;
      for (let at = url; ;) {
        const answer = await browser.get(at);
        const location = answer.headers.get("location");
        if (!location) return { status: answer.status, signedIn };
        at = new URL(location, at).href;
        if (!at.startsWith(issuer)) return { location: at, signedIn };
      }
    },
  }, parties);
  server.close();
  return found;
}

const fapi = (configuration) =>
  verdicts(FAPI, {
    ...configuration,
    ttl: { AuthorizationCode: CODE_LIFETIME },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      fapi: { enabled: true, profile: "2.0" },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      requestObjects: { enabled: true, requireSignedRequestObject: true },
    },
  });

const short = ({ taken, status, said }) =>
  taken ? "**takes it**" : [status ?? "", said && (said.includes(" ") ? said : `\`${said}\``)].filter(Boolean).join(" ");
const own = await fapi();
const narrowed = await fapi({
  enabledJWA: { requestObjectSigningAlgValues: ALGORITHMS, clientAuthSigningAlgValues: ALGORITHMS },
  described: { dpop_bound_access_tokens: true },
});
console.log("| module | as it comes, with its features for FAPI 2.0 | configured as FAPI 2.0 has it |\n|---|---|---|");
own.forEach((verdict, at) => console.log(`| \`${verdict.module}\` | ${short(verdict)} | ${short(narrowed[at])} |`));

const openid = await verdicts(OPENID, {
  features: { devInteractions: { enabled: false }, requestObjects: { enabled: true } },
});
console.log("\n| module | as it comes, without those |\n|---|---|");
openid.forEach((verdict) => console.log(`| \`${verdict.module}\` | ${short(verdict)} |`));
process.exit(0);
