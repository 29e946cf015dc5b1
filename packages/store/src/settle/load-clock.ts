import type { Clock } from '../spool/clock.ts';

/**
 * When spans became visible, in whole seconds of Unix time (`loaded_at`), and up to which second all that will ever carry one do.
 *
 * (1) A load carries a second above all that were sealed before it began, whatever the machine's clock does meanwhile.
 * (2) While the outcome of a load is not known, no second from its first try on is sealed: it may have been stored.
 * Tests of the same numbers: load-clock.test.ts.
 */
export class LoadClock {
  readonly #nowSecond: () => number;
  #sealed: number;
  /** The first second that the load under way may have been stored with. */
  #open: number | undefined;

  /** `through`: a second up to which everything was settled before. */
  constructor(clock: Pick<Clock, 'nowMs' | 'elapsedMs'>, through: number) {
    const startMs = Math.max(clock.nowMs(), (through + 1) * 1000) - clock.elapsedMs();
    this.#nowSecond = () => Math.floor((startMs + clock.elapsedMs()) / 1000);
    this.#sealed = through;
  }

  begin(): number {
    const second = Math.max(this.#nowSecond(), this.#sealed + 1);
    this.#open ??= second;
    return second;
  }

  end(): void {
    this.#open = undefined;
  }

  /** No load, under way or to come, carries this second or an earlier one. */
  sealed(): number {
    this.#sealed = Math.max(this.#sealed, (this.#open ?? this.#nowSecond()) - 1);
    return this.#sealed;
  }
}
