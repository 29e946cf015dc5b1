import { type Warn } from '../warn.ts';
import { type Signal } from './destination.ts';

/**
 * Why an item was not delivered. `buffer full`: it arrived faster than the collector took it. `unreachable`: no answer, or "later",
 * until the batch was given up. `refused`: the collector said no. `rejected`: the collector took the request but not this item.
 * `unencodable`: it could not be written as OTLP. `exit`: the process ended first.
 */
export type DropReason = 'buffer full' | 'unreachable' | 'refused' | 'rejected' | 'unencodable' | 'exit';

/** Counts what is lost, by signal and reason; each pair is reported once on stderr and from then on as the metric `sonde.agent.dropped`. */
export class Drops {
  readonly counts = new Map<string, { readonly signal: Signal; readonly reason: DropReason; count: number }>();
  readonly #warn: Warn;

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  add(signal: Signal, reason: DropReason, count: number, why = ''): void {
    const key = `${signal} ${reason}`;
    const entry = this.counts.get(key);
    if (entry !== undefined) {
      entry.count += count;
      return;
    }
    this.counts.set(key, { signal, reason, count });
    this.#warn(
      `${signal} are being dropped: ${reason}${why === '' ? '' : ` (${why})`}; said once, counted in the metric sonde.agent.dropped`,
    );
  }
}
