import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pass, until } from "./browser.ts";

const run = promisify(execFile);

/** The kernel ends it with the process that started it, also where that is killed. */
export const WITH_US = ["--pdeathsig", "TERM", "--"];

/** The window takes no keys in its first half second, nor in the half second after one that came too early. */
const PAST_TOO_EARLY = 700;

/** Longer than a window takes to act on a key that it took. */
const TAKEN_WITHIN = 5000;

/** How often a person tries to be heard by a window of a computer that is very busy. */
const ATTEMPTS = 6;

/** More than anybody can have typed. */
const EMPTY_THE_FIELD = Array<string>(12).fill("BackSpace");

/**
 * Longer than a window manager takes to show a window on a computer that is busy. Debian's Openbox can fall silent where a window goes in
 * the moment in which it comes: it reads every event from then on, and acts on none.
 */
const SILENT_AFTER = 4000;

/** Title of the native window, in every language the product's name. */
const WINDOW_CLASS = "bitaqa";

/** An X server without a screen, with a window manager; it listens on no network port. */
export class Desktop {
  readonly display: string;
  readonly #folder: string;
  readonly #server: ChildProcess;
  #manager: ChildProcess;

  private constructor(display: string, folder: string, server: ChildProcess) {
    this.display = display;
    this.#folder = folder;
    this.#server = server;
    this.#manager = this.#startManager();
  }

  static async start(size = "1280x1000"): Promise<Desktop> {
    const folder = mkdtempSync(join(tmpdir(), "bitaqa-desktop-"));
    const server = spawn("setpriv", [...WITH_US, "Xvfb", "-displayfd", "3", "-screen", "0", `${size}x24`, "-nolisten", "tcp", "-noreset"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const number = await firstLine(server);
    const display = `:${number}`;
    const desktop = new Desktop(display, folder, server);
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
    let since = Date.now();
    return until(async () => {
      const [id] = (await this.windows()).slice(-1);
      if (Date.now() - since > SILENT_AFTER) {
        since = Date.now();
        // on a computer that is very busy the window manager may pass it over: a person would click on it
        if (id !== undefined) await this.#xdotool("windowactivate", id).catch(() => "");
        else await this.#startManagerAnew();
      }
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

  /**
   * Types into the window that asks, until it took what was typed. It takes no keys before a person can have read it, and
   * on a busy computer nobody can tell from outside when that is: a person looks, and types again.
   */
  async enter(keys: () => Promise<void>, taken: () => Promise<boolean>): Promise<void> {
    await this.window();
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await pass(PAST_TOO_EARLY);
      if (attempt > 0) await this.press(...EMPTY_THE_FIELD);
      await keys();
      if (await holdsWithin(taken, TAKEN_WITHIN)) return;
    }
    throw new Error("the window does not take the PIN");
  }

  /** Presses Escape until the window that has the keyboard is gone. */
  async escape(): Promise<void> {
    const window = await this.window();
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await pass(PAST_TOO_EARLY);
      await this.press("Escape");
      if (await holdsWithin(async () => !(await this.windows()).includes(window), TAKEN_WITHIN / 2)) return;
    }
    throw new Error("the window does not take Escape");
  }

  /** Ids of the native windows that are on the screen at any time while something happens. */
  async windowsDuring(something: () => Promise<void>): Promise<Set<string>> {
    const seen = new Set<string>();
    let happening = true;
    const watching = (async () => {
      for (;;) {
        const last = !happening;
        for (const window of await this.windows()) seen.add(window);
        if (last) return;
        await pass(100);
      }
    })();
    try {
      await something();
    } finally {
      happening = false;
      await watching;
    }
    return seen;
  }

  async stop(): Promise<void> {
    for (const child of [this.#manager, this.#server]) await ended(child);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #startManager(): ChildProcess {
    return spawn("setpriv", [...WITH_US, "openbox", "--config-file", "/etc/xdg/openbox/rc.xml"], {
      env: { ...process.env, ...this.environment, HOME: this.#folder },
      stdio: "ignore",
    });
  }

  /** Another window manager in the place of one that does not show a window. */
  async #startManagerAnew(): Promise<void> {
    const waiting = await this.#xdotool("search", "--class", WINDOW_CLASS).catch(() => "");
    if (waiting === "") return;
    this.#manager.kill("SIGKILL");
    await ended(this.#manager);
    this.#manager = this.#startManager();
    await until(() => this.#managed(), "the window manager");
    // what asked the silent one to be shown asks again
    for (const window of waiting.split("\n")) await this.#xdotool("windowmap", window).catch(() => "");
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

/** Whether a condition comes to hold within a time. */
async function holdsWithin(look: () => Promise<boolean>, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!(await look())) {
    if (Date.now() > end) return false;
    await pass(50);
  }
  return true;
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
