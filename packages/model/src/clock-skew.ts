import { kindNumber, type SpanColumns } from './span-columns.ts';
import type { TraceTree } from './trace-tree.ts';

/** Times of one machine may disagree by this much without a clock being wrong: OpenTelemetry JS starts spans at whole milliseconds. */
export const timerToleranceNs = 1_000_000;

/** Spans that claim to have begun before their parent did: the clocks of two machines disagree. */
export function skewedSpans({ columns: { startNs }, parent }: TraceTree): number[] {
  const skewed: number[] = [];
  parent.forEach((above, row) => {
    if (above >= 0 && (startNs[row] as number) < (startNs[above] as number) - timerToleranceNs) skewed.push(row);
  });
  return skewed;
}

/**
 * Starts on one clock, as far as calls tell: what a caller waited for happened while it waited.
 *
 *     web  CLIENT        |==========|              |==========|
 *     cart SERVER  |======|               ->         |======|      in the middle: half of the gap each way
 *     cart  CLIENT   |==|                              |==|        moves along, as the same machine says it
 *
 * Only a SERVER span under a CLIENT span of another machine is moved, and what its machine says below it with it. One that is shorter than
 * its caller and not within it: into the middle. One that is longer: to its caller's start if it does not begin within it; else the
 * caller gave up waiting, which is no fault of a clock. So no correction takes a span out of its caller's time.
 *
 * Machines are told apart by host, 0 where it is unknown; then by service.
 */
export function alignClocks(
  { kind, service, startNs, durationNs }: SpanColumns,
  host: Uint32Array,
  parent: Int32Array,
  topDown: Int32Array,
): Float64Array {
  const aligned = startNs.slice();
  for (const row of topDown) {
    const caller = parent[row] as number;
    if (caller < 0) continue;
    const callerNs = aligned[caller] as number;
    const fromNs = startNs[row] as number;
    const hostsKnown = host[row] !== 0 && host[caller] !== 0;
    if (hostsKnown ? host[row] === host[caller] : service[row] === service[caller]) {
      aligned[row] = fromNs + (callerNs - (startNs[caller] as number));
      continue;
    }
    if (kind[row] !== kindNumber.server || kind[caller] !== kindNumber.client) continue;
    const callerEndNs = callerNs + (durationNs[caller] as number);
    const gapNs = (durationNs[caller] as number) - (durationNs[row] as number);
    const beginsWithin = fromNs >= callerNs - timerToleranceNs && fromNs <= callerEndNs + timerToleranceNs;
    const endsWithin = fromNs + (durationNs[row] as number) <= callerEndNs + timerToleranceNs;
    if (beginsWithin && (endsWithin || gapNs < 0)) continue;
    aligned[row] = callerNs + Math.max(0, Math.floor(gapNs / 2));
  }
  return aligned;
}
