/** A visit ends after ten minutes in which nothing was asked or answered. */
const IDLE_MILLISECONDS = 600_000;

/**
 * A visit of one document: opened by a call that comes with the person's gesture, it lets the later calls of the same
 * document come without one, so that a job of two steps needs one click. It ends when the page is left, when page or
 * person cancel, or after ten idle minutes.
 */
export class Visit {
  #state: "never" | "open" | "ended" = "never";
  #idleSince = 0;

  /**
   * Judges a call.
   *
   * `silent`: nobody clicked yet, the page learns nothing, not even that the extension exists. `ended`: there was a
   * visit, so the page knows us and may be told that a new gesture is needed.
   */
  admit(userIsActive: boolean, now: number): "admitted" | "ended" | "silent" {
    if (this.#state === "open" && now - this.#idleSince >= IDLE_MILLISECONDS) this.#state = "ended";
    if (userIsActive) this.#state = "open";
    if (this.#state === "never") return "silent";
    if (this.#state === "ended") return "ended";
    this.#idleSince = now;
    return "admitted";
  }

  /** Something was answered: the ten minutes start again. */
  touch(now: number): void {
    this.#idleSince = now;
  }

  /** The page was left, or somebody cancelled. */
  end(): void {
    if (this.#state === "open") this.#state = "ended";
  }
}
