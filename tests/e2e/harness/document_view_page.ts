import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { fluentModule } from "../../../extension/fluent.mjs";

const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));

/** The page, in the package of {@link withDocumentView}. */
export const PAGE = "document_view_page.html";

/** A copy of a built extension with one page more, that shows documents; whoever made it removes it. */
export async function withDocumentView(extension: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bitaqa-document-view-"));
  cpSync(extension, folder, { recursive: true });
  for (const ending of ["html", "css"]) {
    cpSync(join(FIXTURES, `document_view.${ending}`), join(folder, `document_view_page.${ending}`));
  }
  await build({
    entryPoints: { document_view_page: join(FIXTURES, "document_view.js") },
    outdir: folder,
    bundle: true,
    format: "iife",
    charset: "utf8",
    plugins: [
      {
        name: "fluent",
        setup({ onLoad }) {
          onLoad({ filter: /\.ftl$/ }, ({ path }) => ({ contents: fluentModule(path), loader: "js" }));
        },
      },
    ],
    logLevel: "warning",
  });
  return folder;
}
