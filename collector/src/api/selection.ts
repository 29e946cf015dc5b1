import type { compareTraces } from '@sonde/api';
import type { Selection, SpanFilters } from '@sonde/store';
import type { Static } from 'typebox';
import { ProblemError } from './problems.ts';
import { readTime } from './time-range.ts';

type Asked = Omit<Static<typeof compareTraces.query>, 'from' | 'to' | 'q' | 'limit' | 'values'>;

/** The box of a selection, apart from the filters. Nothing selected where it must be, or a box that holds nothing, is a problem that names the parameter. */
export function readSelection(asked: Asked, isNeeded = true): { readonly selected: Selection; readonly filters: SpanFilters } {
  const { selection, selectionFrom, selectionTo, selectionMinDurationMs: min, selectionMaxDurationMs: max, ...filters } = asked;
  const fromMs = selectionFrom === undefined ? undefined : readTime('selectionFrom', selectionFrom);
  const toMs = selectionTo === undefined ? undefined : readTime('selectionTo', selectionTo);
  if (isNeeded && (selection ?? '').trim() === '' && [fromMs, toMs, min, max].every((bound) => bound === undefined)) {
    throw new ProblemError('bad-parameter', {
      parameter: 'selection',
      detail:
        'Say what to compare with the rest: a search in selection, or a box of selectionFrom, selectionTo, selectionMinDurationMs and selectionMaxDurationMs.',
    });
  }
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new ProblemError('bad-parameter', {
      parameter: 'selectionFrom',
      detail: 'selectionFrom must lie before selectionTo.',
    });
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw new ProblemError('bad-parameter', {
      parameter: 'selectionMinDurationMs',
      detail: 'selectionMinDurationMs must not be greater than selectionMaxDurationMs.',
    });
  }
  const selected = {
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs }),
    ...(min !== undefined && { minDurationMs: min }),
    ...(max !== undefined && { maxDurationMs: max }),
  };
  return { selected, filters };
}
