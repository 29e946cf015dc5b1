/**
 * Many requests, one fsync: requests are decoded into one batch; the batch becomes one spool set; then all of them are answered.
 *
 *            append()                 delayMs over, or bytesTarget              on disk, or failed: waiters answered
 *   EMPTY ------------> FILLING -------------------------------> WRITING --------------------------------------> EMPTY
 *                                                                   |  append(): the next group fills meanwhile
 *                                                                   |  append() at bytesMax: refused, 'ingest-busy'
 *
 * Invariants, each defended by the test of the same number in group-commit.test.ts:
 *  (1) A request is answered `acknowledged` only after the set that holds its rows is durable.
 *  (2) When a set cannot be written, every request of that group is refused, none is acknowledged, and the next group starts clean.
 *  (3) At most one group fills and one is written; bytes held are bounded by 2 * bytesMax and one request, and by what whoever
 *      decodes elsewhere has under way.
 *  (4) A malformed request is answered by itself and leaves its neighbours alone.
 *  (5) After close() nothing is taken, and everything taken before has been answered.
 *  (6) A group that was decoded elsewhere goes before the one that fills, and holds it up no longer than it is written itself.
 */
import type { AppendOutcome, BodyEncoding, ColumnBatch, Signal } from '@sonde/otlp';
import type { Clock } from './clock.ts';
import { errorCode } from './disk.ts';
import type { ItemLedger } from './item-ledger.ts';
import type { Report } from './report.ts';
import { noObserver, type StepObserver } from './step-observer.ts';
import { type CheckedTable, type Spool, SpoolFull } from './spool.ts';
import type { Origin } from './spool-set.ts';

/** Why a request was turned away that may well succeed later; also the key in `refusedRequests`. */
export type RefusalReason = 'spool-full' | 'spool-unwritable' | 'ingest-busy' | 'shutting-down';

/** What became of one export request, as its sender must be told. */
export type CommitOutcome =
  | { readonly kind: 'acknowledged'; readonly rejected: number; readonly reason: string }
  | { readonly kind: 'malformed'; readonly message: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

export interface GroupCommitOptions {
  readonly spool: Pick<Spool, 'commit' | 'hasRoomFor'>;
  readonly batch: ColumnBatch;
  readonly ledger: ItemLedger;
  readonly clock: Clock;
  readonly report: Report;
  /** How long the first request of a group waits for others. */
  readonly delayMs: number;
  /** A group of this size does not wait. */
  readonly bytesTarget: number;
  /** A group that cannot be written yet takes no more than this. */
  readonly bytesMax: number;
  readonly observer?: StepObserver;
}

interface Waiter {
  readonly signal: Signal;
  readonly accepted: number;
  readonly rejected: number;
  readonly reason: string;
  readonly answer: (outcome: CommitOutcome) => void;
}

interface Group {
  readonly tables: readonly CheckedTable[];
  readonly waiters: readonly Waiter[];
  /** Of the collector's own telemetry. */
  readonly written?: (isWritten: boolean) => void;
}

export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #observer: StepObserver;
  #waiters: Waiter[] = [];
  readonly #decoded: Group[] = [];
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#observer = options.observer ?? noObserver;
  }

  /** Decodes the request here and now, and joins the group that fills. */
  append(signal: Signal, encoding: BodyEncoding, body: Uint8Array): Promise<CommitOutcome> {
    const { batch, bytesMax, clock } = this.#options;
    const refusal = batch.bytes >= bytesMax ? 'ingest-busy' : this.refusalOf(batch.bytes + body.length);
    if (refusal) {
      this.#options.ledger.refusedRequest(refusal);
      return Promise.resolve({ kind: 'refused', reason: refusal });
    }
    const startedAtMs = clock.elapsedMs();
    const outcome = batch.append(signal, encoding, body, clock.nowMs());
    this.#observer.decoded(signal, body.length, clock.elapsedMs() - startedAtMs);
    return this.#settle(signal, outcome, (waiter) => {
      this.#waiters.push(waiter);
      this.#schedule();
    });
  }

  /** A request that was decoded elsewhere: a group of its own, written before the one that fills. */
  appendDecoded(signal: Signal, outcome: AppendOutcome, tables: readonly CheckedTable[]): Promise<CommitOutcome> {
    const refusal = this.refusalOf(tables.reduce((sum, { bytes }) => sum + bytes.length, 0));
    if (refusal && outcome.kind === 'appended') {
      this.#options.ledger.refused(signal, outcome.accepted + outcome.rejected, refusal);
      return Promise.resolve({ kind: 'refused', reason: refusal });
    }
    return this.#settle(signal, outcome, (waiter) => {
      this.#decoded.push({ tables, waiters: [waiter] });
      this.#write();
    });
  }

  /** Telemetry of the collector itself: durable like any other, but in no counter. False: it could not be written, and is gone. */
  appendOwn(tables: readonly CheckedTable[]): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((written) => {
      this.#decoded.push({ tables, waiters: [], written });
      this.#write();
    });
  }

  /** Writes what is held and refuses what comes. Resolves when every request has its answer. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#writing || this.#holdsSomething) {
      this.#write();
      await this.#writing;
    }
  }

  /** Why so many bytes more would be turned away now, if they would. */
  refusalOf(bytes: number): RefusalReason | undefined {
    if (this.#closed) return 'shutting-down';
    return this.#options.spool.hasRoomFor(bytes) ? undefined : 'spool-full';
  }

  /** Answers at once where there is nothing to write. */
  #settle(signal: Signal, outcome: AppendOutcome, wait: (waiter: Waiter) => void): Promise<CommitOutcome> {
    const { ledger } = this.#options;
    if (outcome.kind === 'malformed') {
      ledger.refusedRequest('malformed');
      return Promise.resolve(outcome);
    }
    const { accepted, reason, rejected } = outcome;
    if (accepted === 0) {
      ledger.acknowledged(signal, 0, rejected, reason);
      return Promise.resolve({ kind: 'acknowledged', rejected, reason });
    }
    return new Promise((answer) => wait({ signal, accepted, rejected, reason, answer }));
  }

  get #holdsSomething(): boolean {
    return this.#waiters.length > 0 || this.#decoded.length > 0;
  }

  #schedule(): void {
    const { batch, bytesTarget, clock, delayMs } = this.#options;
    if (this.#writing) return;
    if (batch.bytes >= bytesTarget || this.#decoded.length > 0 || this.#closed) this.#write();
    else this.#cancelTimer ??= clock.after(delayMs, () => this.#dueNow());
  }

  /** The group that fills has waited long enough, but may come due while another is written: then it is scheduled anew after that. */
  #dueNow(): void {
    this.#cancelTimer = undefined;
    this.#write();
  }

  #write(): void {
    if (this.#writing) return;
    const group = this.#decoded.shift() ?? this.#takeFilling();
    this.#writing = this.#commit(group).finally(() => {
      this.#writing = undefined;
      if (this.#holdsSomething) this.#schedule();
    });
  }

  #takeFilling(): Group {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const waiters = this.#waiters;
    this.#waiters = [];
    return { tables: this.#options.batch.take(), waiters };
  }

  async #commit({ tables, waiters, written }: Group): Promise<void> {
    const { ledger } = this.#options;
    const refusal = await this.#tryCommit(tables, written === undefined ? 'senders' : 'own');
    this.#options.batch.recycle(tables);
    written?.(refusal === undefined);
    for (const { answer, accepted, reason, rejected, signal } of waiters) {
      if (refusal) {
        ledger.refused(signal, accepted + rejected, refusal);
        answer({ kind: 'refused', reason: refusal });
      } else {
        ledger.acknowledged(signal, accepted, rejected, reason);
        answer({ kind: 'acknowledged', rejected, reason });
      }
    }
  }

  async #tryCommit(tables: readonly CheckedTable[], origin: Origin): Promise<RefusalReason | undefined> {
    const { clock, report, spool } = this.#options;
    const startedAtMs = clock.elapsedMs();
    try {
      await spool.commit(tables, origin);
      this.#observer.committed(
        tables.reduce((sum, { bytes }) => sum + bytes.length, 0),
        clock.elapsedMs() - startedAtMs,
      );
      return undefined;
    } catch (error) {
      if (error instanceof SpoolFull) return 'spool-full';
      report('error', 'the spool cannot be written', { reason: errorCode(error) });
      return 'spool-unwritable';
    }
  }
}
