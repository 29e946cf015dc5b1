import { Type } from 'typebox';
import { AnsweredRange, Count, KeyScope, noParams, operation, strictObject, timeRange } from './common.ts';
import { traceFilters } from './traces.ts';

export const Facet = strictObject({
  /** As it is to be written in a search, but for quotes. */
  key: Type.String(),
  scope: KeyScope,
  /** Spans that have the key; what is empty is not had. */
  count: Count,
  /** Different values. */
  distinct: Count,
  /** The most common first. Those of more than 1,024 bytes are cut and end in `…`. */
  values: Type.Array(strictObject({ value: Type.String(), count: Count })),
});

export const listTraceFacets = operation({
  id: 'listTraceFacets',
  path: '/traces/facets',
  summary: 'What the spans that match every filter have in common: values of each key by how many of the newest have them.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...traceFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Values of each facet. Default 10.' })),
    others: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        description: 'Facets besides those that are always there, of the keys that most of the spans have. Default 20.',
      }),
    ),
  }),
  reply: strictObject({
    range: AnsweredRange,
    /** How many spans were looked at: the newest that match, 50,000 at most. */
    examined: Count,
    /** Whether these are all that match. */
    complete: Type.Boolean(),
    items: Type.Array(Facet),
  }),
});
