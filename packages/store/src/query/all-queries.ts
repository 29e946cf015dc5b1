import { parseSearch, readField } from '@sonde/model';
import { allCapacityQueries } from './capacity/queries.ts';
import { comparedSizesQuery, comparedValuesQuery } from './compare.ts';
import type { Query } from './define.ts';
import { allDependencyQueries } from './dependencies.ts';
import { cycleTracesQuery, traceParentsQuery } from './dependency-cycles.ts';
import { allImpactQueries } from './impact.ts';
import { allMiddlewareQueries } from './middleware/middleware-detail.ts';
import { instrumentationQuery } from './instrumentation.ts';
import { firstSeenQuery, inventoryNamesQuery, inventoryQuery } from './inventory.ts';
import { allHostQueries } from './host.ts';
import { allChangesQueries } from './diagnosis/changes.ts';
import { callsQuery, gapsQuery } from './diagnosis/call-gaps.ts';
import { allPartLineQueries } from './diagnosis/part-lines.ts';
import { allPathPartQueries } from './diagnosis/path-parts.ts';
import { allSymptomQueries } from './diagnosis/symptom-facts.ts';
import { errorOriginsQuery, failedTracesQuery } from './error-origins.ts';
import { facetsQuery } from './facets.ts';
import { instancesQuery, ranOnQuery } from './host-processes.ts';
import { hostResourceQuery } from './hosts.ts';
import { logCondition } from './logs/log-condition.ts';
import { logHistogramQuery } from './logs/log-histogram.ts';
import { logPageQuery, newestLogsQuery } from './logs/logs.ts';
import { latencyBucketsQuery, latencyHeatmapQuery, latencySummaryQuery } from './latency.ts';
import { counterQuery, histogramSumQuery, hostGaugeQuery, instanceGaugeQuery } from './metric-points.ts';
import { allPresenceQueries } from './presence.ts';
import { allServiceQueries } from './service.ts';
import { allServicesQueries } from './services.ts';
import { allLatencyRollupQueries, spanCountQuery } from './latency-rollup.ts';
import { allTopQueries } from './top-queries.ts';
import { everything, type SearchCondition, searchCondition } from './search/condition.ts';
import { attributeKeysQuery, newestSpansQuery, resourceKeysQuery } from './search/keys.ts';
import { newestMatchingQuery } from './search/newest-matching.ts';
import { newestMinuteQuery } from './search/newest-spans.ts';
import { allOverviewQueries } from './overview-queries.ts';
import { serviceErrorsQuery, spansBeforeQuery } from './service-errors.ts';
import { allVersionQueries } from './service-versions.ts';
import { patternQuery } from './search/patterns.ts';
import { resourceValuesQuery, spanValue, spanValuesQuery } from './search/values.ts';
import { statementTextsQuery } from './statements.ts';
import { diskQuery } from '../retention/disk-guard.ts';
import { droppedQuery, newestEntryQuery, spanDaysQuery } from '../retention/history.ts';
import { leaseQuery } from '../retention/lease.ts';
import { staleQueries } from '../retention/registries.ts';
import { settingQuery } from '../retention/settings.ts';
import { partitionsQuery, partsOnDiskQuery, receivedQueries } from '../retention/stored-days.ts';
import { thinningQueries } from '../retention/thin-day.ts';
import { traceBoundsQuery } from './trace-bounds.ts';
import { flameSpansQuery, flameTracesQuery } from './trace-flames.ts';
import { traceLinksQuery } from './trace-links.ts';
import { traceResourcesQuery, traceSpansQuery } from './trace-spans.ts';
import { traceContentsQuery } from './trace-contents.ts';
import { traceSummariesQuery } from './trace-summaries.ts';
import { fewTracesQuery, longestTracesQuery, newestTracesQuery } from './traces.ts';
import { givenTraces } from './spans.ts';

/** Each operator, on each sort of field that is asked for in its own way. */
const everyCondition = [
  ...['name', 'service.name', 'resource.team', 'http.route', 'user.id', '"a=b"'].flatMap((key) =>
    ['=', '!=', '~', '!~'].map((operator) => `${key} ${operator} "x"`),
  ),
  ...['service.version', 'resource.team', 'user.id', 'http.response.status_code'].flatMap((key) =>
    ['>', '>=', '<', '<='].map((operator) => `${key} ${operator} 5`),
  ),
  'http.response.status_code = 200 and http.response.status_code in (200) and user.id in (a, "b=c") and service.name in (a, "")',
  'user.id exists and resource.team not exists and http.route exists and host.name not exists',
  'duration > 5ms and duration in (1s) and not (status = error or kind in (server)) and trace.id != 0123456789abcdef0123456789abcdef and word',
].join(' and ');

/** The same of log records. */
const everyLogCondition = [
  ...['body', 'service.name', 'resource.team', 'user.id', '"a=b"'].flatMap((key) =>
    ['=', '!=', '~', '!~'].map((operator) => `${key} ${operator} "x"`),
  ),
  'severity >= warn and severity != info and severity in (debug, unspecified) and severity < fatal and user.id > 5 and http.route in (a)',
  `trace.id = ${'ab'.repeat(16)} and span.id in (${'ab'.repeat(8)}) and span.id != ${'ab'.repeat(8)}`,
  'connection and "connection timeout" and "->" and not (user.id exists or service.version not exists)',
].join(' and ');

type Searched = (search: SearchCondition) => Query;

/** The query with nothing asked for, and with everything that can be. */
function searched(query: Searched): Query[] {
  const parsed = parseSearch(everyCondition);
  if (parsed.kind === 'problem') throw new Error(parsed.problem.message);
  const search = searchCondition(parsed.search.expression);
  const full = query(search);
  const types = { ...full.params, ...search.types };
  return [query(everything), { ...full, name: `${full.name} with a search`, params: types }];
}

/** The same of log records. */
function searchedLogs(query: Searched): Query[] {
  const parsed = parseSearch(everyLogCondition, 'logs');
  if (parsed.kind === 'problem') throw new Error(parsed.problem.message);
  const search = logCondition(parsed.search.expression);
  const full = query(search);
  return [query(everything), { ...full, name: `${full.name} with a search`, params: { ...full.params, ...search.types } }];
}

const completedKeys = ['name', 'status', 'kind', 'service.name', 'http.route', 'http.response.status_code', 'user.id'];

function valuesOf(key: string): Query {
  const field = readField(key);
  const query = spanValuesQuery((field && spanValue(field)) ?? '');
  return { ...query, name: `${query.name} of ${key}` };
}

/** Every query there is, for the test that compares each with what the engine says of it. */
export const allQueries: readonly Query[] = [
  ...allPresenceQueries,
  ...allServicesQueries,
  ...allServiceQueries,
  ...allOverviewQueries,
  ...allVersionQueries,
  serviceErrorsQuery,
  spansBeforeQuery,
  ...allLatencyRollupQueries,
  spanCountQuery,
  counterQuery,
  histogramSumQuery,
  hostGaugeQuery,
  instanceGaugeQuery,
  hostResourceQuery,
  ranOnQuery,
  instancesQuery,
  ...allHostQueries,
  ...allMiddlewareQueries,
  traceBoundsQuery,
  traceSummariesQuery,
  traceContentsQuery,
  traceLinksQuery,
  instrumentationQuery,
  firstSeenQuery,
  traceSpansQuery(false),
  traceSpansQuery(true),
  traceResourcesQuery,
  inventoryQuery,
  inventoryNamesQuery,
  ...allTopQueries,
  ...allDependencyQueries,
  ...allImpactQueries,
  ...allSymptomQueries,
  ...allPathPartQueries,
  ...allPartLineQueries,
  gapsQuery,
  callsQuery,
  ...allChangesQueries,
  ...allCapacityQueries,
  cycleTracesQuery,
  traceParentsQuery,
  statementTextsQuery,
  ...[
    latencySummaryQuery,
    latencyBucketsQuery,
    latencyHeatmapQuery,
    fewTracesQuery,
    newestTracesQuery,
    longestTracesQuery,
  ].flatMap(searched),
  newestTracesQuery(everything, givenTraces),
  longestTracesQuery(everything, givenTraces),
  ...[newestMatchingQuery, facetsQuery].flatMap(searched),
  errorOriginsQuery,
  flameSpansQuery,
  ...[comparedSizesQuery, comparedValuesQuery, failedTracesQuery, flameTracesQuery].flatMap((query) =>
    searched((search) => query(search, search === everything ? everything : { ...search, sql: `NOT ${search.sql}` })),
  ),
  ...[newestLogsQuery, logPageQuery, logHistogramQuery].flatMap(searchedLogs),
  patternQuery,
  newestMinuteQuery,
  attributeKeysQuery,
  resourceKeysQuery,
  newestSpansQuery,
  resourceValuesQuery,
  ...completedKeys.map((key) => valuesOf(key)),
  settingQuery,
  partitionsQuery,
  partsOnDiskQuery,
  ...receivedQueries.values(),
  droppedQuery,
  spanDaysQuery,
  newestEntryQuery,
  ...thinningQueries,
  ...staleQueries.map(({ query }) => query),
  diskQuery,
  leaseQuery,
];
