/** A Fluent file, parsed by the build. */
declare module "*.ftl" {
  const resource: import("@fluent/bundle").FluentResource;
  export default resource;
}

/** What `wasm-bindgen --target web` makes of the core. */
declare module "bitaqa-core" {
  export function initSync(options: { module: WebAssembly.Module | BufferSource }): unknown;
  export class Core {
    constructor(config: string);
    handle(event: string): string;
    free(): void;
  }
}
