import { type Disconnect, disconnectCause } from "./disconnect_cause.ts";
import type { HostGoneCause } from "./core.ts";

/** Name of the host in its native messaging manifest (`HOST_NAME` of the protocol). */
export const HOST_NAME = "org.bitaqa.host";

/** The half of the browser's port that is used. */
export interface RawPort {
  postMessage(message: object): void;
  disconnect(): void;
  onMessage: { addListener(heard: (message: unknown) => void): void };
  onDisconnect: { addListener(gone: (port: object) => void): void };
}

/** The half of `chrome.runtime` that is used. `connectNative` is absent without the permission. */
export interface NativeRuntime {
  connectNative?: (name: string) => RawPort;
  lastError?: { message?: string } | undefined;
}

/** Whom the port tells. */
export interface NativePortListener {
  frame(json: string): void;
  gone(cause: HostGoneCause, reason: string): void;
}

/** The one native port of this browser profile. */
export class NativePort {
  readonly #runtime: NativeRuntime;
  readonly #listener: NativePortListener;
  #port: RawPort | undefined;

  constructor(runtime: NativeRuntime, listener: NativePortListener) {
    this.#runtime = runtime;
    this.#listener = listener;
  }

  open(): void {
    this.close();
    if (this.#runtime.connectNative === undefined) return this.#listener.gone("permission", "");
    let port: RawPort;
    try {
      port = this.#runtime.connectNative(HOST_NAME);
    } catch (error) {
      return this.#listener.gone("permission", String(error));
    }
    let heard = false;
    this.#port = port;
    port.onMessage.addListener((message) => {
      heard = true;
      if (this.#port === port) this.#listener.frame(JSON.stringify(message));
    });
    port.onDisconnect.addListener((closed) => {
      const told = this.#told(closed, heard);
      if (this.#port !== port) return;
      this.#port = undefined;
      this.#listener.gone(disconnectCause(told), told.portError ?? told.lastError ?? "");
    });
  }

  /** Sends a frame; if the port has just closed, its listener is told so anyway. */
  send(frame: object): void {
    try {
      this.#port?.postMessage(frame);
    } catch {
      // closed a moment ago: onDisconnect follows
    }
  }

  close(): void {
    const port = this.#port;
    this.#port = undefined;
    port?.disconnect();
  }

  #told(closed: object, heard: boolean): Disconnect {
    // Firefox: `error` is always there, null where there was none; Chromium's port has no such property
    if ("error" in closed) {
      const error = closed.error as { message?: string } | null;
      return { portError: error === null ? null : (error.message ?? ""), heard };
    }
    return { lastError: this.#runtime.lastError?.message, heard };
  }
}
