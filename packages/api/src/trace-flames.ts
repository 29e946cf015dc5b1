import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, noParams, operation, orUnknown, strictObject, timeRange } from './common.ts';
import { selectionFilters } from './compare.ts';
import { traceFilters } from './traces.ts';

const figures = strictObject({
  /** Traces that have the frame. */
  traces: Count,
  spans: Count,
  /** Over all examined traces of the side. */
  totalNs: Type.Number({ minimum: 0 }),
  selfNs: Type.Number({ minimum: 0 }),
});

export const FlameFrame = strictObject({
  service: Type.String(),
  name: Type.String(),
  /** Index into the list; null: a root. Parents come before their children. */
  parent: orUnknown(Count),
  selection: figures,
  rest: figures,
});
export type FlameFrame = Static<typeof FlameFrame>;

const side = strictObject({
  /** Traces that were merged: all, or a random sample. */
  examined: Count,
  complete: Type.Boolean(),
});

export const compareTraceFlames = operation({
  id: 'compareTraceFlames',
  path: '/traces/flame',
  summary: 'Where traces with a selected span spend their time, path by path, beside the other traces that match.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...traceFilters,
    ...selectionFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Frames. Default 300.' })),
  }),
  reply: strictObject({
    range: AnsweredRange,
    selection: side,
    rest: side,
    frames: Type.Array(FlameFrame),
    /** Smaller frames that are not in the list. */
    leftOut: Count,
  }),
});
