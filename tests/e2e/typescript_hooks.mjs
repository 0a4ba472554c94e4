import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { fluentModule } from "../../extension/fluent.mjs";

/** @type {import("node:module").LoadHook} */
export function load(url, context, next) {
  const path = url.startsWith("file:") ? fileURLToPath(url) : "";
  if (path.endsWith(".ftl")) return { format: "module", shortCircuit: true, source: fluentModule(path) };
  if (!path.endsWith(".ts")) return next(url, context);
  const { code } = transformSync(readFileSync(path, "utf8"), {
    loader: "ts",
    format: "esm",
    target: "es2022",
    sourcefile: path,
    sourcemap: "inline",
  });
  return { format: "module", shortCircuit: true, source: code };
}
