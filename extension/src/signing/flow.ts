/**
 * Signs documents: finds the certificate, makes the bytes to be signed, has the card sign them, makes the files and validates each
 * before anybody gets it.
 */
import { base64, fromBase64 } from "../documents/base64.ts";
import type { Engine } from "../documents/engine.ts";
import { ending, short, stem } from "../documents/file_name.ts";
import { sha256Hex } from "../documents/sha256.ts";
import { isSound } from "../documents/sound.ts";
import type { CertificateWanted } from "../generated/CertificateWanted";
import type { DocumentToSign } from "../generated/DocumentToSign";
import type { ErrorReport } from "../generated/ErrorReport";
import type { Packaging } from "../generated/Packaging";
import type { SignatureFormat } from "../generated/SignatureFormat";
import type { SignatureLevel } from "../generated/SignatureLevel";
import type { SigningCertificate } from "../generated/SigningCertificate";
import type { Unsuitable } from "../generated/Unsuitable";
import type { TokenAlgorithm } from "../generated/TokenAlgorithm";
import type { ToBeSignedFormat } from "../generated/ToBeSignedFormat";
import { type Asker, HostFailure, type HostRequests } from "./host_requests.ts";
import type { Look } from "./visible_signature.ts";
import { type Missing, Raising, type RaisingEvents } from "./raising.ts";

/** A document to be signed, or a signed one. */
export interface NamedFile {
  name: string;
  type: string;
  blob: Blob;
}

/** A signed file. */
export interface SignedFile extends NamedFile {
  /** The level that it has. */
  level: SignatureLevel;
}

/** What kind of files are made. */
export interface Wish {
  format: SignatureFormat;
  level: SignatureLevel;
  packaging?: Packaging | undefined;
  certificate: CertificateWanted;
  /** PAdES: what is seen, where. */
  visible?: Visible | undefined;
}

/** A signature that can be seen: on which of the documents, its place in points, the page from 1. */
export interface Visible {
  on: number;
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
  reason?: string;
  /** What it shows, once it is known who signs, and when. `certificate`: in base64. */
  look(certificate: string, at: Date): Promise<Look>;
}

/** How a job goes on, and what the person is asked meanwhile. */
export interface FlowEvents extends RaisingEvents {
  /** The person, or the site, gives it up: nothing more is asked, and nothing is given out. */
  signal: AbortSignal;
  /** The host's window is open, or the card is at work, or files are being made. */
  stage(stage: "preparing" | "certificate" | "waiting-for-person" | "signing" | "finishing" | "raising", signed: number, total: number): void;
  /** These are not used, and why. */
  unsuited(certificates: readonly Unsuited[]): void;
  /** Which of several certificates; none gives up. */
  choose(certificates: readonly SigningCertificate[]): Promise<SigningCertificate | undefined>;
  /** The card wants its PIN for each of so many signatures: that, or one container with one signature; neither gives up. */
  howOften(count: number): Promise<"each" | "container" | undefined>;
}

/** A certificate of the card that is not used. */
export interface Unsuited {
  /** DER in base64. */
  certificate: string;
  why: Unsuitable | "not-wanted";
}

/** What was signed. */
export interface Outcome {
  files: SignedFile[];
  /** Why there are fewer than documents. */
  stopped?: ErrorReport | undefined;
  /** Why some did not reach the level of the wish. */
  missing: Missing[];
}

/** One signature. */
interface Job {
  name: string;
  documents: readonly NamedFile[];
  format: SignatureFormat;
}

const TO_BE_SIGNED: { readonly [format in SignatureFormat]: ToBeSignedFormat } = {
  cades: "cms-signed-attributes",
  pades: "cms-signed-attributes",
  "asic-s": "cms-signed-attributes",
  xades: "xml-signed-info",
  // in XML, so that the host finds the digest of every document in what is signed
  "asic-e": "xml-signed-info",
  jades: "jws-signing-input",
};

const SCHEMES = { E: "ecdsa", R: "rsa-pkcs1", P: "rsa-pss" } as const;

/**
 * @throws HostFailure where nothing was signed
 * @throws EngineError where a document cannot be signed
 */
export async function signDocuments(
  { engine, host }: { engine: Engine; host: HostRequests },
  asker: Asker,
  documents: readonly NamedFile[],
  wish: Wish,
  events: FlowEvents,
): Promise<Outcome> {
  events.stage("certificate", 0, documents.length);
  const listed = await host.certificates(asker, {});
  events.signal.throwIfAborted();
  const certificate = await chosen(engine, listed, wish.certificate, events);
  events.signal.throwIfAborted();
  const algorithm = certificate.algorithms[0];
  if (algorithm === undefined) throw new HostFailure({ code: "signing-certificate-unsuitable", detail: "algorithm" });

  let { format } = wish;
  if (certificate.pinEachTime && documents.length > 1 && format !== "asic-e") {
    const answer = await events.howOften(documents.length);
    events.signal.throwIfAborted();
    if (answer === undefined) throw new HostFailure({ code: "user-cancelled" });
    if (answer === "container") format = "asic-e";
  }
  const jobs = jobsOf(documents, format);
  events.stage("preparing", 0, jobs.length);
  const prepared: { state: Uint8Array; document: DocumentToSign; request: object }[] = [];
  for (const [at, job] of jobs.entries()) {
    const now = new Date();
    const visible = format === "pades" && wish.visible?.on === at ? wish.visible : undefined;
    const pdf = visible && pdfOf(visible, await visible.look(certificate.certificate, now));
    const request = requestOf(job, wish, certificate.certificate, algorithm, now, pdf);
    const { toBeSigned, state } = await engine.prepare(request, job.documents.map(({ blob }) => blob));
    // before the window that asks for the PIN
    events.signal.throwIfAborted();
    prepared.push({ state, request, document: { name: job.name, format: TO_BE_SIGNED[job.format], toBeSigned: base64(toBeSigned) } });
  }

  let signed = 0;
  events.stage("waiting-for-person", 0, jobs.length);
  const { signatures, ...ended } = await host.sign(asker, certificate.certificate, algorithm, prepared.map(({ document }) => document), {
    stage(stage) {
      if (stage === "waiting-for-person" || stage === "signing") events.stage(stage, signed, jobs.length);
    },
    signed(count) {
      signed = count;
      events.stage("signing", signed, jobs.length);
    },
  });

  let { stopped } = ended;
  const made: { file: NamedFile; job: Job }[] = [];
  for (const [index, signature] of signatures.entries()) {
    const [job, { state } = { state: undefined }] = [jobs[index], prepared[index]];
    if (job === undefined || state === undefined) throw new HostFailure({ code: "host-misbehaved", detail: "more signatures than documents" });
    events.stage("finishing", index, jobs.length);
    try {
      const blob = await engine.finish(state, fromBase64(signature), job.documents.map((document) => document.blob));
      const file = named(job, wish.packaging, blob);
      await validated(engine, file.blob, job, wish.packaging, certificate.certificate);
      made.push({ file, job });
    } catch (error) {
      events.signal.throwIfAborted();
      // what is signed by then is not lost
      if (made.length === 0) throw error;
      stopped = error instanceof HostFailure ? error.report : { code: "internal-error", detail: String(error) };
      break;
    }
    events.signal.throwIfAborted();
  }

  const raising = new Raising({ engine, host }, events);
  let files = made.map(({ file }): SignedFile => ({ ...file, level: "B-B" }));
  // all are stamped first: what is then learned about revocation is newer than each of them
  for (const upTo of new Set<SignatureLevel>(wish.level === "B-B" ? [] : ["B-T", wish.level])) {
    const raised: SignedFile[] = [];
    for (const [index, file] of files.entries()) {
      const job = made[index]?.job;
      if (job === undefined || (upTo !== "B-T" && file.level !== "B-T")) {
        raised.push(file);
        continue;
      }
      events.stage("raising", index, files.length);
      const check = (blob: Blob): Promise<void> => validated(engine, blob, job, wish.packaging, certificate.certificate);
      const { blob, level } = await raising.raise(file, upTo, besideOf(job, wish.packaging), check);
      raised.push({ ...file, blob: new Blob([blob], { type: file.type }), level });
    }
    files = raised;
  }
  events.signal.throwIfAborted();
  return { files, stopped, missing: raising.missing };
}

async function chosen(engine: Engine, listed: readonly SigningCertificate[], wanted: CertificateWanted, events: FlowEvents): Promise<SigningCertificate> {
  const good: SigningCertificate[] = [];
  const unsuited: Unsuited[] = [];
  for (const one of listed) {
    const why = one.unsuitable ?? ((await engine.isWanted(fromBase64(one.certificate), wanted)) ? undefined : "not-wanted");
    if (why === undefined) good.push(one);
    else unsuited.push({ certificate: one.certificate, why });
  }
  events.unsuited(unsuited);
  const [only, ...others] = good;
  if (only === undefined) {
    const [first] = unsuited;
    if (first === undefined) throw new HostFailure({ code: "signing-certificate-missing" });
    throw new HostFailure({ code: "signing-certificate-unsuitable", detail: first.why });
  }
  if (others.length === 0) return only;
  const answer = await events.choose(good);
  if (answer === undefined) throw new HostFailure({ code: "user-cancelled" });
  return answer;
}

/** One signature for all files of a container that holds many, else one for each. */
export function jobsOf(documents: readonly NamedFile[], format: SignatureFormat): Job[] {
  if (format !== "asic-e") return documents.map((document) => ({ name: document.name, documents: [document], format }));
  const [first] = documents;
  return first === undefined ? [] : [{ name: `${short(stem(first.name))}.asice`, documents: distinct(documents), format }];
}

/** No two files of a container have one name. */
function distinct(documents: readonly NamedFile[]): NamedFile[] {
  const used = new Set<string>();
  return documents.map((document) => {
    let name = document.name;
    for (let number = 2; used.has(name); number += 1) name = `${short(stem(document.name))} (${number})${ending(document.name)}`;
    used.add(name);
    return { ...document, name };
  });
}

/** The request as the module for documents reads it. */
export function requestOf({ documents, format }: Job, { packaging }: Wish, certificate: string, algorithm: TokenAlgorithm, at = new Date(), pdf?: object): object {
  const scheme = SCHEMES[algorithm.charAt(0) as keyof typeof SCHEMES];
  return {
    format,
    ...packagingOf(format, packaging),
    ...(format === "asic-e" && { containerSignature: "xades" }),
    documents: documents.map(({ name, type }) => documentOf(format, packaging, name, type)),
    certificate,
    algorithm: { scheme, hash: `SHA-${algorithm.slice(2)}` },
    statement: { signingTime: Math.floor(at.getTime() / 1000) },
    ...(pdf && { pdf }),
  };
}

function packagingOf(format: SignatureFormat, packaging: Packaging | undefined): object {
  if (packaging !== undefined) return { packaging };
  if (format === "cades" || format === "jades") return { packaging: "attached" };
  return format === "xades" ? { packaging: "enveloping" } : {};
}

function documentOf(format: SignatureFormat, packaging: Packaging | undefined, name: string, type: string): object {
  const mediaType = type === "" ? {} : { mediaType: type };
  if (format === "asic-s" || format === "asic-e") return { name, ...mediaType };
  // what is beside the signature is found by its name: a relative URI reference
  if (packaging === "detached" && format !== "cades") return { name: encodeURIComponent(name), ...mediaType };
  return format === "pades" ? {} : mediaType;
}

function pdfOf({ page, x, y, width, height, reason }: Visible, look: Look): object {
  const rectangle = [x, y, x + width, y + height].map((length) => Math.round(100 * length) / 100);
  return { appearance: { page: page - 1, rectangle, ...look }, ...(reason !== undefined && { reason }) };
}

/** A name and media type for a signed file. */
export function named({ name, documents, format }: Job, packaging: Packaging | undefined, blob: Blob): NamedFile {
  const [first] = documents;
  const own = first?.name ?? name;
  const made = (given: string, type: string): NamedFile => ({ name: given, type, blob: new Blob([blob], { type }) });
  switch (format) {
    case "pades":
      return made(`${short(stem(own))}-signed.pdf`, "application/pdf");
    case "cades":
      return packaging === "detached" ? made(`${short(own)}.p7s`, "application/pkcs7-signature") : made(`${short(own)}.p7m`, "application/pkcs7-mime");
    case "xades":
      return made(packaging === "enveloped" ? `${short(stem(own))}-signed.xml` : `${short(own)}.xades.xml`, "application/xml");
    case "jades":
      return made(`${short(own)}.jades.json`, "application/jose+json");
    case "asic-s":
      return made(`${short(stem(own))}.asics`, "application/vnd.etsi.asic-s+zip");
    case "asic-e":
      return made(name, "application/vnd.etsi.asic-e+zip");
  }
}

/** What stands beside a signature that is detached, and the names by which it finds it. */
function besideOf({ documents, format }: Job, packaging: Packaging | undefined): { names: (string | null)[]; files: Blob[] } {
  const isDetached = packaging === "detached" && (format === "cades" || format === "xades" || format === "jades");
  const beside = isDetached ? documents : [];
  return {
    names: beside.map(({ name }) => (format === "cades" ? null : encodeURIComponent(name))),
    files: beside.map(({ blob }) => blob),
  };
}

/** A file that does not validate as signed by this certificate is not given to anybody, nor one with a time stamp that is none. */
async function validated(engine: Engine, blob: Blob, job: Job, packaging: Packaging | undefined, certificate: string): Promise<void> {
  const { names: detached, files } = besideOf(job, packaging);
  const { report } = await engine.verify(blob, { at: Math.floor(Date.now() / 1000), trust: [], detached }, files);
  const own = await sha256Hex(fromBase64(certificate));
  const signature = [...report.signatures].reverse().find(({ signer }) => signer?.certificateSha256 === own);
  if (signature === undefined || !isSound(signature)) {
    throw new HostFailure({ code: "token-invalid", detail: signature?.subIndication ?? "the signature is not in the file" });
  }
}
