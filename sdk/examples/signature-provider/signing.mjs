/**
 * What a signature provider does with `@bitaqa/sign`: it prepares a document, finishes it with the signature of somebody's card, and gives out no file
 * that it would not accept from a stranger.
 */
import { createHash, X509Certificate } from "node:crypto";
import { finish, inspect, prepare, verify } from "@bitaqa/sign";
import { Refused } from "./refused.mjs";

/**
 * A document that people sign here.
 *
 * @typedef {{ name: string, content: Uint8Array }} Document
 *
 * What is kept between the two steps.
 * @typedef {{ document: Document, certificate: X509Certificate, state: Uint8Array }} Prepared
 *
 * A signed file: `before` the bytes come those of the document, where it is a PDF. `signer` is a name that was validated.
 * @typedef {{ name: string, type: string, before: Uint8Array, bytes: Uint8Array, signer: string, kind: string, assurance: import("@bitaqa/sign").Assurance }} Signed
 */

/**
 * The names by which `@bitaqa/web` calls algorithms (RFC 7518 section 3.1).
 *
 * @type {Readonly<Record<string, import("@bitaqa/sign").Algorithm>>}
 */
const ALGORITHMS = Object.fromEntries(
  /** @type {const} */ (["256", "384", "512"]).flatMap((bits) =>
    /** @type {const} */ ([["ES", "ecdsa"], ["PS", "rsa-pss"], ["RS", "rsa-pkcs1"]]).map(([name, scheme]) => [`${name}${bits}`, { scheme, hash: `SHA-${bits}` }]),
  ),
);

export class Signing {
  /** @type {readonly X509Certificate[]} */
  #issuers;
  #test;
  #now;

  /**
   * @param {{ issuers: readonly X509Certificate[], test: boolean, now: () => Date }} options `issuers`: roots that are believed, and what leads to them;
   *   `test`: they are for tests, and every result says so
   */
  constructor({ issuers, test, now }) {
    this.#issuers = issuers;
    this.#test = test;
    this.#now = now;
  }

  /**
   * What the card signs: the digest of what is signed, which is not that of the document.
   *
   * @param {Document} document
   * @param {X509Certificate} certificate
   * @param {string} algorithm one of those that the card has for the certificate
   * @returns {Promise<{ digest: Uint8Array, prepared: Prepared }>}
   */
  async prepare(document, certificate, algorithm) {
    const how = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
    if (how === undefined) throw new Refused("algorithm-unknown");
    const format = isPdf(document) ? /** @type {const} */ ("pades") : /** @type {const} */ ("cades");
    const { digest, state } = await prepare({
      certificate: certificate.raw,
      chain: this.#between(certificate).map(({ raw }) => raw),
      algorithm: how,
      format,
      ...(format === "cades" && { packaging: "detached" }),
      documents: [{ content: document.content }],
      statement: { signingTime: this.#now() },
    });
    return { digest, prepared: { document, certificate, state } };
  }

  /** What stands between a certificate and its root: whoever verifies the file has the root, and seldom the others. @param {X509Certificate} certificate */
  #between(certificate) {
    /** @type {X509Certificate[]} */
    const between = [];
    const above = (/** @type {X509Certificate} */ one) =>
      this.#issuers.find((issuer) => !issuer.checkIssued(issuer) && one.checkIssued(issuer) && !between.includes(issuer));
    for (let next = above(certificate); next !== undefined; next = above(next)) between.push(next);
    return between;
  }

  /**
   * The signed file. A signature that the key of the certificate from the preparation did not make over exactly what was prepared is `signature-invalid`.
   *
   * @param {Prepared} prepared
   * @param {Uint8Array} signature
   * @returns {Promise<Signed>}
   */
  async finish({ document, certificate, state }, signature) {
    const { kind, bytes } = await finish({ state, signature });
    const isAppended = kind === "appended";
    const file = { name: signedName(document), type: isAppended ? "application/pdf" : "application/pkcs7-signature", before: isAppended ? document.content : Buffer.of(), bytes };
    return { ...file, ...(await this.#validate(file, document, certificate)) };
  }

  /**
   * Looks at the finished file as at anybody's: is it whole, by this certificate, and does that lead to somebody who is believed here? Nobody is asked
   * whether it was revoked, and the page says so.
   *
   * @param {{ before: Uint8Array, bytes: Uint8Array }} file
   * @param {Document} document
   * @param {X509Certificate} certificate
   * @returns {Promise<Pick<Signed, "signer" | "kind" | "assurance">>}
   */
  async #validate({ before, bytes }, document, certificate) {
    const trust = this.#issuers.map(({ raw }) => raw);
    const report = await verify(Buffer.concat([before, bytes]), {
      trust,
      testTrust: this.#test ? trust : [],
      onMissingRevocation: "accept",
      detached: before.length > 0 ? [] : [{ content: document.content }],
      at: this.#now(),
    });
    // the newest is the last
    const signature = report.signatures.at(-1);
    const isTheirs = signature?.signer?.certificateSha256 === createHash("sha256").update(certificate.raw).digest("hex");
    if (report.indication !== "TOTAL-PASSED" || !isTheirs || signature.level === null || signature.coverage.kind !== "whole") {
      throw new Refused("not-accepted", 403, `${report.indication} ${report.subIndication}`);
    }
    return { signer: signature.signer.name ?? "", kind: `${signature.format} ${signature.level}`, assurance: report.assurance };
  }
}

/**
 * A document that people may be asked to sign.
 *
 * @param {Document} document
 */
export function checkedDocument(document) {
  if (isPdf(document)) {
    const { risks } = inspect(document.content);
    if (risks.javaScript || risks.xfa || risks.externalContent) throw new Error(`${document.name} may show something else tomorrow`);
  }
  return document;
}

/** @param {Document} document */
export const isPdf = ({ content }) => Buffer.from(content.subarray(0, 5)).toString("latin1") === "%PDF-";

/** @param {Document} document */
const signedName = (document) => (isPdf(document) ? document.name.replace(/(\.pdf)?$/i, "-signed.pdf") : `${document.name}.p7s`);
