import { contentError } from '../loader/content-error.ts';
import type { Clock } from '../spool/clock.ts';
import type { Engine } from '../engine/types.ts';

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

/** An engine whose loads of spans carry the second in which they were tried. */
export function stampLoads(engine: Pick<Engine, 'insertFiles'>, clock: LoadClock): Pick<Engine, 'insertFiles'> {
  return {
    async insertFiles(table, absolutePaths, token) {
      if (table !== 'spans') return await engine.insertFiles(table, absolutePaths, token);
      try {
        await engine.insertFiles(table, absolutePaths, token, clock.begin());
      } catch (error) {
        // What is refused for its content is not stored; of every other failure that is not known.
        if (contentError(error)) clock.end();
        throw error;
      }
      clock.end();
    },
  };
}
