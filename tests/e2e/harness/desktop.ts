import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "./browser.ts";

const run = promisify(execFile);

/** Title of the native window, in every language the product's name. */
const WINDOW_CLASS = "bitaqa";

/** An X server without a screen, with a window manager; it listens on no network port. */
export class Desktop {
  readonly display: string;
  readonly #folder: string;
  readonly #processes: ChildProcess[];

  private constructor(display: string, folder: string, processes: ChildProcess[]) {
    this.display = display;
    this.#folder = folder;
    this.#processes = processes;
  }

  static async start(size = "1280x1000"): Promise<Desktop> {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-desktop-"));
    const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${size}x24`, "-nolisten", "tcp", "-noreset"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const number = await firstLine(server);
    const display = `:${number}`;
    const manager = spawn("openbox", ["--config-file", "/etc/xdg/openbox/rc.xml"], {
      env: { ...process.env, DISPLAY: display, HOME: folder },
      stdio: "ignore",
    });
    const desktop = new Desktop(display, folder, [manager, server]);
    await until(() => desktop.#managed(), "the window manager");
    return desktop;
  }

  /** Environment of programs that shall show their windows here. */
  get environment(): Record<string, string> {
    return { DISPLAY: this.display };
  }

  /** Ids of the native windows that are on the screen, oldest first. */
  async windows(): Promise<string[]> {
    const found = await this.#xdotool("search", "--onlyvisible", "--class", WINDOW_CLASS).catch(() => "");
    return found.split("\n").filter((line) => line !== "");
  }

  /** Waits until a native window is on the screen and has the keyboard. */
  async window(): Promise<string> {
    return until(async () => {
      const [id] = (await this.windows()).slice(-1);
      if (id === undefined) return undefined;
      const focused = await this.#xdotool("getwindowfocus").catch(() => "");
      return focused === id ? id : undefined;
    }, "the native window") as Promise<string>;
  }

  /** Waits until no native window is on the screen. */
  async noWindow(milliseconds?: number): Promise<void> {
    await until(async () => (await this.windows()).length === 0, "the native window to close", milliseconds);
  }

  /** Closes windows that say how something ended, as a person would. */
  async closeWindows(): Promise<void> {
    for (const window of await this.windows()) await this.#xdotool("windowclose", window).catch(() => "");
    await this.noWindow();
  }

  /** Presses keys, by their X names, one after the other, in whatever window has the keyboard. */
  async press(...keys: string[]): Promise<void> {
    await this.#xdotool("key", "--delay", "30", ...keys);
  }

  /** Types digits by the keys of the current layout. */
  async type(text: string): Promise<void> {
    await this.#xdotool("type", "--delay", "30", text);
  }

  /** Clicks at a place of a window, in its own coordinates. */
  async click(window: string, x: number, y: number): Promise<void> {
    await this.#xdotool("mousemove", "--window", window, String(x), String(y), "click", "1");
  }

  /** Chooses a keyboard layout, as `setxkbmap` names it. */
  async layout(...layout: string[]): Promise<void> {
    await run("setxkbmap", layout, { env: { ...process.env, ...this.environment } });
  }

  /** A picture of the whole screen. */
  async screenshot(path: string): Promise<void> {
    await run("import", ["-window", "root", path], { env: { ...process.env, ...this.environment } });
  }

  async stop(): Promise<void> {
    for (const child of this.#processes) await ended(child);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #managed(): Promise<boolean> {
    const { stdout } = await run("xprop", ["-root", "_NET_SUPPORTING_WM_CHECK"], {
      env: { ...process.env, ...this.environment },
    }).catch(() => ({ stdout: "" }));
    return stdout.includes("window id");
  }

  async #xdotool(...words: string[]): Promise<string> {
    const { stdout } = await run("xdotool", words, { env: { ...process.env, ...this.environment } });
    return stdout.trim();
  }
}

/** Ends a child process and waits until it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(hard);
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3]?.on("data", (data: Buffer) => {
      text += data.toString();
      if (text.includes("\n")) resolve(text.trim());
    });
  });
}
