/** What `bitaqa-bindgen` makes of `sdk/verify/wasm`. Whatever is thrown is the JSON of `Told`, or a trap. */
declare module "bitaqa-verify-core" {
  export class Trust {
    allowTests(): void;
    addPack(pack: string, signer: string): void;
    addCountries(name: string, bytes: Uint8Array): void;
    addCertificates(name: string, bytes: Uint8Array): void;
    addIssuerFile(name: string, bytes: Uint8Array): void;
    addIssuers(profiles: string): void;
  }

  export class Verifier {
    /** Uses `trust` up. */
    constructor(trust: Trust, origin: string, now: number);
    addKey(jwk: string): void;
    demandRevocationLists(): void;
    notes(): string[];
    signIn(token: string, challenge: string, now: number, seed: Uint8Array): PendingSignIn;
    identity(answer: string, request: string, now: number, seed: Uint8Array): IdentityStep;
    completeIdentity(answer: string, request: string, secret: string, chip: string, now: number, seed: Uint8Array): PendingIdentity;
    free(): void;
  }

  interface Gathered {
    /** JSON of `RevocationNeed[]`. */
    needs(): string;
    answer(place: number, received: Uint8Array): void;
    addOcsp(name: string, der: Uint8Array): void;
    addCrl(name: string, der: Uint8Array): void;
    free(): void;
  }

  export interface PendingSignIn extends Gathered {
    /** Uses it up; JSON of `SignIn`. */
    finish(demand?: string): string;
  }

  export interface PendingIdentity extends Gathered {
    /** Nothing for a card that signs nothing. */
    fingerprint(): string | undefined;
    /** Uses it up; JSON of `VerifiedIdentity`. */
    finish(demand?: string, status?: string): string;
  }

  export interface IdentityStep {
    held(): PendingIdentity | undefined;
    /** JSON of `IdentityStepResult`: what the chip has to do. */
    needed(): string;
    free(): void;
  }

  export function initSync(input: { module: WebAssembly.Module }): unknown;
  /** Starts over with fresh memory; what was made before cannot be used any more. */
  export function __wbg_reset_state(): void;
}
