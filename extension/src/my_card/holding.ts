import type { MyCard } from "../generated/MyCard";

/** Longest time that the page shows a card, in milliseconds. */
export const HELD_MILLISECONDS = 5 * 60_000;

/** The clock and timers of the page. */
export interface Clock {
  now(): number;
  setTimeout(run: () => void, milliseconds: number): number;
  clearTimeout(timer: number): void;
}

/** The only place where what is on a card is kept: for five minutes at most. */
export class Holding {
  readonly #clock: Clock;
  readonly #over: () => void;
  #card: MyCard | undefined;
  #timer: number | undefined;
  #until = 0;

  /** `over`: the five minutes are over, and the card is forgotten. */
  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  /** What is kept. */
  get card(): MyCard | undefined {
    return this.#card;
  }

  /** Keeps this card, in place of the one before. */
  keep(card: MyCard): void {
    this.forget();
    this.#card = card;
    this.#until = this.#clock.now() + HELD_MILLISECONDS;
    this.#timer = this.#clock.setTimeout(() => this.look(), HELD_MILLISECONDS);
  }

  /** Forgets the card; false if there was none. */
  forget(): boolean {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#card !== undefined;
    this.#card = undefined;
    return held;
  }

  /** Looks whether the time is over: timers stand still while a computer sleeps. */
  look(): void {
    if (this.#card === undefined || this.#clock.now() < this.#until) return;
    this.forget();
    this.#over();
  }
}
