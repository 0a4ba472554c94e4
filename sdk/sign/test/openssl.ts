/**
 * People with certificates and keys that are not ours, and judges: openssl and `node:crypto`.
 */
import { execFileSync } from "node:child_process";
import { constants, createPrivateKey, type KeyObject, sign, verify as verifySignature, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreparedSignature } from "@bitaqa/sign";

/** Kinds of keys, as `openssl req -newkey` makes them. */
const KEYS = {
  "P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "P-384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
  "P-521": ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
  brainpoolP256r1: ["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"],
  "RSA-2048": ["rsa:2048"],
} as const;

/** A kind of key. */
export type KeyKind = keyof typeof KEYS;

/** A certification authority in a folder of its own. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), "bitaqa-sign-"));
  #made = 0;

  constructor() {
    const key = ["-newkey", ...KEYS["P-256"], "-nodes", "-keyout", "ca.key"];
    const extensions = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    this.openssl("req", "-x509", ...key, "-out", "ca.pem", "-subj", "/C=MA/CN=Example root", "-days", "3650", ...extensions);
  }

  /** Its certificate, PEM. */
  get certificate(): string {
    return readFileSync(join(this.folder, "ca.pem"), "utf8");
  }

  /** Somebody with a key; for signing documents unless another key usage is said. `list`: where the certificate says that its revocation list is. */
  holder(kind: KeyKind = "P-256", usage = "nonRepudiation", list?: string): Holder {
    const name = `holder-${(this.#made += 1)}`;
    const points = list === undefined ? "" : `crlDistributionPoints=URI:${list}\n`;
    this.write(`${name}.ext`, `keyUsage=critical,${usage}\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n${points}`);
    const key = ["-newkey", ...KEYS[kind], "-nodes", "-keyout", `${name}.key`];
    this.openssl("req", ...key, "-out", `${name}.csr`, "-subj", "/C=MA/SN=EXEMPLE/GN=AMINA/CN=AMINA EXEMPLE");
    const issue = ["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "365", "-extfile", `${name}.ext`];
    this.openssl(...issue, "-set_serial", String(this.#made + 1), "-out", `${name}.pem`);
    return new Holder(readFileSync(join(this.folder, `${name}.pem`), "utf8"), createPrivateKey(readFileSync(join(this.folder, `${name}.key`))));
  }

  /** Judges a CAdES signature with its content beside it, or in it: signing certificate, path and signature. Gives the content. */
  verifyCades(message: Uint8Array, content?: Uint8Array): Buffer {
    this.write("message.der", message);
    if (content !== undefined) this.write("content", content);
    const beside = content === undefined ? [] : ["-content", "content"];
    const purpose = ["-CAfile", "ca.pem", "-purpose", "any"];
    return this.openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "message.der", ...beside, ...purpose);
  }

  /** Its revocation list now, DER: nobody was revoked. */
  list(): Uint8Array {
    this.write("index.txt", "");
    this.write("crlnumber", "01\n");
    this.write("ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ncertificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\n");
    this.openssl("ca", "-config", "ca.cnf", "-gencrl", "-crldays", "7", "-out", "list.pem");
    return this.openssl("crl", "-in", "list.pem", "-outform", "DER");
  }

  /** The response of a time-stamp authority of its own (RFC 3161). */
  timeStamp(request: Uint8Array): Uint8Array {
    if (!existsSync(join(this.folder, "tsa.pem"))) this.#timeStampAuthority();
    this.write("request.tsq", request);
    this.openssl("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "request.tsq", "-out", "response.tsr");
    return readFileSync(join(this.folder, "response.tsr"));
  }

  #timeStampAuthority(): void {
    const extensions = ["keyUsage=critical,digitalSignature", "extendedKeyUsage=critical,timeStamping", "authorityKeyIdentifier=keyid"];
    this.write("tsa.ext", `${extensions.join("\n")}\ncrlDistributionPoints=URI:http://ca.example/list.crl\n`);
    this.openssl("req", "-newkey", ...KEYS["P-256"], "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/C=MA/CN=Example time stamps");
    const issue = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "365", "-extfile", "tsa.ext", "-set_serial", "9999"];
    this.openssl(...issue, "-out", "tsa.pem");
    this.write("tsa.serial", "01\n");
    const signer = "signer_cert=tsa.pem\nsigner_key=tsa.key\ncerts=ca.pem\nsigner_digest=sha256\n";
    const policy = "serial=tsa.serial\ndefault_policy=1.2.3.4\ndigests=sha256,sha384,sha512\ness_cert_id_alg=sha256\n";
    this.write("tsa.cnf", `[tsa]\n${signer}${policy}`);
  }

  openssl(...parts: string[]): Buffer {
    return execFileSync("openssl", parts, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 });
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Somebody who can sign. */
export class Holder {
  /** PEM. */
  readonly certificate: string;
  readonly key: KeyObject;

  constructor(certificate: string, key: KeyObject) {
    this.certificate = certificate;
    this.key = key;
  }

  get der(): Uint8Array {
    return new X509Certificate(this.certificate).raw;
  }

  get publicKey(): KeyObject {
    return new X509Certificate(this.certificate).publicKey;
  }

  /** Signs what was prepared, as a card does: ECDSA as two numbers of one length. */
  sign({ toBeSigned, algorithm }: PreparedSignature, dsaEncoding: "ieee-p1363" | "der" = "ieee-p1363"): Uint8Array {
    return sign(algorithm.hash.toLowerCase().replace("sha-", "sha"), toBeSigned, { key: this.key, dsaEncoding, ...padding(algorithm.scheme) });
  }

  /** Whether it signed these bytes with SHA-256, as two numbers of one length. */
  verifies(bytes: Uint8Array, signature: Uint8Array): boolean {
    return verifySignature("sha256", bytes, { key: this.publicKey, dsaEncoding: "ieee-p1363" }, signature);
  }
}

const padding = (scheme: PreparedSignature["algorithm"]["scheme"]): object =>
  scheme === "rsa-pss" ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
