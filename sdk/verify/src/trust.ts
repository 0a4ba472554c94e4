import { Trust as CoreTrust } from "bitaqa-verify-core";

/**
 * Whom the portal believes. It comes from the portal's own configuration, never from a request. Files are read by the portal;
 * nothing is fetched.
 */
export interface Trust {
  /** Trust packs (docs/trust-packs.md), each with the fingerprint of its signer as the pack's issuer told it by another way. */
  readonly packs?: readonly TrustedPack[];
  /** Countries that sign identity documents: certificates, revocation lists, master lists; PEM or DER. */
  readonly countries?: readonly TrustFile[];
  /** Issuers of the certificates that people sign in with. */
  readonly issuers?: IssuerProfiles;
  /**
   * Certificates of people's issuers; PEM or DER. Self-signed ones are anchors where there are no profiles, and prove no level;
   * others help to get to an anchor.
   */
  readonly certificates?: readonly TrustFile[];
  /** Whether what is for tests is taken. Every result then says `assurance: "test"`. */
  readonly test?: boolean;
}

/** A trust pack. */
export interface TrustedPack {
  /** The file's text. */
  readonly pack: string;
  /** Fingerprint of its signer's key: 64 hexadecimal digits, or base64url. */
  readonly signer: string;
}

/** A file. */
export interface TrustFile {
  /** For notes and errors. */
  readonly name: string;
  /** Its content: PEM or DER. */
  readonly content: Uint8Array | string;
}

/** A file of issuer profiles (TOML) with the certificate files that it names. */
export interface IssuerProfiles {
  /** The text of the profile file. */
  readonly profiles: string;
  /** Certificate files, by the name that stands in it. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

const bytes = (content: Uint8Array | string): Uint8Array => (typeof content === "string" ? new TextEncoder().encode(content) : content);

/**
 * Gives all of it to the core.
 *
 * @internal
 */
export function coreTrust(trust: Trust): CoreTrust {
  const core = new CoreTrust();
  if (trust.test === true) core.allowTests();
  for (const { pack, signer } of trust.packs ?? []) core.addPack(pack, signer);
  for (const { name, content } of trust.countries ?? []) core.addCountries(name, bytes(content));
  for (const { name, content } of trust.certificates ?? []) core.addCertificates(name, bytes(content));
  if (trust.issuers !== undefined) {
    for (const [name, content] of Object.entries(trust.issuers.files)) core.addIssuerFile(name, bytes(content));
    core.addIssuers(trust.issuers.profiles);
  }
  return core;
}
