import { Type } from 'typebox';
import { AnsweredRange, Count, KeyScope, noParams, operation, orUnknown, strictObject, timeRange } from './common.ts';
import { traceFilters } from './traces.ts';

const counts = {
  /** Spans of the selection that were looked at. */
  selection: Count,
  /** And of the rest. */
  rest: Count,
};

export const ComparedKey = strictObject({
  /** As it is to be written in a search, but for quotes. */
  key: Type.String(),
  scope: KeyScope,
  /** Share in the selection minus share in the rest of what differs most: a value, a bound below which a number lies, or being absent. */
  difference: Type.Number({ minimum: -1, maximum: 1 }),
  /** The part of it that chance does not explain: the difference less two standard errors. */
  score: Type.Number({ minimum: 0, maximum: 1 }),
  /** How many have the key. */
  ...counts,
  /** Different values on both sides together. */
  distinct: Count,
  /** The values whose shares are furthest apart first; none where there are `buckets`. */
  values: Type.Array(strictObject({ value: Type.String(), ...counts })),
  /** Of more than twenty different numbers: how many lie in [from, to), below zero (from, to]; null is without end. In order. */
  buckets: Type.Array(strictObject({ from: orUnknown(Type.Number()), to: orUnknown(Type.Number()), ...counts })),
});

/** Which of the spans that match every filter are selected: those that a search describes and that lie in a box. */
export const selectionFilters = {
  selection: Type.Optional(
    Type.String({ description: 'A search that the selected spans match: duration > 800ms and status = error.' }),
  ),
  selectionFrom: Type.Optional(
    Type.String({ maxLength: 40, description: 'They began at or after this: epoch milliseconds or RFC 3339.' }),
  ),
  selectionTo: Type.Optional(Type.String({ maxLength: 40, description: 'They began before this.' })),
  selectionMinDurationMs: Type.Optional(Type.Number({ minimum: 0, description: 'They lasted at least this.' })),
  selectionMaxDurationMs: Type.Optional(Type.Number({ minimum: 0, description: 'They lasted at most this.' })),
};

const side = strictObject({
  count: Count,
  /** Spans whose values were counted: all, or a random sample of about 25,000. */
  examined: Count,
});

export const compareTraces = operation({
  id: 'compareTraces',
  path: '/traces/compare',
  summary:
    'How a selection of the spans that match every filter differs from the rest: keys by how far their values are apart.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...traceFilters,
    ...selectionFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Keys. Default 30.' })),
    values: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Values of each key. Default 10.' })),
  }),
  reply: strictObject({
    range: AnsweredRange,
    selection: side,
    rest: side,
    /** The furthest apart first. */
    items: Type.Array(ComparedKey),
    /** Keys that were compared and differ less than all of `items`. Of more than 500 keys, the rarest are not compared. */
    leftOut: Type.Array(Type.String()),
  }),
});
