import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CONFIGURATION = `
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
[stamps]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = time_stamps
[time_stamps]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
`;

/** A time-stamp authority of openssl on the loopback address. */
export class TimeStamps {
  readonly #folder = mkdtempSync(join(tmpdir(), "bitaqa-tsa-"));
  readonly #server: Server;
  /** How many questions came. */
  asked = 0;

  private constructor() {
    writeFileSync(join(this.#folder, "openssl.cnf"), CONFIGURATION);
    writeFileSync(join(this.#folder, "serial"), "01\n");
    for (const name of ["ca", "tsa"]) this.#openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
    this.#openssl("req -config openssl.cnf -x509 -new -key ca.key -subj /CN=Roots -days 30 -extensions root -out ca.pem");
    this.#openssl("req -config openssl.cnf -new -key tsa.key -subj /CN=Stamps -out tsa.csr");
    this.#openssl("x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -days 30 -extfile openssl.cnf -extensions stamps -out tsa.pem");
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        this.asked += 1;
        writeFileSync(join(this.#folder, "question"), Buffer.concat(pieces));
        this.#openssl("ts -reply -config openssl.cnf -queryfile question -out answer");
        response.writeHead(200, { "content-type": "application/timestamp-reply" });
        response.end(readFileSync(join(this.#folder, "answer")));
      });
    });
  }

  static start(): Promise<TimeStamps> {
    const made = new TimeStamps();
    return new Promise((resolve, reject) => {
      made.#server.once("error", reject);
      made.#server.listen(0, "127.0.0.1", () => resolve(made));
    });
  }

  /** Its entry in validation.toml. */
  entry(name: string): string {
    return `[[time_stamp_authority]]\nname = "${name}"\nurl = "http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/"\n`;
  }

  /** What openssl says of a token about these bytes. */
  verified(token: Uint8Array, stamped: Uint8Array): string {
    writeFileSync(join(this.#folder, "token"), token);
    writeFileSync(join(this.#folder, "stamped"), stamped);
    return this.#openssl("ts -verify -token_in -in token -data stamped -CAfile ca.pem");
  }

  stop(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs `openssl` in the folder, with arguments that have no spaces. */
  #openssl(words: string): string {
    return execFileSync("openssl", words.split(" "), { cwd: this.#folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
}
