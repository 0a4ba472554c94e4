// npm oidc-provider in the platform's place, by FAPI 2.0: `node platform/tests/stand_in/oidc_provider.mjs` prints what it makes of each
// negative, as a table. Run by hand; the results are in docs/calibration.md.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { judge, keys } from "./negatives.mjs";

const FAPI = ["ES256", "PS256", "Ed25519"];

// What it makes of them, with its own lists of algorithms or with others.
async function verdicts(enabledJWA) {
  const made = await keys();
  const about = { client: "bank", redirectUri: "https://bank.example.ma/callback", made };
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    ...(enabledJWA && { enabledJWA }),
    clients: [{
      client_id: about.client,
      token_endpoint_auth_method: "private_key_jwt",
      redirect_uris: [about.redirectUri],
      id_token_signed_response_alg: "ES256",
      jwks: { keys: [made.ES256.public, made.RS256.public] },
    }],
    jwks: { keys: [{ ...made.ES256.private, use: "sig" }] },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      fapi: { enabled: true, profile: "2.0" },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      requestObjects: { enabled: true, requireSignedRequestObject: true },
    },
  });
  server.on("request", provider.callback());
  const found = await judge(issuer, about);
  server.close();
  return found;
}

const own = await verdicts();
const narrowed = await verdicts({ requestObjectSigningAlgValues: FAPI, clientAuthSigningAlgValues: FAPI });
const short = ({ status, said }) => (status === 201 ? "**takes it**" : `${status} \`${said.split(":")[0]}\``);
console.log("| module | with its own lists of algorithms | with those of FAPI 2.0 |\n|---|---|---|");
own.forEach((verdict, at) => console.log(`| \`${verdict.module}\` | ${short(verdict)} | ${short(narrowed[at])} |`));
process.exit(0);
