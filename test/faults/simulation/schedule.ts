import type { Clock } from '@sonde/store';
import type { Random } from './random.ts';

/** A process of the simulated machine: what it has under way ends with it. */
export interface Life {
  alive: boolean;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly life: Life;
  readonly run: () => void;
  /** What a killed process's operation may do all the same: the kernel, or the store, had it already. */
  readonly effect: (() => void) | undefined;
}

/** Virtual time: nothing waits, and everything happens one after another, in an order that the seed decides. */
export class Schedule {
  readonly #random: Random;
  #events: Event[] = [];
  #order = 0;
  /** Monotonic. */
  elapsedMs = 0;
  #interrupted = false;
  #wallOffsetMs = Date.UTC(2026, 10, 21);

  constructor(random: Random) {
    this.#random = random;
  }

  get wallMs(): number {
    return this.elapsedMs + this.#wallOffsetMs;
  }

  setWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  after(life: Life, delayMs: number, run: () => void, effect?: () => void): () => void {
    const event: Event = { atMs: this.elapsedMs + delayMs, order: ++this.#order, life, run, effect };
    // Insertion from the end: most events come due last.
    let at = this.#events.length;
    while (at > 0 && (this.#events[at - 1]?.atMs ?? 0) > event.atMs) at--;
    this.#events.splice(at, 0, event);
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
    };
  }

  /** Does `effect` after a random time, then settles; a kill before may leave the effect and never answers. */
  operation<T>(life: Life, delayMaxMs: number, effect: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(effect());
        } catch (error) {
          reject(error);
        }
      };
      this.after(life, this.#random.next() * delayMaxMs, run, effect);
    });
  }

  kill(life: Life): void {
    life.alive = false;
    const [own, others]: [Event[], Event[]] = [[], []];
    for (const event of this.#events) (event.life === life ? own : others).push(event);
    this.#events = others;
    for (const { effect } of own) {
      if (!effect || this.#random.chance(0.5)) continue;
      try {
        effect();
      } catch {
        // Nobody is left to hear of it.
      }
    }
  }

  /** Ends the present `pass` after the event that is under way. */
  interrupt(): void {
    this.#interrupted = true;
  }

  /** Lets `ms` pass. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.elapsedMs + ms;
    this.#interrupted = false;
    await settled();
    for (;;) {
      const [event] = this.#events;
      if (!event || event.atMs > untilMs) break;
      this.#events.shift();
      this.elapsedMs = event.atMs;
      event.run();
      await settled();
      if (this.#interrupted) return;
    }
    this.elapsedMs = untilMs;
  }

  clock(life: Life): Clock {
    return {
      nowMs: () => Math.floor(this.wallMs),
      elapsedMs: () => this.elapsedMs,
      after: (delayMs, call) => this.after(life, delayMs, call),
      sleep: (delayMs, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          const cancel = this.after(life, delayMs, resolve);
          signal.addEventListener('abort', () => {
            cancel();
            resolve();
          });
        }),
    };
  }
}

/** Everything that can go on without another event has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
