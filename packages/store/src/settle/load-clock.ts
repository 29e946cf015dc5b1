import type { Clock } from '../spool/clock.ts';

/**
 * When spans became visible, in whole seconds of Unix time (`loaded_at`), and up to which second all that will ever carry one do.
 *
 * (1) A load carries a second above all that were sealed before it began, whatever the machine's clock does meanwhile, and none below
 *     what it was last told by `notBefore`.
 * (2) While the outcome of a load is not known, no second from its first try on is sealed: it may have been stored.
 * Tests of the same numbers: load-clock.test.ts.
 */
export class LoadClock {
  readonly #clock: Pick<Clock, 'elapsedMs'>;
  /** Unix milliseconds when `elapsedMs` was 0. */
  #startMs: number;
  #sealed: number;
  /** The first second that the load under way may have been stored with. */
  #open: number | undefined;

  /** `first`: no load carries an earlier second. */
  constructor(clock: Pick<Clock, 'nowMs' | 'elapsedMs'>, first: number) {
    this.#clock = clock;
    this.#startMs = clock.nowMs() - clock.elapsedMs();
    this.#sealed = first - 1;
    this.notBefore(first);
  }

  get #nowSecond(): number {
    return Math.floor((this.#startMs + this.#clock.elapsedMs()) / 1000);
  }

  /** Puts a clock that is behind forward. */
  notBefore(second: number): void {
    this.#startMs = Math.max(this.#startMs, second * 1000 - this.#clock.elapsedMs());
  }

  begin(): number {
    const second = Math.max(this.#nowSecond, this.#sealed + 1);
    this.#open ??= second;
    return second;
  }

  end(): void {
    this.#open = undefined;
  }

  /** No load, under way or to come, carries this second or an earlier one. */
  sealed(): number {
    this.#sealed = Math.max(this.#sealed, (this.#open ?? this.#nowSecond) - 1);
    return this.#sealed;
  }
}
