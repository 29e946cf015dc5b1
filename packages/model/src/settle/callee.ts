import { kindNumber } from '../span-columns.ts';
import type { SettledSpans } from './settle-spans.ts';
import { dependencyKindNumber, type SpanBatch } from './span-batch.ts';

/** The first SERVER span that a CLIENT span called, -1 where none is recorded. */
export function serverSideOf({ kind }: SpanBatch, { children: { offsets, list } }: SettledSpans, row: number): number {
  if (kind[row] !== kindNumber.client) return -1;
  for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) {
    if (kind[list[i] as number] === kindNumber.server) return list[i] as number;
  }
  return -1;
}

/** A remote is an address that nobody reports from: a call whose SERVER side is recorded has none. */
export function dependencyKindOf(batch: SpanBatch, settled: SettledSpans, row: number): number {
  const kind = batch.dependencyKind[row] as number;
  return kind === dependencyKindNumber.remote && serverSideOf(batch, settled, row) !== -1 ? dependencyKindNumber.none : kind;
}

/** The minute in which a span began, by its own clock, as every other rollup files it. */
export function minuteOf({ originMinute, startNs }: SpanBatch, row: number): number {
  return Math.min(0xffffffff, Math.max(0, originMinute + Math.floor((startNs[row] as number) / 60e9)));
}
