import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair } from "jose";
import { ended } from "./desktop.ts";
import { ZONE_CLAIMS, DETAIL_CLAIMS } from "./identity_portal.ts";
import type { OwnRoot } from "./own_root.ts";
import { program } from "./programs.ts";
import type { DocumentFacts } from "./test_bed.ts";

const SDK = fileURLToPath(new URL("../../../sdk/web/dist", import.meta.url));

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

  /**
   * Believes the cards of these issuer profiles, whose one issuer has this name and sees people at a counter. With a document, those
   * of its country are the issuer's cards.
   */
  static async start(issuers: string, issuer: string, document?: DocumentFacts): Promise<TrustPlatform> {
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
${document === undefined ? "" : asking(folder, document)}
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

  /** An administrator installs a trust pack that names the platform: hosts that are started from now on believe its statements. */
  trustedBy(root: OwnRoot): void {
    const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().replace(/\.\d+Z$/, "Z");
    const bitaqa = (...words: string[]): string => execFileSync(program("bitaqa"), words, { cwd: this.#folder, stdio: "pipe" }).toString();
    const named = operate(this.#folder, "keys", "statements").trimEnd().split("\n").map((line) => {
      const [phase = "", key = ""] = line.split("\t");
      writeFileSync(join(this.#folder, `statements-${phase}.json`), key);
      return { jwk: `statements-${phase}.json`, not_before: inDays(-1), not_after: inDays(30) };
    });
    const pack = {
      name: "national", version: 1, expires: inDays(30), test: true,
      statement_issuers: [{ iss: this.origin, keys: named, origins: [this.origin] }],
    };
    writeFileSync(join(this.#folder, "pack.json"), JSON.stringify(pack));
    bitaqa("key", "new", "--out", "signer.json", "--kid", "signer");
    bitaqa("trust", "sign", "--key", "signer.json", "--out", "national.pack", "pack.json");
    const { fingerprint } = JSON.parse(bitaqa("key", "show", "--json", "signer.json")) as { fingerprint: string };
    root.install(join(this.#folder, "national.pack"), fingerprint);
  }

  /** Registers a site with a key of its own, and gives the key. */
  async register(id: string, redirectUri: string, minimumLevel = "substantial"): Promise<CryptoKey> {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    writeFileSync(join(this.#folder, `${id}.jwks.json`), JSON.stringify({ keys: [await exportJWK(publicKey)] }));
    writeFileSync(join(this.#folder, `${id}.toml`), `id = "${id}"
authentication = "private-key-jwt"
keys = "${id}.jwks.json"
redirect_uris = ["${redirectUri}"]
sector = "${id}.example.ma"
claims = ["name", "given_name", "family_name"]
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
`);
    const proposal = operate(this.#folder, "client", "propose", `${id}.toml`, "--key", "onboarder.key").trim();
    operate(this.#folder, "client", "approve", id, proposal, "--key", "authoriser.key");
    return privateKey;
  }

  async stop(): Promise<void> {
    await ended(this.#process);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What the platform is told so that it asks chips itself: whose documents it believes, and which are its issuer's. */
function asking(folder: string, { authority }: DocumentFacts): string {
  writeFileSync(join(folder, "csca.der"), Buffer.from(authority, "base64"));
  return `document = { state = "MAR", number_prefix = "PNOMA-" }
[identity]
countries = ["csca.der"]
claims = ${JSON.stringify([...ZONE_CLAIMS, ...DETAIL_CLAIMS])}
legal_name = { ar = "المنصة الوطنية", fr = "Plateforme nationale", en = "National platform" }
sign_in = { ar = "تسجيل الدخول", fr = "Connexion", en = "Signing in" }`;
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
