import type { listTraceFacets } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import type { SpanFilters } from './filters.ts';
import type { TimeRange } from './range.ts';
import { type SearchCondition, searchCondition } from './search/condition.ts';
import { matchingParams, matchingSpans, matchingTypes, newestMatching } from './search/newest-matching.ts';
import { checkPatterns } from './search/patterns.ts';
import { countedKeyOf, valueColumns, valueCountRow, valueCounts, valueCountTypes } from './search/value-counts.ts';

/** Facets are counted over these many of the newest matching spans. */
const facetSpansMax = 50_000;

/** The facets that are always there, in this order. */
const facetKeys = [
  { key: 'service.name', scope: 'resource' },
  { key: 'name', scope: 'intrinsic' },
  { key: 'status', scope: 'intrinsic' },
  { key: 'kind', scope: 'intrinsic' },
  { key: 'host.name', scope: 'resource' },
  { key: 'service.version', scope: 'resource' },
  { key: 'deployment.environment.name', scope: 'resource' },
  { key: 'service.namespace', scope: 'resource' },
  { key: 'http.request.method', scope: 'attribute' },
  { key: 'http.route', scope: 'attribute' },
  { key: 'http.response.status_code', scope: 'attribute' },
  { key: 'db.system.name', scope: 'attribute' },
  { key: 'messaging.destination.name', scope: 'attribute' },
] as const;

export const facetsQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'facets',
    params: { ...matchingTypes, ...valueCountTypes, spansMax: 'UInt32' },
    row: valueCountRow,
    sql: valueCounts(`${matchingSpans(`0 AS selected, ${valueColumns}`, search)}
        LIMIT {spansMax:UInt32}`),
  });

export interface FacetOptions {
  /** Values of each facet. */
  readonly limit: number;
  /** Facets besides those that are always there. */
  readonly others: number;
}

type FacetsReply = Static<typeof listTraceFacets.reply>;
type Facet = FacetsReply['items'][number];

export async function traceFacets(
  engine: Engine,
  range: TimeRange,
  filters: SpanFilters,
  options: FacetOptions,
): Promise<FacetsReply> {
  await checkPatterns(engine, filters.search);
  const search = searchCondition(filters.search);
  const { fromNs, complete } = await newestMatching(engine, range, filters, search, facetSpansMax);
  const counting = { selectionSize: 1, restSize: 1, valuesMax: options.limit, spansMax: facetSpansMax };
  const rows = await ask(
    engine,
    facetsQuery(search),
    { ...matchingParams(range, filters), fromNs, ...counting },
    search.params,
  );
  const facets = rows.map((row): Facet => ({
    ...countedKeyOf(row),
    count: row.restCount,
    distinct: row.distinctValues,
    values: row.topValues.map((value, i) => ({ value, count: row.topRest[i] ?? 0 })),
  }));
  const byKey = new Map(facets.map((facet) => [facet.key, facet]));
  const always = facetKeys.map(({ key, scope }) => byKey.get(key) ?? { key, scope, count: 0, distinct: 0, values: [] });
  const others = facets.filter(({ key }) => !facetKeys.some((one) => one.key === key)).slice(0, options.others);
  // Every span has a kind.
  return { range, examined: byKey.get('kind')?.count ?? 0, complete, items: [...always, ...others] };
}
