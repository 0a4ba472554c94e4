/** A Fluent file, parsed by the build. */
declare module "*.ftl" {
  const resource: import("@fluent/bundle").FluentResource;
  export default resource;
}

/** What `wasm-bindgen --target web` makes of the core. */
declare module "bitaqa-core" {
  export function initSync(options: { module: WebAssembly.Module | BufferSource }): unknown;
  /** Gives the code fresh memory; objects made before are of no use any more. */
  export function __wbg_reset_state(): void;
  export class Core {
    constructor(config: string);
    handle(event: string): string;
    free(): void;
  }
}
