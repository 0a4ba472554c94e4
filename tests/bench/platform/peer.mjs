/**
 * npm oidc-provider with its store in memory: one relying party without a secret, one person who is signed in at once and whose
 * grants stand. Prints whom to ask as JSON.
 */
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const host = `127.0.0.1:${server.address().port}`;
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

const provider = new Provider(`http://${host}`, {
  clients: [{
    client_id: "bank",
    token_endpoint_auth_method: "none",
    redirect_uris: ["https://bank.example/callback"],
    grant_types: ["authorization_code"],
    response_types: ["code"],
    id_token_signed_response_alg: "ES256",
  }],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig", kid: "one" }] },
  cookies: { keys: ["a key for cookies"] },
  claims: { openid: ["sub"], profile: ["name", "given_name", "family_name"] },
  features: { devInteractions: { enabled: false }, userinfo: { enabled: true } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "Amina El Mithal", given_name: "Amina", family_name: "El Mithal" }),
  }),
  async loadExistingGrant(context) {
    const earlier = context.oidc.session.grantIdFor(context.oidc.client.clientId);
    if (earlier) return context.oidc.provider.Grant.find(earlier);
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  void provider.interactionFinished(request, response, { login: { accountId: "account" } }, {});
});
console.log(JSON.stringify({ host, authorize: "/auth", token: "/token", userinfo: "/me", cookies: "" }));
