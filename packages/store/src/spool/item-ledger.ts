/**
 * Where every item went. Each item is counted in `received` and in exactly one of the other columns; it moves only
 *
 *   (answered 2xx) --> pending --> stored
 *                         \-----> quarantined
 *   rejected, refused: final at once, the sender knows.
 *
 * Invariants, each defended by the test of the same number in item-ledger.test.ts:
 *  (1) received = stored + pending + rejected + refused + quarantined, for every signal, after every call.
 *  (2) The reasons held are bounded; what comes after is counted under `{other}`.
 */
import type { Health, SignalCounters } from '@sonde/api';
import type { Signal } from '@sonde/otlp';
import type { Static } from 'typebox';
import { type Items, signals } from './items.ts';

type Counters = { -readonly [K in keyof Static<typeof SignalCounters>]: number };
type Drop = Health['drops'][number];

const reasonsMax = 100;

export class ItemLedger {
  readonly #counters: Record<Signal, Counters> = { traces: none(), metrics: none(), logs: none() };
  readonly #drops = new Map<string, Drop>();
  readonly #refusedRequests = new Map<string, number>();

  /** A request was answered 2xx: `accepted` items are on disk, `rejected` were told back. */
  acknowledged(signal: Signal, accepted: number, rejected: number, reason: string): void {
    const counters = this.#counters[signal];
    counters.received += accepted + rejected;
    counters.pending += accepted;
    counters.rejected += rejected;
    if (rejected > 0) this.#drop(signal, 'rejected', reason, rejected);
  }

  /** A decoded request was answered with a retryable error. */
  refused(signal: Signal, items: number, reason: string): void {
    this.#counters[signal].received += items;
    this.#counters[signal].refused += items;
    this.refusedRequest(reason);
  }

  /** A request was turned away whole, decoded or not. */
  refusedRequest(reason: string): void {
    const known = this.#refusedRequests.has(reason) || this.#refusedRequests.size < reasonsMax;
    const key = known ? reason : '{other}';
    this.#refusedRequests.set(key, (this.#refusedRequests.get(key) ?? 0) + 1);
  }

  /** Items that an earlier process acknowledged were found in the spool. */
  recovered(items: Items): void {
    for (const signal of signals) {
      this.#counters[signal].received += items[signal];
      this.#counters[signal].pending += items[signal];
    }
  }

  stored(items: Items): void {
    for (const signal of signals) this.#settle(signal, 'stored', items[signal]);
  }

  quarantined(items: Items, reason: string): void {
    for (const signal of signals) {
      this.#settle(signal, 'quarantined', items[signal]);
      if (items[signal] > 0) this.#drop(signal, 'quarantined', reason, items[signal]);
    }
  }

  snapshot(): Pick<Health, 'counters' | 'refusedRequests' | 'drops'> {
    const { traces, metrics, logs } = this.#counters;
    return {
      counters: { traces: { ...traces }, metrics: { ...metrics }, logs: { ...logs } },
      refusedRequests: Object.fromEntries(this.#refusedRequests),
      drops: [...this.#drops.values()],
    };
  }

  #settle(signal: Signal, outcome: 'stored' | 'quarantined', items: number): void {
    this.#counters[signal].pending -= items;
    this.#counters[signal][outcome] += items;
  }

  #drop(signal: Signal, outcome: string, reason: string, items: number): void {
    const key = `${signal} ${outcome} ${reason}`;
    const fits = this.#drops.has(key) || this.#drops.size < reasonsMax;
    const heldKey = fits ? key : `${signal} ${outcome} {other}`;
    const held = this.#drops.get(heldKey);
    this.#drops.set(heldKey, { signal, outcome, reason: fits ? reason : '{other}', items: (held?.items ?? 0) + items });
  }
}

function none(): Counters {
  return { received: 0, stored: 0, pending: 0, rejected: 0, refused: 0, quarantined: 0 };
}
