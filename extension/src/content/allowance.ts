/**
 * How much a page may ask: a bucket that holds `size` calls and gets one back each `refill` milliseconds. A page that
 * floods finds it empty, at the cost of one comparison per message.
 */
export class Allowance {
  readonly #size: number;
  readonly #refill: number;
  #left: number;
  #counted: number;

  constructor(size: number, refill: number, now: number) {
    this.#size = size;
    this.#refill = refill;
    this.#left = size;
    this.#counted = now;
  }

  /** Takes one call out of the bucket; false if it is empty. */
  take(now: number): boolean {
    const earned = Math.floor((now - this.#counted) / this.#refill);
    if (earned > 0) {
      this.#left = Math.min(this.#size, this.#left + earned);
      this.#counted += earned * this.#refill;
    }
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}
