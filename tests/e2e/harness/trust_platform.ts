import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { ended } from "./desktop.ts";
import { program } from "./programs.ts";

const SDK = fileURLToPath(new URL("../../../sdk/web/dist", import.meta.url));

/** What the chip's zone and the photo's group tell. */
const CHIP_CLAIMS = [
  ...["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number", "document_number", "date_of_expiry"],
  "photo",
];

/** The platform as one that asks chips itself. */
const IDENTITY = `[identity]
countries = ["csca.der"]
claims = ${JSON.stringify(CHIP_CLAIMS)}
legal_name = { ar = "منصة المثال", fr = "Plateforme Exemple", en = "Example Platform" }
sign_in = { ar = "دخول", fr = "Se connecter", en = "Sign in" }
`;

/** The same of a site. */
const identityOf = (id: string) => `[identity]
origins = ["https://${id}.example.ma"]
claims = ${JSON.stringify(CHIP_CLAIMS)}
encryption_key = "${id}.encryption.jwk"
[[identity.purposes]]
id = "open-account"
text = { ar = "فتح حساب", fr = "Ouvrir un compte", en = "Open an account" }
`;

/** The trust platform's program, as an operator sets it up, on loopback: a sandbox with SQLite. */
export class TrustPlatform {
  readonly origin: string;
  /** What it logged so far. */
  readonly log: string[] = [];
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, origin: string) {
    this.#folder = folder;
    this.origin = origin;
    this.#process = spawn(program("bitaqa-platform"), ["serve", "--config", "platform.toml"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Believes the cards of these issuer profiles, whose one issuer has this name and sees people at a counter; and asks chips whose country this is. */
  static async start(issuers: string, issuer: string, country?: Buffer): Promise<TrustPlatform> {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-platform-"));
    const address = `127.0.0.1:${await freePort()}`;
    writeFileSync(join(folder, "platform.toml"), `schema = 1
issuer = "http://${address}"
listen = "${address}"
realm = "sandbox"
database = "sqlite:platform.db"
sdk = "${SDK}"
[keys]
file = "keys.sealed"
unsealing = "keys.unsealing"
[cards]
profiles = "${issuers}"
[[cards.issuer]]
name = "${issuer}"
population = "people"
proofing = "centre"
[[operator]]
name = "onboarder"
role = "onboarder"
key = "onboarder.jwk"
[[operator]]
name = "authoriser"
role = "authoriser"
key = "authoriser.jwk"
${country === undefined ? "" : IDENTITY}`);
    if (country !== undefined) writeFileSync(join(folder, "csca.der"), country);
    for (const name of ["onboarder", "authoriser"]) {
      const key = execFileSync(program("bitaqa-platform"), ["operator", "new", "--out", `${name}.key`], { cwd: folder });
      writeFileSync(join(folder, `${name}.jwk`), key);
    }
    operate(folder, "keys", "create");
    operate(folder, "migrate");
    const platform = new TrustPlatform(folder, `http://${address}`);
    const child = platform.#process;
    createInterface({ input: child.stderr! }).on("line", (line) => platform.log.push(line));
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the platform ended with ${code}: ${platform.log.join("\n")}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => line.startsWith("listening on ") && resolve());
    });
    return platform;
  }

  /** Registers a site with a key of its own, and gives the key. */
  async register(id: string, redirectUri: string, encryptionKey?: JWK): Promise<CryptoKey> {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    writeFileSync(join(this.#folder, `${id}.jwks.json`), JSON.stringify({ keys: [await exportJWK(publicKey)] }));
    writeFileSync(join(this.#folder, `${id}.toml`), `id = "${id}"
authentication = "private-key-jwt"
keys = "${id}.jwks.json"
redirect_uris = ["${redirectUri}"]
sector = "${id}.example.ma"
claims = ["name", "given_name", "family_name"]
require_pushed_requests = true
minimum_level = "substantial"
contact = "integration@${id}.example.ma"
legal_basis = "to try it"
[legal_name]
ar = "موقع ${id}"
fr = "Le site ${id}"
en = "The site ${id}"
[name]
ar = "موقع ${id}"
fr = "Le site ${id}"
en = "The site ${id}"
[purpose]
ar = "للتجربة"
fr = "pour essayer"
en = "to try it"
${encryptionKey === undefined ? "" : identityOf(id)}`);
    if (encryptionKey !== undefined) writeFileSync(join(this.#folder, `${id}.encryption.jwk`), JSON.stringify(encryptionKey));
    const proposal = operate(this.#folder, "client", "propose", `${id}.toml`, "--key", "onboarder.key").trim();
    operate(this.#folder, "client", "approve", id, proposal, "--key", "authoriser.key");
    return privateKey;
  }

  /** What a trust pack says of it: its keys for statements, and for whom it speaks. */
  asIssuer(notBefore: string, notAfter: string): unknown {
    const lines = operate(this.#folder, "keys", "statements").trim().split("\n");
    const keys = lines.map((line, at) => {
      writeFileSync(join(this.#folder, `statements-${at}.jwk`), line.split("\t")[1]!);
      return { jwk: join(this.#folder, `statements-${at}.jwk`), not_before: notBefore, not_after: notAfter };
    });
    return { iss: this.origin, keys, origins: [this.origin, "https://*.example.ma"] };
  }

  /** Everything that it keeps on disk, by name. */
  kept(): Record<string, Buffer> {
    return Object.fromEntries(readdirSync(this.#folder).map((name) => [name, readFileSync(join(this.#folder, name))]));
  }

  async stop(): Promise<void> {
    await ended(this.#process);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function operate(folder: string, ...words: string[]): string {
  return execFileSync(program("bitaqa-platform"), [...words, "--config", "platform.toml"], { cwd: folder, stdio: "pipe" }).toString();
}

/** A port that was free a moment ago: the platform's address is its name, so it has to be known before. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
