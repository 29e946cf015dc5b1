import { dependencyKindOf } from './callee.ts';
import type { SettledSpans } from './settle-spans.ts';
import { dependencyKindNumber, type SpanBatch } from './span-batch.ts';
import { createSumTable } from './sum-table.ts';

/** Bits of `firstTouches`. */
export const touch = { service: 1, host: 2, dependency: 4 } as const;

/**
 * Of all spans that one entry came to, waited for or not, which is the first in its service, on its host, on its dependency: bits of
 * `touch` by row. Counting these counts requests instead of spans, and the count adds up over windows: one span has the bit, whichever
 * window it is in. The first is the first to begin; of equal ones the lowest span id.
 */
export function firstTouches(batch: SpanBatch, settled: SettledSpans): Uint8Array {
  const { startNs, idHigh, idLow, service, host, dependency } = batch;
  const { entry, asynchronous } = settled;
  const table = createSumTable(3, 0);
  const firsts: number[] = [];
  const isBefore = (a: number, b: number): boolean => {
    const differs =
      (startNs[a] as number) - (startNs[b] as number) ||
      (idHigh[a] as number) - (idHigh[b] as number) ||
      (idLow[a] as number) - (idLow[b] as number);
    return differs < 0;
  };
  const offer = (row: number, dimension: number, number: number): void => {
    table.key[0] = entry[row] as number;
    table.key[1] = dimension * 2 + (asynchronous[row] as number);
    table.key[2] = number;
    const at = table.rowOf();
    if (firsts[at] === undefined || isBefore(row, firsts[at])) firsts[at] = row;
  };
  const dimensionBits = [touch.service, touch.host];
  for (let row = 0; row < startNs.length; row++) {
    offer(row, 0, service[row] as number);
    offer(row, 1, host[row] as number);
    const kind = dependencyKindOf(batch, settled, row);
    if (kind !== dependencyKindNumber.none) offer(row, 1 + kind, dependency[row] as number);
  }
  const bits = new Uint8Array(startNs.length);
  const dimensions = table.keyColumn(1);
  firsts.forEach((row, at) => {
    bits[row]! |= dimensionBits[(dimensions[at] as number) >> 1] ?? touch.dependency;
  });
  return bits;
}
