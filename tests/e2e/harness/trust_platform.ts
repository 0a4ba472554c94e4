import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** What a portal is registered with beside its name, address and key. */
export interface Registration {
  claims?: readonly string[];
  minimumLevel?: string;
  /** Tables of its file: services, rules. */
  tables?: string;
}

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

  /** Believes the cards of these issuer profiles, whose one issuer has this name and sees people at a counter. */
  static async start(issuers: string, issuer: string): Promise<TrustPlatform> {
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
`);
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
  async register(id: string, redirectUri: string): Promise<CryptoKey> {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    this.approve(id, redirectUri, await exportJWK(publicKey));
    return privateKey;
  }

  /** Registers a site that has this key: one operator proposes it, another approves. */
  approve(id: string, redirectUri: string, key: JWK, registration: Registration = {}): void {
    const { claims = ["name", "given_name", "family_name"], minimumLevel = "substantial", tables = "" } = registration;
    writeFileSync(join(this.#folder, `${id}.jwks.json`), JSON.stringify({ keys: [key] }));
    writeFileSync(join(this.#folder, `${id}.toml`), `id = "${id}"
authentication = "private-key-jwt"
keys = "${id}.jwks.json"
redirect_uris = ["${redirectUri}"]
sector = "${id}.example.ma"
claims = ${JSON.stringify(claims)}
require_pushed_requests = true
minimum_level = "${minimumLevel}"
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
${tables}`);
    const proposal = operate(this.#folder, "client", "propose", `${id}.toml`, "--key", "onboarder.key").trim();
    operate(this.#folder, "client", "approve", id, proposal, "--key", "authoriser.key");
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
