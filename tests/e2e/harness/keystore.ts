import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./browser.ts";
import { ended, WITH_US } from "./desktop.ts";

/** What names our numbers in a keystore. */
const ATTRIBUTES = "xdg:schema=ma.bitaqa.CardAccessNumber application=bitaqa";
const SCRIPT = fileURLToPath(new URL("../../../host/tests/window_desktop/keyring.py", import.meta.url));

/** A keystore of the desktop: GNOME's, on a session bus of its own, with a keyring that is unlocked. */
export class Keystore {
  readonly #folder = mkdtempSync(join(tmpdir(), "bitaqa-keystore-"));
  readonly #processes: ChildProcess[] = [];

  static async start(): Promise<Keystore> {
    const keystore = new Keystore();
    keystore.#spawn("dbus-daemon", "--session", "--nofork", `--address=${keystore.address}`);
    await until(() => existsSync(keystore.#socket), "the session bus");
    const password = join(keystore.#folder, "password");
    writeFileSync(password, "of the test");
    const words = "gnome-keyring-daemon --foreground --unlock --components=secrets";
    keystore.#spawn("sh", "-c", `exec ${words} < '${password}'`);
    await until(() => keystore.#keyring("state") === "open", "the keystore");
    return keystore;
  }

  /** Where its bus is. */
  get address(): string {
    return `unix:path=${this.#socket}`;
  }

  /** Remembers a number, as if it had been typed some day. */
  put(label: string, number: string): void {
    if (this.#keyring("put", ATTRIBUTES, label, number) !== "put") throw new Error("the keystore does not take a number");
  }

  /** What is remembered: labels and numbers, in the order in which they came. */
  list(): string[][] {
    const list = this.#keyring("list", ATTRIBUTES);
    return list === "" ? [] : list.split("\n").map((line) => line.split("\t"));
  }

  async stop(): Promise<void> {
    for (const child of this.#processes.toReversed()) await ended(child);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#folder, "bus");
  }

  get #environment(): NodeJS.ProcessEnv {
    return { ...process.env, DBUS_SESSION_BUS_ADDRESS: this.address, HOME: this.#folder, XDG_RUNTIME_DIR: this.#folder };
  }

  #spawn(...words: string[]): void {
    this.#processes.push(spawn("setpriv", [...WITH_US, ...words], { env: this.#environment, stdio: "ignore" }));
  }

  #keyring(...words: string[]): string {
    return spawnSync("/usr/bin/python3", [SCRIPT, ...words], { env: this.#environment, encoding: "utf8" }).stdout.trim();
  }
}
