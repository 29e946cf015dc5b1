import { dependencyKindOf } from './callee.ts';
import type { SettledSpans } from './settle-spans.ts';
import { dependencyKindNumber, type SpanBatch } from './span-batch.ts';
import { createSumTable } from './sum-table.ts';

/** Bits of `firstTouches`. */
export const touch = { service: 1, host: 2, dependency: 4 } as const;

/**
 * Of all spans of a trace that one entry came to, which is the first in its service, on its host, on its dependency: bits of `touch` by
 * row. Counting these counts requests instead of spans, and the count adds up over windows: one span has the bit, whichever window it is
 * in. What was waited for and what was not are counted apart. The first is the first to begin; of equal ones the first row.
 */
export function firstTouches(batch: SpanBatch, settled: SettledSpans): Uint8Array {
  const { traceOffsets, startNs, service, host, dependency } = batch;
  const { entry, asynchronous } = settled;
  const table = createSumTable(4, 0);
  const firsts: number[] = [];
  const offer = (row: number, dimension: number, number: number): void => {
    table.key[1] = entry[row] as number;
    table.key[2] = dimension * 2 + (asynchronous[row] as number);
    table.key[3] = number;
    const at = table.rowOf();
    const first = firsts[at];
    if (first === undefined || (startNs[row] as number) < (startNs[first] as number)) firsts[at] = row;
  };
  for (let trace = 0; trace < traceOffsets.length - 1; trace++) {
    table.key[0] = trace;
    for (let row = traceOffsets[trace] as number; row < (traceOffsets[trace + 1] as number); row++) {
      offer(row, 0, service[row] as number);
      offer(row, 1, host[row] as number);
      const kind = dependencyKindOf(batch, settled, row);
      if (kind !== dependencyKindNumber.none) offer(row, 1 + kind, dependency[row] as number);
    }
  }
  const bits = new Uint8Array(startNs.length);
  const dimensions = table.keyColumn(2);
  firsts.forEach((row, at) => {
    bits[row]! |= [touch.service, touch.host][(dimensions[at] as number) >> 1] ?? touch.dependency;
  });
  return bits;
}
