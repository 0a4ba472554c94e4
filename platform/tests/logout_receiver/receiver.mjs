// Where a relying party hears of sign-outs: an HTTP server that verifies logout tokens with npm jose. Its argument says who it is and
// with which status it answers, one after the other, then 200; it prints its port, and what came.

import { createServer } from "node:http";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";

const { issuer, client, port, statuses, algorithm } = JSON.parse(process.argv[2]);
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));

async function verify(request, body) {
  const parameters = new URLSearchParams(body);
  if (request.method !== "POST" || request.headers["content-type"] !== "application/x-www-form-urlencoded") throw new Error("not a form");
  if ([...parameters.keys()].join() !== "logout_token") throw new Error("not one logout_token");
  const token = parameters.get("logout_token");
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer,
    audience: client,
    typ: "logout+jwt",
    algorithms: [algorithm],
    requiredClaims: ["iat", "exp", "jti", "events"],
    // the platform of a test has a clock of its own
    currentDate: new Date(decodeJwt(token).iat * 1000),
  });
  return { token, claims: payload, header: protectedHeader };
}

createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", async () => {
    let told;
    try {
      told = await verify(request, body);
    } catch (error) {
      told = { error: String(error) };
    }
    const status = told.error ? 400 : (statuses.shift() ?? 200);
    response.writeHead(status, { "cache-control": "no-store", ...(status === 302 ? { location: "/elsewhere" } : {}) }).end();
    print({ path: request.url, status, ...told });
  });
}).listen(port, "127.0.0.1", function () {
  print({ port: this.address().port });
});
