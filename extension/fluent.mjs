/**
 * Fluent files as JavaScript modules: parsed when the extension is built, so that no parser travels with it.
 */
import { readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";

/**
 * The source of the module that a Fluent file becomes. `FluentBundle.addResource` reads nothing but `body`.
 *
 * @param {string} path
 */
export function fluentModule(path) {
  const { body } = new FluentResource(readFileSync(path, "utf8"));
  return `export default ${JSON.stringify({ body })};`;
}
