import type { Expression } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { durationParams, type SpanFilters } from './filters.ts';
import { moment, type TimeRange } from './range.ts';
import { type SearchCondition, searchCondition } from './search/condition.ts';
import { matchingParams } from './search/newest-matching.ts';
import { checkPatterns } from './search/patterns.ts';

/** Which of the matching spans are looked at apart from the others: those that a search describes and that lie in a box of time and duration. */
export interface Selection {
  readonly search?: Expression;
  /** Half open, ms. Absent: the whole range. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly minDurationMs?: number;
  readonly maxDurationMs?: number;
}

export const selectionTypes = {
  selectionFromNs: 'Int64',
  selectionToNs: 'Int64',
  selectionMinNs: 'UInt64',
  selectionMaxNs: 'UInt64',
} as const;

/** Whether a matching span is selected. `selection` binds its values under a prefix of its own. */
export function isSelected(selection: SearchCondition): string {
  return `(timestamp >= ${moment('{selectionFromNs:Int64}')} AND timestamp < ${moment('{selectionToNs:Int64}')}
    AND duration_ns >= {selectionMinNs:UInt64} AND duration_ns <= {selectionMaxNs:UInt64} AND ${selection.sql})`;
}

export function selectionParams(range: TimeRange, { fromMs, toMs, minDurationMs, maxDurationMs }: Selection) {
  const { minDurationNs, maxDurationNs } = durationParams({
    ...(minDurationMs !== undefined && { minDurationMs }),
    ...(maxDurationMs !== undefined && { maxDurationMs }),
  });
  return {
    selectionFromNs: BigInt(fromMs ?? range.fromMs) * 1_000_000n,
    selectionToNs: BigInt(toMs ?? range.toMs) * 1_000_000n,
    selectionMinNs: minDurationNs,
    selectionMaxNs: maxDurationNs,
  };
}

/** What a question about matching spans and a selection of them is written from, and asked with. Throws BadPattern. */
export async function readSelection(engine: Engine, range: TimeRange, filters: SpanFilters, selected: Selection) {
  await checkPatterns(engine, filters.search);
  await checkPatterns(engine, selected.search);
  const search = searchCondition(filters.search);
  const selection = searchCondition(selected.search, 'selection');
  return {
    search,
    selection,
    params: { ...matchingParams(range, filters), ...selectionParams(range, selected) },
    bound: { ...search.params, ...selection.params },
  };
}
