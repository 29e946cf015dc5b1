/**
 * Forgets what is past its time, one day of one signal after the other, and keeps the disk from filling.
 *
 * Invariants, each defended by the test of the same number in test/store/retention.test.ts:
 *  (1) A day goes whole, when its last moment is older than its signal's limit, and not before; its files go from the disk.
 *  (2) What came in within the last day stays, however old it says it is.
 *  (3) What is set holds from the next run on, which begins at once.
 */
import type { DiskState, Retention as RetentionReply, RetentionSettings, StoredSignal } from '@sonde/api';
import { EngineUnreachable } from '../engine/errors.ts';
import type { Engine } from '../engine/types.ts';
import type { Clock } from '../spool/clock.ts';
import type { Report } from '../spool/report.ts';
import { dayMs, dayText, isPast } from './days.ts';
import { DiskGuard } from './disk-guard.ts';
import { dropDay } from './drop-day.ts';
import { droppedLately, record, spanDays } from './history.ts';
import { forgetStale } from './registries.ts';
import { Lease } from './lease.ts';
import { readRetention, writeRetention } from './settings.ts';
import { signalTables, storedSignals } from './signals.ts';
import { isQuiet, type StoredDay, storedDays } from './stored-days.ts';
import { thinDay } from './thin-day.ts';

export interface RetentionOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly report: Report;
  /** In force until others are set. */
  readonly defaults: RetentionSettings;
  /** The disk guard's limit; `auto`: 2 GiB, or a tenth of a disk that is smaller than 20 GiB; 0: no guard. */
  readonly diskFreeMinBytes: number | 'auto';
  /** Where the guard keeps a little room to work with, on the disk of the database where that is ours. */
  readonly reservePath?: string;
  /** Who this collector is among those that share a cluster: one of them deletes at a time. undefined: there is no other. */
  readonly holder?: string;
}

export interface RetentionStatus {
  /** undefined until the database was asked. */
  readonly disk: DiskState | undefined;
  /** Since this process started, by signal and reason. */
  readonly dropped: readonly { readonly signal: StoredSignal; readonly reason: string; readonly rows: number }[];
}

const runEveryMs = 5 * 60_000;
const guardEveryMs = 15_000;

/** Thinning that failed is not tried again at once: it may have cost the engine a lot. */
const thinAgainMs = 3_600_000;

export class Retention {
  readonly #options: RetentionOptions;
  readonly #guard: DiskGuard;
  readonly #lease: Lease | undefined;
  readonly #closing = new AbortController();
  readonly #dropped = new Map<string, { signal: StoredSignal; reason: string; rows: number }>();
  #wake = new AbortController();
  #loop = Promise.resolve();
  #thinFromMs = -Infinity;
  #forgetFromMs = -Infinity;
  #failing = '';

  constructor(options: RetentionOptions) {
    this.#options = options;
    const { clock, diskFreeMinBytes: freeMinBytes, engine, holder, report, reservePath } = options;
    const closing = this.#closing.signal;
    const onDropped = ({ signal, rows }: StoredDay) => this.#count(signal, 'disk', rows);
    const mayDelete = () => this.#mayDelete();
    this.#lease = holder === undefined ? undefined : new Lease(engine, () => clock.nowMs(), holder);
    this.#guard = new DiskGuard({ engine, clock, report, freeMinBytes, reservePath, mayDelete, onDropped, closing });
  }

  start(): void {
    this.#loop = this.#keepRunning();
  }

  /** What the engine is deleting it goes on deleting after the next start. */
  async stop(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#loop;
  }

  status(): RetentionStatus {
    return { disk: this.#guard.state, dropped: [...this.#dropped.values()] };
  }

  /** In force, stored, and dropped in the last 30 days. */
  async get(): Promise<RetentionReply> {
    const { clock, defaults, engine } = this.#options;
    const { settings, setAtMs } = await readRetention(engine, defaults);
    const stored = await storedDays(engine);
    return {
      settings,
      setAtMs,
      signals: storedSignals.map((signal) => summary(signal, stored)),
      disk: this.#guard.state ?? null,
      dropped: await droppedLately(engine, clock.nowMs() - 30 * dayMs),
    };
  }

  async set(settings: RetentionSettings): Promise<RetentionReply> {
    await writeRetention(this.#options.engine, settings);
    this.#options.report('info', 'the retention was set', settings);
    this.#wake.abort();
    return await this.get();
  }

  /** Everything that is due now. */
  async run(): Promise<void> {
    const { clock, defaults, engine } = this.#options;
    if (engine.cluster !== undefined && !(await this.#isCaughtUp(engine))) return;
    const { settings } = await readRetention(engine, defaults);
    await this.#guard.check();
    await this.#expire(settings);
    await this.#thin(settings);
    if (clock.nowMs() < this.#forgetFromMs) return;
    const longest = Math.max(settings.keptSpansDays, settings.logsDays, settings.metricsDays);
    const entries = await forgetStale(engine, clock.nowMs() - (longest + 8) * dayMs);
    if (entries > 0)
      this.#options.report('info', 'resources and series that nothing names any more were forgotten', { entries });
    await this.#lease?.forget(clock.nowMs() - dayMs);
    this.#forgetFromMs = clock.nowMs() + dayMs;
  }

  /**
   * On a cluster: whether it is this collector that deletes, by settings that every replica has heard of. One that has not would tell
   * older ones, which could delete too much. While a server is away this throws, and only the guard drops.
   */
  async #isCaughtUp(engine: Engine): Promise<boolean> {
    await this.#guard.check();
    if (!(await this.#mayDelete())) return false;
    await engine.maintain('SYSTEM SYNC REPLICA settings');
    return true;
  }

  async #mayDelete(): Promise<boolean> {
    return this.#lease === undefined || (await this.#lease.hold());
  }

  async #expire(settings: RetentionSettings): Promise<void> {
    const { clock, engine, report } = this.#options;
    const nowMs = clock.nowMs();
    const stored = await storedDays(engine);
    const isDue = ({ day, signal }: StoredDay) => isPast(day, settings[signalTables[signal].days], nowMs);
    const left = stored.filter((other) => other.signal === 'spans' && !isDue(other)).map(({ day }) => day);
    for (const past of stored.filter(isDue)) {
      if (this.#closing.signal.aborted) return;
      if (!(await isQuiet(engine, past, settings[signalTables[past.signal].days], nowMs))) continue;
      if (!(await this.#mayDelete())) return;
      await dropDay(engine, past, left);
      const { signal, day, rows, bytes } = past;
      this.#count(signal, 'age', rows);
      report('info', 'a day of data was dropped: it is past its limit', { signal, day: dayText(day), rows, bytes });
      await record(engine, { action: 'dropped', reason: 'age', signal, day, rows, bytes }, nowMs);
    }
  }

  async #thin(settings: RetentionSettings): Promise<void> {
    const { clock, engine } = this.#options;
    const { keptSpansDays, spansDays } = settings;
    if (clock.nowMs() < this.#thinFromMs) return;
    const done = await spanDays(engine);
    const days = (await storedDays(engine)).filter(
      ({ signal, partitions }) => signal === 'spans' && partitions.some(({ table }) => table === 'spans'),
    );
    // What was begun is ended first: its traces are those of kept_traces.
    const begun = days.filter(({ day }) => done.get(day)?.action === 'judged');
    const due = days.filter(({ day, rows }) => {
      const last = done.get(day);
      const isThinned = last?.action === 'thinned' && rows <= last.rowsLeft;
      return !isThinned && !begun.some((other) => other.day === day) && isPast(day, spansDays, clock.nowMs());
    });
    if (keptSpansDays === spansDays) due.length = 0;
    for (const stored of [...begun, ...due.toSorted((a, b) => a.day - b.day)]) {
      if (this.#closing.signal.aborted) return;
      if (!begun.includes(stored) && !(await isQuiet(engine, stored, spansDays, clock.nowMs()))) continue;
      if (!(await this.#mayDelete())) return;
      await this.#thinOne(stored, settings, done.get(stored.day));
    }
  }

  async #thinOne(stored: StoredDay, settings: RetentionSettings, last: Parameters<typeof thinDay>[3]): Promise<void> {
    const { clock, engine, report } = this.#options;
    const closing = this.#closing.signal;
    const meanwhile = async (): Promise<void> => {
      await this.#mayDelete();
      await this.#guard.check();
    };
    try {
      const removed = await thinDay({ engine, clock, closing, meanwhile }, stored, settings, last);
      if (removed === undefined) return;
      this.#count('spans', 'value', removed.rows);
      report('info', 'a day of spans was thinned: failed, slow and sampled traces stay', {
        day: dayText(stored.day),
        ...removed,
      });
    } catch (error) {
      this.#thinFromMs = clock.nowMs() + thinAgainMs;
      throw error;
    }
  }

  async #keepRunning(): Promise<void> {
    const { clock } = this.#options;
    const closing = this.#closing.signal;
    let runFromMs = -Infinity;
    while (!closing.aborted) {
      const isSet = this.#wake.signal.aborted;
      if (isSet) this.#wake = new AbortController();
      try {
        if (isSet || clock.elapsedMs() >= runFromMs) {
          runFromMs = clock.elapsedMs() + runEveryMs;
          await this.run();
        } else {
          await this.#guard.check();
        }
        this.#failing = '';
      } catch (error) {
        this.#fail(error);
      }
      await clock.sleep(guardEveryMs, this.#wake.signal);
    }
  }

  /** A database that is away is its own news; anything else is said once. */
  #fail(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof EngineUnreachable || reason === this.#failing) return;
    this.#failing = reason;
    this.#options.report('error', 'retention failed and is tried again', { reason });
  }

  #count(signal: StoredSignal, reason: string, rows: number): void {
    const key = `${signal} ${reason}`;
    this.#dropped.set(key, { signal, reason, rows: rows + (this.#dropped.get(key)?.rows ?? 0) });
  }
}

function summary(signal: StoredSignal, stored: readonly StoredDay[]): RetentionReply['signals'][number] {
  const own = stored.filter((other) => other.signal === signal);
  const days = own.map(({ day }) => day);
  return {
    signal,
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    oldestDay: days.length === 0 ? null : dayText(Math.min(...days)),
    newestDay: days.length === 0 ? null : dayText(Math.max(...days)),
  };
}
