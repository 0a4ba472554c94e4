/**
 * Issuers, tokens and responders that are not ours: openssl and `node:crypto`.
 */
import { execFile, execFileSync } from "node:child_process";
import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import type { AuthToken } from "@bitaqa/verify";

const run = promisify(execFile);

/** What a person's certificate is made with. */
export interface HolderOptions {
  /** `serialNumber` of the subject (ETSI EN 319 412-1). */
  number?: string;
  /** Country of the subject. */
  country?: string;
  /** Address of a responder that it names. */
  ocsp?: string;
  days?: number;
  /** `extendedKeyUsage`. */
  usage?: string;
}

/** A certification authority in a folder of its own, with openssl's register of what it issued. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), "bitaqa-verify-"));

  constructor(name = "Example root") {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const extensions = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    this.#openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", `/C=MA/CN=${name}`, "-days", "3650", ...extensions);
    this.#write("index.txt", "");
    this.#write("serial", "1000\n");
    this.#write("crlnumber", "01\n");
    this.#write(
      "ca.cnf",
      "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\ncrlnumber=crlnumber\nnew_certs_dir=.\ncertificate=ca.pem\nprivate_key=ca.key\n" +
        "default_md=sha256\npolicy=p\nunique_subject=no\ndefault_crl_days=7\n[p]\ncountryName=optional\nsurname=optional\ngivenName=optional\n" +
        "serialNumber=optional\ncommonName=optional\n",
    );
  }

  /** Its certificate, PEM. */
  get certificate(): string {
    return this.#read("ca.pem").toString();
  }

  /** A person's key and certificate, by a name. */
  holder(name: string, { number = "PNOMA-AB123456", country = "MA", ocsp, days = 365, usage = "clientAuth" }: HolderOptions = {}): Holder {
    const extensions = [
      "keyUsage=critical,digitalSignature",
      `extendedKeyUsage=${usage}`,
      "authorityKeyIdentifier=keyid",
      ...(ocsp === undefined ? [] : [`authorityInfoAccess=OCSP;URI:${ocsp}`]),
    ];
    this.#write(`${name}.ext`, `${extensions.join("\n")}\n`);
    const subject = `/C=${country}/SN=EXEMPLE/GN=AMINA/serialNumber=${number}/CN=${name}`;
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
    this.#openssl("req", ...key, "-out", `${name}.csr`, "-subj", subject);
    this.#openssl(
      ...["ca", "-batch", "-config", "ca.cnf", "-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", `${name}.ext`],
      ...["-days", String(days), "-notext"],
    );
    return new Holder(this.#read(`${name}.pem`), createPrivateKey(this.#read(`${name}.key`)));
  }

  revoke(name: string): void {
    this.#openssl("ca", "-config", "ca.cnf", "-revoke", `${name}.pem`, "-crl_reason", "keyCompromise");
  }

  /** Takes a certificate out of the register: the responder does not know it. */
  forget(): void {
    this.#write("index.txt", "");
  }

  /** Its revocation list now, DER. */
  list(days = 7): Uint8Array {
    this.#openssl("ca", "-config", "ca.cnf", "-gencrl", "-crldays", String(days), "-out", "crl.pem");
    this.#openssl("crl", "-in", "crl.pem", "-outform", "DER", "-out", "crl.der");
    return this.#read("crl.der");
  }

  /** openssl's answers on this port of loopback; its own responder would listen to everybody. */
  async responder(port: number, options: readonly string[] = []): Promise<Server> {
    const responder = createHttpServer((request, response) => {
      void buffer(request).then(async (question) => {
        this.#write("question.der", question);
        const all = ["ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key"];
        await run("openssl", [...all, "-reqin", "question.der", "-respout", "answer.der", ...options], { cwd: this.folder });
        response.writeHead(200, { "content-type": "application/ocsp-response" }).end(this.#read("answer.der"));
      });
    });
    responder.listen(port, "127.0.0.1");
    await once(responder, "listening");
    return responder;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #openssl(...parts: string[]): void {
    execFileSync("openssl", parts, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
  }

  #read(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  #write(name: string, text: string | Uint8Array): void {
    writeFileSync(join(this.folder, name), text);
  }
}

/** Somebody who can sign in. */
export class Holder {
  readonly certificate: X509Certificate;
  readonly #key: KeyObject;

  constructor(pem: Buffer, key: KeyObject) {
    this.certificate = new X509Certificate(pem);
    this.#key = key;
  }

  /** A `web-eid:1.0` token, signed by `node:crypto`. */
  token(origin: string, challenge: string): AuthToken {
    const parts = [hash(origin), hash(challenge)];
    const signature = sign("sha256", Buffer.concat(parts), { key: this.#key, dsaEncoding: "ieee-p1363" });
    return {
      unverifiedCertificate: this.certificate.raw.toString("base64"),
      algorithm: "ES256",
      signature: signature.toString("base64"),
      format: "web-eid:1.0",
    };
  }
}

export const hash = (text: string | Uint8Array): Buffer => createHash("sha256").update(text).digest();

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
