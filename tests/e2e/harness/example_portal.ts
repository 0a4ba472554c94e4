import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ended } from "./desktop.ts";
import { program } from "./programs.ts";

const SDK = fileURLToPath(new URL("../../../sdk/web/dist", import.meta.url));

/** A line of the portal's log. */
export interface PortalEvent {
  event: string;
  outcome?: string;
  code?: string;
  assurance?: string;
  level?: string;
  verificationMilliseconds?: number;
}

/** The example portal, on loopback. */
export class ExamplePortal {
  readonly origin: string;
  /** What it logged so far. */
  readonly events: PortalEvent[];
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, origin: string, events: PortalEvent[]) {
    this.#process = child;
    this.origin = origin;
    this.events = events;
  }

  /** Starts it with these issuer profiles. */
  static start(issuers: string): Promise<ExamplePortal> {
    const child = spawn(program("bitaqa-example-portal"), ["--listen", "127.0.0.1:0", "--issuers", issuers, "--sdk", SDK], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const events: PortalEvent[] = [];
    let said = "";
    createInterface({ input: child.stderr }).on("line", (line) => {
      said = line;
      if (line.startsWith("{")) events.push(JSON.parse(line) as PortalEvent);
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the example portal ended with ${code}: ${said}`)));
      createInterface({ input: child.stdout }).on("line", (line) => {
        const [, origin] = /^listening on (http:\S+)$/.exec(line) ?? [];
        if (origin !== undefined) resolve(new ExamplePortal(child, origin, events));
      });
    });
  }

  stop(): Promise<void> {
    return ended(this.#process);
  }
}
