/**
 * Brings committed sets into the engine, oldest first, a few at a time.
 *
 *            a set waits,             plan on disk               all tables inserted
 *   IDLE --------------------> FIX -----------------> INSERT -----------------------> IDLE (files removed)
 *     ^   pauseMs since last    ^                       |  failed
 *     |                         +------ back-off <------+
 *
 * Invariants, each defended by the test of the same number in loader.test.ts:
 *  (1) A plan that was begun is finished before another is chosen: the same sets under the same token, however often it fails.
 *  (2) A failing store loses nothing: the loader tries on, without an age limit, and the spool fills up.
 *  (3) One load at a time; a load starts no sooner than pauseMs after the start of the last, unless a full one is waiting.
 *  (4) stop() resolves when nothing waits or when its time is over; what is left stays in the spool.
 */
import type { Engine } from '../engine/types.ts';
import type { Clock } from '../spool/clock.ts';
import type { Report } from '../spool/report.ts';
import type { Spool } from '../spool/spool.ts';
import { type LoadPlan, rowsOf } from '../spool/spool-set.ts';
import { noObserver, type StepObserver } from '../spool/step-observer.ts';
import { backOffMs } from './back-off.ts';
import { countForOneLoad, type LoadLimits } from './load-limits.ts';
import { insertPlan } from './insert-plan.ts';

export interface LoaderOptions {
  readonly spool: Spool;
  readonly engine: Pick<Engine, 'insertFiles'>;
  readonly clock: Clock;
  readonly report: Report;
  readonly limits: LoadLimits;
  /** Between the starts of two loads, so that many small commits become few inserts. */
  readonly pauseMs: number;
  readonly observer?: StepObserver;
}

/** An idle loader is woken by a commit; this only bounds the timer. */
const idleMs = 60_000;

export class Loader {
  readonly #options: LoaderOptions;
  readonly #recovered: LoadPlan[];
  /** Chosen and not finished. */
  #plan: LoadPlan | undefined;
  #planOnDisk = false;
  /** Everything of the plan is in the store, and only its files are to go: what was accepted is not shown to the store again. */
  #planInserted = false;
  #failures = 0;
  #notBeforeMs = 0;
  #stopAtMs = Number.POSITIVE_INFINITY;
  /** Ends the present wait: something was committed, or stop() was called. */
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#recovered = [...options.spool.recoveredPlans];
  }

  /** How often the present load has failed in a row; 0 while all is well. */
  get failures(): number {
    return this.#failures;
  }

  start(): void {
    this.#options.spool.onCommit = () => this.#wake.abort();
    this.#running ??= this.#run();
  }

  /** Loads what waits, for at most `graceMs`; an insert under way then is waited for. */
  async stop(graceMs: number): Promise<void> {
    this.#stopAtMs = this.#options.clock.elapsedMs() + graceMs;
    this.#wake.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, spool } = this.#options;
    while (clock.elapsedMs() < this.#stopAtMs) {
      const delayMs = this.#delayMs();
      if (delayMs === 'idle' && this.#stopping) return;
      if (delayMs === 0) {
        await this.#load();
        continue;
      }
      this.#wake = new AbortController();
      if (delayMs === 'idle') await spool.sweep();
      const untilStopMs = this.#stopAtMs - clock.elapsedMs();
      await clock.sleep(Math.min(delayMs === 'idle' ? idleMs : delayMs, untilStopMs), this.#wake.signal);
    }
  }

  get #stopping(): boolean {
    return Number.isFinite(this.#stopAtMs);
  }

  #delayMs(): number | 'idle' {
    const { clock, limits, spool } = this.#options;
    const { waiting } = spool;
    if (this.#plan === undefined && this.#recovered.length === 0 && waiting.length === 0) return 'idle';
    const fullLoadWaits = countForOneLoad(waiting, limits) < waiting.length;
    if (this.#failures === 0 && (this.#stopping || fullLoadWaits)) return 0;
    return Math.max(0, this.#notBeforeMs - clock.elapsedMs());
  }

  async #load(): Promise<void> {
    const { clock, engine, limits, observer = noObserver, pauseMs, report, spool } = this.#options;
    const startedAtMs = clock.elapsedMs();
    this.#notBeforeMs = startedAtMs + pauseMs;
    const plan = this.#takePlan() ?? spool.plan(countForOneLoad(spool.waiting, limits));
    this.#plan = plan;
    try {
      if (!this.#planOnDisk) await spool.fix(plan);
      this.#planOnDisk = true;
      if (!this.#planInserted) await insertPlan(engine, spool, plan);
      this.#planInserted = true;
      await spool.finish(plan);
      this.#plan = undefined;
      this.#planOnDisk = false;
      this.#planInserted = false;
      this.#failures = 0;
      observer.loaded(
        plan.sets.reduce((sum, set) => sum + rowsOf(set), 0),
        clock.elapsedMs() - startedAtMs,
      );
    } catch (error) {
      this.#failures++;
      observer.loadFailed();
      const delayMs = backOffMs(this.#failures);
      this.#notBeforeMs = clock.elapsedMs() + delayMs;
      const message = error instanceof Error ? error.message : String(error);
      report('warn', 'a load failed and will be tried again', {
        plan: plan.id,
        failures: this.#failures,
        delayMs,
        reason: message,
      });
    }
  }

  /** The plan to go on with. */
  #takePlan(): LoadPlan | undefined {
    if (this.#plan) return this.#plan;
    const recovered = this.#recovered.shift();
    if (recovered) this.#planOnDisk = true;
    return recovered;
  }
}
