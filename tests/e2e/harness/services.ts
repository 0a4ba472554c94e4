import { execFileSync } from "node:child_process";
import { randomBytes, X509Certificate } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is asked of them: two time-stamp authorities, of which the first is asked first, the responder, lists, certificates of issuers. */
export type Service = "first-time-stamps" | "second-time-stamps" | "ocsp" | "crl" | "issuer-certificate";

/** Names of the time-stamp authorities in `validation.toml`. */
export const STAMPERS = { "first-time-stamps": "Example time stamps", "second-time-stamps": "Fallback time stamps" } as const;

/** The section of a time-stamp authority; each has a policy of its own. */
const stamping = (name: string, at: number): string => `[${name}]
serial = ${name}.serial
signer_cert = ${name}.pem
signer_key = ${name}.key
signer_digest = sha256
default_policy = 1.2.3.4.${at + 1}
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256`;

/** Extensions of certificates, with `AT` where the services are; sections of time-stamp authorities and of the authorities' databases. */
const CONFIGURATION = `
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = caIssuers;URI:AT/root.der
crlDistributionPoints = URI:AT/root.crl
[document]
basicConstraints = CA:false
keyUsage = critical, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:AT/ocsp, caIssuers;URI:AT/issuing.der
crlDistributionPoints = URI:AT/issuing.crl
# QcCompliance and QcSSCD (EN 319 412-5)
1.3.6.1.5.5.7.1.3 = DER:30:14:30:08:06:06:04:00:8e:46:01:01:30:08:06:06:04:00:8e:46:01:04
[stamps]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:AT/ocsp, caIssuers;URI:AT/issuing.der
crlDistributionPoints = URI:AT/issuing.crl
[responder]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
${Object.keys(STAMPERS).map(stamping).join("\n")}
[lists]
authorityKeyIdentifier = keyid
[root-lists]
database = root.index
crlnumber = root.lists
crl_extensions = lists
certificate = root.pem
private_key = root.key
default_md = sha256
default_crl_days = 7
[issuing-lists]
database = issuing.index
crlnumber = issuing.lists
crl_extensions = lists
certificate = issuing.pem
private_key = issuing.key
default_md = sha256
default_crl_days = 7
`;

/**
 * Services of openssl on the loopback address: a root and an authority under it that issues certificates for documents, with its responder,
 * lists and certificates, and two time-stamp authorities under the same. Certificates name the addresses, and nobody else is needed.
 */
export class Services {
  readonly #folder = mkdtempSync(join(tmpdir(), "bitaqa-services-"));
  readonly #server: Server;
  /** Who gives no answer: each question to them is refused. */
  readonly down = new Set<Service>();
  /** Whose answers wait until they are let go. */
  readonly slow = new Set<Service>();
  readonly #held: (() => void)[] = [];
  /** How many questions came. */
  readonly asked = counters();

  private constructor() {
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const { service, name } = called(request.url ?? "");
        const answer = this.#answer(service, name, Buffer.concat(pieces));
        const give = (): void => {
          response.writeHead(answer === undefined ? 503 : 200, { "content-type": answer?.type ?? "text/plain" });
          response.end(answer?.body);
        };
        if (this.slow.has(service)) this.#held.push(give);
        else give();
      });
    });
  }

  /** Makes keys and certificates, and listens at a port that was free. */
  static async start(): Promise<Services> {
    const made = new Services();
    try {
      await new Promise<void>((resolve, reject) => {
        made.#server.once("error", reject);
        made.#server.listen(0, "127.0.0.1", resolve);
      });
      made.#makeAuthorities();
    } catch (error) {
      made.stop();
      throw error;
    }
    return made;
  }

  /** What an administrator writes into validation.toml so that they may be asked. */
  get configuration(): string {
    const host = `[[host]]\nname = "127.0.0.1"\nprivate_address = true\nports = [${this.port}]\n`;
    const authorities = Object.entries(STAMPERS).map(([path, name]) => `[[time_stamp_authority]]\nname = "${name}"\nurl = "${this.address}/${path}"\n`);
    return ["schema = 1\n", host, ...authorities].join("\n");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where they are, without a path. */
  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The root's certificate: a file in PEM. */
  get root(): string {
    return join(this.#folder, "root.pem");
  }

  /** The certificate of the authority that issues: a file in PEM. */
  get issuing(): string {
    return join(this.#folder, "issuing.pem");
  }

  /** A certificate for documents, for the key and in the name of another one (DER), which may be of any issuer. */
  issue(certificate: Uint8Array): Buffer {
    const { publicKey, subject } = new X509Certificate(certificate);
    writeFileSync(join(this.#folder, "holder.pub"), publicKey.export({ type: "spki", format: "pem" }));
    return this.#certificate("holder", "document", ["-new", "-force_pubkey", "holder.pub"], subject);
  }

  /** Withdraws a certificate (DER) that they issued, now: lists and answers made from now on say so. */
  revoke(certificate: Uint8Array): void {
    const { serialNumber } = new X509Certificate(certificate);
    const lines = readFileSync(join(this.#folder, "issuing.index"), "utf8").split("\n");
    const changed = lines.map((line) => {
      const fields = line.split("\t");
      return fields[3] === serialNumber ? ["R", fields[1], inIndex(new Date()), ...fields.slice(3)].join("\t") : line;
    });
    writeFileSync(join(this.#folder, "issuing.index"), changed.join("\n"));
  }

  /** Forgets who was asked, and lets everybody answer again. */
  reset(): void {
    this.down.clear();
    this.letGo();
    Object.assign(this.asked, counters());
  }

  /** Gives the answers that were held back, and holds back no more. */
  letGo(): void {
    this.slow.clear();
    for (const give of this.#held.splice(0)) give();
  }

  /** How many questions came to anybody. */
  get askedInAll(): number {
    return Object.values(this.asked).reduce((sum, count) => sum + count, 0);
  }

  /** What openssl says of a time-stamp token about these bytes. */
  verified(token: Uint8Array, stamped: Uint8Array): string {
    writeFileSync(join(this.#folder, "token"), token);
    writeFileSync(join(this.#folder, "stamped"), stamped);
    return this.#openssl(["ts", "-verify", "-token_in", "-in", "token", "-data", "stamped", "-CAfile", "root.pem", "-untrusted", "issuing.pem"]);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #makeAuthorities(): void {
    writeFileSync(join(this.#folder, "openssl.cnf"), CONFIGURATION.replaceAll("AT/", `${this.address}/`));
    for (const name of ["root", "issuing"]) {
      writeFileSync(join(this.#folder, `${name}.index`), "");
      writeFileSync(join(this.#folder, `${name}.lists`), "01\n");
    }
    const withKey = (name: string): string[] => {
      this.#openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", `${name}.key`]);
      return ["-new", "-key", `${name}.key`];
    };
    this.#openssl(["req", "-config", "openssl.cnf", "-x509", ...withKey("root"), "-subj", "/C=MA/CN=Test root", "-days", "3650", "-extensions", "root", "-out", "root.pem"]);
    // `x509` makes a certificate of a key without a request, where the key signs it itself or another one does
    const made = (name: string, kind: string, common: string): Buffer => {
      withKey(name);
      this.#openssl(["pkey", "-in", `${name}.key`, "-pubout", "-out", `${name}.pub`]);
      return this.#certificate(name, kind, ["-new", "-force_pubkey", `${name}.pub`], `C=MA\nCN=${common}`, name === "issuing" ? "root" : "issuing");
    };
    made("issuing", "issuing", "Test issuing authority");
    made("responder", "responder", "Test responder");
    for (const [name, common] of Object.entries(STAMPERS)) {
      made(name, "stamps", common);
      writeFileSync(join(this.#folder, `${name}.serial`), "01\n");
    }
  }

  /** Makes a certificate and enters it into its issuer's database. */
  #certificate(name: string, kind: string, how: string[], subject: string, issuer = "issuing"): Buffer {
    // a number without a sign, in as many digits as the database wants
    const serial = `5A${randomBytes(12).toString("hex").toUpperCase()}`;
    const names = subject.split("\n").map((one) => `/${one.replaceAll("/", "\\/")}`).join("");
    const from = ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-set_serial", `0x${serial}`, "-days", "365"];
    this.#openssl(["x509", ...how, "-subj", names, ...from, "-extfile", "openssl.cnf", "-extensions", kind, "-out", `${name}.pem`]);
    const made = new X509Certificate(readFileSync(join(this.#folder, `${name}.pem`)));
    appendFileSync(join(this.#folder, `${issuer}.index`), ["V", inIndex(new Date(made.validTo)), "", serial, "unknown", `/CN=${name}`].join("\t") + "\n");
    return made.raw;
  }

  #answer(service: Service, name: string, question: Buffer): { type: string; body: Buffer } | undefined {
    if (!(service in this.asked)) return undefined;
    this.asked[service] += 1;
    if (this.down.has(service)) return undefined;
    writeFileSync(join(this.#folder, "question"), question);
    const [type, words] = this.#making(service, name);
    for (const one of words) this.#openssl(one.split(" "));
    return { type, body: readFileSync(join(this.#folder, "answer")) };
  }

  /** What an answer is, and the words for openssl that make it of `question`; they have no spaces in them. */
  #making(service: Service, name: string): [string, string[]] {
    switch (service) {
      case "ocsp":
        return [
          "application/ocsp-response",
          ["ocsp -index issuing.index -CA issuing.pem -rsigner responder.pem -rkey responder.key -reqin question -respout answer -ndays 7"],
        ];
      case "crl":
        return ["application/pkix-crl", [`ca -config openssl.cnf -name ${name}-lists -gencrl -out list.pem`, "crl -in list.pem -outform DER -out answer"]];
      case "issuer-certificate":
        return ["application/pkix-cert", [`x509 -in ${name}.pem -outform DER -out answer`]];
      default:
        return ["application/timestamp-reply", [`ts -reply -config openssl.cnf -section ${service} -queryfile question -out answer`]];
    }
  }

  #openssl(words: string[]): string {
    return execFileSync("openssl", words, { cwd: this.#folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
}

/** Who is asked at a path, and for what. */
function called(path: string): { service: Service; name: string } {
  const [, name = "", ending = ""] = /^\/([a-z-]+)(?:\.([a-z]+))?$/.exec(path) ?? [];
  const kinds: Record<string, Service> = { crl: "crl", der: "issuer-certificate" };
  return { service: kinds[ending] ?? (name as Service), name };
}

const counters = (): Record<Service, number> => ({ "first-time-stamps": 0, "second-time-stamps": 0, ocsp: 0, crl: 0, "issuer-certificate": 0 });

/** A time in the database of `openssl ca`: YYMMDDHHMMSSZ. */
const inIndex = (time: Date): string => `${time.toISOString().replace(/[-:T]|\.\d+/g, "").slice(2)}`;
