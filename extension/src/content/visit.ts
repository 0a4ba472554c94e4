/** A visit ends ten minutes after the person last had to do with it. */
const IDLE_MILLISECONDS = 600_000;

/**
 * A visit of one document: opened by a call that comes with the person's gesture, it lets the later calls of the same
 * document come without one, so that a job of two steps needs one click. It ends when the page is left, when page or
 * person cancel, when a request fails for any reason that is not the page's own, or ten minutes after the person's last
 * gesture or PIN: a page cannot keep it open by asking.
 */
export class Visit {
  #state: "never" | "open" | "ended" = "never";
  #idleSince = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  /** Whether anything is heard at all: a page that nobody clicked is not listened to, so that it cannot measure us either. */
  isDeaf(userIsActive: boolean): boolean {
    return this.#state === "never" && !userIsActive;
  }

  /**
   * Judges a call.
   *
   * `silent`: nobody clicked yet, the page learns nothing, not even that the extension exists. `ended`: there was a
   * visit, so the page knows us and may be told that a new gesture is needed. A gesture lasts for some seconds: the one
   * that opened a visit does not open another when that has ended.
   */
  admit(userIsActive: boolean, lastGesture: number, now: number): "admitted" | "ended" | "silent" {
    if (this.#state === "open" && now - this.#idleSince >= IDLE_MILLISECONDS) this.#state = "ended";
    if (userIsActive && (this.#state !== "ended" || lastGesture > this.#endedAt)) {
      this.#state = "open";
      this.#idleSince = now;
    }
    if (this.#state === "never") return "silent";
    return this.#state === "ended" ? "ended" : "admitted";
  }

  /** The person signed in: the ten minutes start again. */
  touch(now: number): void {
    this.#idleSince = now;
  }

  /** The page was left, somebody cancelled, or nothing came of a request. */
  end(now: number): void {
    if (this.#state === "never") return;
    this.#state = "ended";
    this.#endedAt = now;
  }
}
