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
import { DETAIL_CLAIMS, ZONE_CLAIMS } from "./identity_portal.ts";
import type { OwnRoot } from "./own_root.ts";
import { program } from "./programs.ts";
import type { DocumentFacts } from "./test_bed.ts";

const SDK = fileURLToPath(new URL("../../../sdk/web/dist", import.meta.url));

/** How it was made sure who the people are who hold an issuer's cards. */
export type Proofing = "none" | "online" | "kiosk" | "centre" | "video";

/** What the platform is told of an issuer of its profiles. */
export interface CardIssuer {
  name: string;
  proofing: Proofing;
  trustFramework?: string;
}

/** What a portal is registered with beside its name, address and key. */
export interface Registration {
  claims?: readonly string[];
  minimumLevel?: string;
  /** Tables of its file: services, rules. */
  tables?: string;
  /** What chips tell it is encrypted to this; it asks them for nothing if left out. */
  encryptionKey?: JWK;
}

/** The authority that signs a country's documents, DER in base64. */
type Country = Pick<DocumentFacts, "authority">;

/** What platform and sites may come to know of a chip. */
const CHIP_CLAIMS = JSON.stringify([...ZONE_CLAIMS, ...DETAIL_CLAIMS, "photo"]);

/** Which documents are an issuer's cards. */
const DOCUMENTS = 'document = { state = "MAR", number_prefix = "PNOMA-" }\n';

/** A site that asks for what chips hold. */
const asksFor = (id: string): string => `[identity]
origins = ["https://${id}.example.ma"]
claims = ${CHIP_CLAIMS}
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
  /** Where its operators work. */
  readonly administration: string;
  readonly #profiles: string;
  readonly #document: Country | undefined;
  #process: ChildProcess | undefined;

  private constructor(folder: string, [origin, administration]: [string, string], profiles: string, document: Country | undefined) {
    this.#folder = folder;
    this.origin = origin;
    this.administration = administration;
    this.#profiles = profiles;
    this.#document = document;
  }

  /**
   * Believes the cards of these issuer profiles, whose one issuer has this name and sees people at a counter. With a document, it asks chips
   * itself, and believes those of its country.
   */
  static start(profiles: string, issuer: string, document?: Country): Promise<TrustPlatform> {
    return TrustPlatform.believing(profiles, [{ name: issuer, proofing: "centre" }], document);
  }

  /** Believes the cards of these issuer profiles. All these issuers number the same people. */
  static async believing(profiles: string, issuers: readonly CardIssuer[], document?: Country): Promise<TrustPlatform> {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-platform-"));
    const at = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;
    const platform = new TrustPlatform(folder, await Promise.all([at(), at()]), profiles, document);
    platform.#configure(issuers);
    for (const name of ["onboarder", "authoriser"]) {
      const key = execFileSync(program("bitaqa-platform"), ["operator", "new", "--out", `${name}.key`], { cwd: folder });
      writeFileSync(join(folder, `${name}.jwk`), key);
    }
    platform.operate("keys", "create");
    platform.operate("migrate");
    await platform.#serve();
    return platform;
  }

  /** The same installation, which is told something else of the issuers. */
  async restart(issuers: readonly CardIssuer[]): Promise<void> {
    if (this.#process !== undefined) await ended(this.#process);
    this.#configure(issuers);
    await this.#serve();
  }

  /** Registers a site with a key of its own, and gives the key. */
  async register(id: string, redirectUri: string, registration: Registration = {}): Promise<CryptoKey> {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    this.approve(id, redirectUri, await exportJWK(publicKey), registration);
    return privateKey;
  }

  /** Registers a site that has this key: one operator proposes it, another approves. */
  approve(id: string, redirectUri: string, key: JWK, registration: Registration = {}): void {
    this.operate("client", "approve", id, this.propose(id, redirectUri, key, registration), "--key", "authoriser.key");
  }

  /** One operator proposes a site; gives the proposal's digest. */
  propose(id: string, redirectUri: string, key: JWK, registration: Registration = {}): string {
    const { claims = ["name", "given_name", "family_name"], minimumLevel = "substantial", tables = "", encryptionKey } = registration;
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
${tables}${encryptionKey === undefined ? "" : asksFor(id)}`);
    if (encryptionKey !== undefined) writeFileSync(join(this.#folder, `${id}.encryption.jwk`), JSON.stringify(encryptionKey));
    return this.operate("client", "propose", `${id}.toml`, "--key", "onboarder.key").trim();
  }

  /** What an operator pastes into the administration's page to sign in. */
  signedIn(operator: "onboarder" | "authoriser"): string {
    const words = ["operator", "sign-in", "--issuer", this.origin, "--key", `${operator}.key`];
    return execFileSync(program("bitaqa-platform"), words, { cwd: this.#folder, stdio: "pipe" }).toString();
  }

  /** What an operator does at the command line, and what it prints. */
  operate(...words: string[]): string {
    const options = { cwd: this.#folder, stdio: "pipe" } as const;
    return execFileSync(program("bitaqa-platform"), [...words, "--config", "platform.toml"], options).toString();
  }

  /** An administrator installs a trust pack that names the platform: hosts that are started from now on believe its statements. */
  trustedBy(root: OwnRoot): void {
    const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().replace(/\.\d+Z$/, "Z");
    const bitaqa = (...words: string[]): string => execFileSync(program("bitaqa"), words, { cwd: this.#folder, stdio: "pipe" }).toString();
    const named = this.operate("keys", "statements").trimEnd().split("\n").map((line) => {
      const [phase = "", key = ""] = line.split("\t");
      writeFileSync(join(this.#folder, `statements-${phase}.json`), key);
      return { jwk: `statements-${phase}.json`, not_before: inDays(-1), not_after: inDays(30) };
    });
    const pack = {
      name: "national", version: 1, expires: inDays(30), test: true,
      statement_issuers: [{ iss: this.origin, keys: named, origins: [this.origin, "https://*.example.ma"] }],
    };
    writeFileSync(join(this.#folder, "pack.json"), JSON.stringify(pack));
    bitaqa("key", "new", "--out", "signer.json", "--kid", "signer");
    bitaqa("trust", "sign", "--key", "signer.json", "--out", "national.pack", "pack.json");
    const { fingerprint } = JSON.parse(bitaqa("key", "show", "--json", "signer.json")) as { fingerprint: string };
    root.install(join(this.#folder, "national.pack"), fingerprint);
  }

  /** What its database's files hold, by name. */
  kept(): Record<string, Buffer> {
    const names = readdirSync(this.#folder).filter((name) => name.startsWith("platform.db"));
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(this.#folder, name))]));
  }

  async stop(): Promise<void> {
    if (this.#process !== undefined) await ended(this.#process);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configure(issuers: readonly CardIssuer[]): void {
    const cards = issuers.map(({ name, proofing, trustFramework }) => `[[cards.issuer]]
name = "${name}"
population = "people"
proofing = "${proofing}"
${trustFramework === undefined ? "" : `trust_framework = "${trustFramework}"\n`}${this.#document === undefined ? "" : DOCUMENTS}`);
    writeFileSync(join(this.#folder, "platform.toml"), `schema = 1
issuer = "${this.origin}"
listen = "${new URL(this.origin).host}"
realm = "sandbox"
database = "sqlite:platform.db"
sdk = "${SDK}"
[administration]
listen = "${new URL(this.administration).host}"
[keys]
file = "keys.sealed"
unsealing = "keys.unsealing"
[cards]
profiles = "${this.#profiles}"
${cards.join("")}
[[operator]]
name = "onboarder"
role = "onboarder"
key = "onboarder.jwk"
[[operator]]
name = "authoriser"
role = "authoriser"
key = "authoriser.jwk"
${this.#asking()}`);
  }

  /** What the platform is told so that it asks chips itself. */
  #asking(): string {
    if (this.#document === undefined) return "";
    writeFileSync(join(this.#folder, "csca.der"), Buffer.from(this.#document.authority, "base64"));
    return `[identity]
countries = ["csca.der"]
claims = ${CHIP_CLAIMS}
legal_name = { ar = "المنصة الوطنية", fr = "Plateforme nationale", en = "National platform" }
sign_in = { ar = "تسجيل الدخول", fr = "Connexion", en = "Signing in" }
`;
  }

  async #serve(): Promise<void> {
    const child = spawn(program("bitaqa-platform"), ["serve", "--config", "platform.toml"], {
      cwd: this.#folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    createInterface({ input: child.stderr }).on("line", (line) => this.log.push(line));
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the platform ended with ${code}: ${this.log.join("\n")}`)));
      createInterface({ input: child.stdout }).on("line", (line) => line.startsWith("listening on ") && resolve());
    });
  }
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
