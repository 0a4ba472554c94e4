import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ended } from "./desktop.ts";

const PROGRAM = fileURLToPath(new URL("../../../sdk/examples/signature-provider/provider.mjs", import.meta.url));

/** The example signature provider, on loopback, started as its description says. */
export class SignatureProvider {
  readonly origin: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, origin: string) {
    this.#process = child;
    this.#folder = folder;
    this.origin = origin;
  }

  /** Starts it with its own documents; `issuers`: certificates whose cards are for tests. */
  static async start(issuers: readonly string[]): Promise<SignatureProvider> {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-provider-"));
    const settings = join(folder, "settings.json");
    writeFileSync(settings, JSON.stringify({ port: 0, issuers, test: true }));
    const child = spawn(process.execPath, [PROGRAM, settings], { stdio: ["ignore", "pipe", "inherit"] });
    const origin = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the signature provider ended with ${code}`)));
      createInterface({ input: child.stdout }).on("line", (line) => {
        const [, origin] = /^listening on (http:\S+)$/.exec(line) ?? [];
        if (origin !== undefined) resolve(origin);
      });
    });
    return new SignatureProvider(child, folder, origin);
  }

  async stop(): Promise<void> {
    await ended(this.#process);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
