/**
 * Walks along `loaded_at` in windows of some seconds (ten unless it is said otherwise), each settled once all that will ever carry its seconds is visible, and its traces
 * had `delaySeconds` more to complete:
 *
 *        settled            |<- window ->|<- delay ->|  loaded, not sealed
 *   ------------------------|------------|-----------|------------------> loaded_at
 *                        through                   sealed
 *
 *   read window + context -> thread judges -> (reads what it wants, at most `roundsMax` times) -> insert under tokens -> record progress
 *
 * Invariants, each defended by the test of the same number in test/store/settler.test.ts:
 *  (1) Each span is in the rollups once: a window's inserts carry tokens that follow from the window alone, so one cut short is repeated
 *      without trace, and the next window begins where it ended.
 *  (2) A span that comes late is settled in the window in which it became visible, with its trace as context.
 *  (3) A window whose spans cannot be settled holds up the others for `triesMax` tries, then it is left out, and says so. What the store
 *      refuses for any other reason is tried until it takes it.
 *  (4) Settling a window never keeps the event loop, and takes memory for `partSpansMax` spans and their traces.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { QueryBudgetExceeded } from '../engine/errors.ts';
import type { Engine } from '../engine/types.ts';
import { backOffMs } from '../loader/back-off.ts';
import { contentError } from '../loader/content-error.ts';
import type { Clock } from '../spool/clock.ts';
import type { Report } from '../spool/report.ts';
import { beginSettling, recordSettled, type Shard } from './progress.ts';
import { NotSettled, SettleInThread } from './settle-in-thread.ts';
import { nextLoaded, readTraces, readWindow, sizeOf, type Window } from './span-question.ts';
import { StatementTexts } from './statement-texts.ts';
import { contextSeconds } from './window-settling.ts';

export interface SettlerOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly report: Report;
  /** Where blocks lie until they are inserted; its own. */
  readonly directory: string;
  readonly shard: Shard;
  /** How long a trace may take to complete after a span of it became visible. */
  readonly delaySeconds: number;
  /** Default 10. It may change from one start to the next: a window begins no sooner than the last one ended. */
  readonly windowSeconds?: number;
  /** Up to which second everything is visible that will ever carry it, in every collector. */
  readonly sealed: () => Promise<number>;
}

export interface SettlerStatus {
  /** Unix seconds of `loaded_at`, not included; nothing before the first window. */
  readonly through: number | undefined;
  readonly spans: number;
  /** Spans whose name was counted as `{other}`. */
  readonly overflowed: number;
  readonly skippedWindows: number;
  readonly failures: number;
}

/** Unless it is said otherwise: shorter is seen sooner, and each window costs a few questions, however few its spans. */
const defaultWindowSeconds = 10;
const partSpansMax = 150_000;
/** A chain of messages is followed over so many traces. */
const roundsMax = 4;
/** More are not looked for in one round: their spans are settled without. */
const wantedMax = 5_000;
const triesMax = 8;
const tickMs = 1_000;

export class Settler {
  readonly #options: SettlerOptions;
  readonly #thread = new SettleInThread();
  readonly #statements: StatementTexts;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #through: number | undefined;
  #status = { spans: 0, overflowed: 0, skippedWindows: 0 };
  #failures = 0;
  /** Of the present window. */
  #tries = 0;

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#statements = new StatementTexts(options.engine);
  }

  get status(): SettlerStatus {
    return { ...this.#status, through: this.#through, failures: this.#failures };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** What is not settled by then is settled after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#thread.close();
  }

  async #run(): Promise<void> {
    const { clock, delaySeconds, report } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let pauseMs = tickMs;
      try {
        const sealed = await this.#options.sealed();
        await this.settle(sealed + 1 - delaySeconds);
        this.#failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        this.#failures++;
        pauseMs = backOffMs(this.#failures);
        const reason = error instanceof Error ? error.message : String(error);
        report('warn', 'settling failed and will be tried again', { through: this.#through, failures: this.#failures, reason });
      }
      await clock.sleep(pauseMs, signal);
    }
  }

  /** Settles every whole window before `end` (Unix seconds, not included). Context is read up to `delaySeconds` beyond each. */
  async settle(end: number): Promise<void> {
    const { engine, shard } = this.#options;
    const { windowSeconds = defaultWindowSeconds } = this.#options;
    const to = Math.floor(end / windowSeconds) * windowSeconds;
    this.#through ??= await beginSettling(engine, shard);
    while (to > (this.#through ?? 0)) {
      this.#stopping.signal.throwIfAborted();
      const next = await nextLoaded(engine, { from: this.#through ?? 0, to, parts: 1, part: 0 });
      if (next === undefined) {
        this.#through = to;
        return;
      }
      const from = Math.floor(next / windowSeconds) * windowSeconds;
      await this.#settleOrSkip(Math.max(from, this.#through ?? 0), from + windowSeconds);
      await recordSettled(engine, shard, from + windowSeconds);
      this.#through = from + windowSeconds;
      this.#failures = 0;
      this.#tries = 0;
    }
  }

  /** The part of a shard's traces: of n shards cut into m parts each, one of n * m. */
  #part(parts: number, part: number): { readonly parts: number; readonly part: number } {
    const { shard, shards } = this.#options.shard;
    return { parts: shards * parts, part: shard + shards * part };
  }

  async #settleOrSkip(from: number, to: number): Promise<void> {
    try {
      await this.#settleWindow(from, to);
    } catch (error) {
      if (this.#stopping.signal.aborted || !isOfTheSpans(error)) throw error;
      if (++this.#tries < triesMax) throw error;
      if (this.#tries === triesMax) this.#status.skippedWindows++;
      this.#options.report('error', 'a window of spans could not be settled: the rollups lack it', { from, to, err: error });
    }
  }

  async #settleWindow(from: number, to: number): Promise<void> {
    const { engine } = this.#options;
    const { spans } = await sizeOf(engine, { from, to, ...this.#part(1, 0) });
    const parts = Math.max(1, Math.ceil(spans / partSpansMax));
    for (let part = 0; part < parts; part++) await this.#settlePart({ from, to, ...this.#part(parts, part) });
  }

  async #settlePart(window: Window): Promise<void> {
    const { delaySeconds, engine } = this.#options;
    const { spans, aboutNs } = await sizeOf(engine, window);
    if (spans === 0) return;
    const originMinute = Number(aboutNs / 60_000_000_000n);
    const originNs = BigInt(originMinute) * 60_000_000_000n;
    const context = { from: Math.max(0, window.from - contextSeconds), to: window.to + delaySeconds };
    await this.#thread.begin(originMinute, Math.floor(window.from / 86_400));
    let wanted = await this.#thread.read(await readWindow(engine, window, context, originNs));
    for (let round = 0; round < roundsMax && wanted.length > 0; round++) {
      this.#stopping.signal.throwIfAborted();
      const found = await readTraces(engine, window, context, wanted.slice(0, wantedMax), originNs);
      wanted = found.length === 0 ? [] : await this.#thread.read(found);
    }
    const result = await this.#thread.finish();
    this.#stopping.signal.throwIfAborted();
    // In this order: what knows the statements' hashes knows their texts.
    await this.#statements.keep(result.statementHashes, window);
    for (const table of ['path_minutes', 'edge_minutes'] as const) await this.#insert(table, window, result[table]);
    this.#status.spans += result.spans;
    this.#status.overflowed += result.overflowed;
  }

  async #insert(
    table: 'path_minutes' | 'edge_minutes',
    { from, part, parts, to }: Window,
    block: { readonly rows: number; readonly bytes: Uint8Array },
  ): Promise<void> {
    if (block.rows === 0) return;
    const { directory, engine } = this.#options;
    await mkdir(directory, { recursive: true });
    const path = join(directory, `${table}-${from}-${part}.native`);
    try {
      await writeFile(path, block.bytes);
      await engine.insertFiles(table, [path], `settled ${from} ${to} ${part}/${parts}`);
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** The same spans would fail again. */
function isOfTheSpans(error: unknown): boolean {
  return error instanceof NotSettled || error instanceof QueryBudgetExceeded || contentError(error) !== undefined;
}
