import type { SourceName } from "../generated/SourceName";

/** What a trust pack on this computer says about documents. Certificates are DER in base64. */
export interface DocumentTrust {
  /** The pack's name. */
  pack: string;
  /** The pack is for tests: nothing that rests on it proves anything about a real person. */
  test: boolean;
  /** Authorities of signers. */
  signers: string[];
  timeStampAuthorities: string[];
  /** Who may sign trusted lists. */
  listSigners: string[];
}

/** A source of the configuration; older hosts do not say where exactly it is. */
export type Source = SourceName & { url?: string };
