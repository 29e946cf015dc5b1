import type { getImpact } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { p95Level, percentilesNs } from './histograms.ts';
import { before, type TimeRange } from './range.ts';
import { fromRollup, rollupRange, rollupTypes } from './rollup-range.ts';

/** What is injured. */
export type Injured =
  | { readonly kind: 'host' | 'service' | 'queue' | 'remote'; readonly name: string }
  /** 16 hex digits. */
  | { readonly kind: 'statement'; readonly hash: string };

export interface ImpactOptions {
  readonly injured: Injured;
  /** Absent: the period of equal length just before what is answered for. */
  readonly baseline?: TimeRange | undefined;
  readonly limit: number;
  readonly environment?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Which rows are of the injured, and what counts the requests that came there: each once, however many spans it had there. */
const parts: Readonly<Record<Injured['kind'], { readonly condition: string; readonly requests: string }>> = {
  host: { condition: 'host = {injured:String}', requests: 'requests_by_host' },
  service: { condition: 'service = {injured:String}', requests: 'requests_by_service' },
  statement: { condition: 'dependency_kind = 1 AND statement_hash = {hash:UInt64}', requests: 'requests_by_dependency' },
  queue: { condition: 'dependency_kind = 2 AND dependency_name = {injured:String}', requests: 'requests_by_dependency' },
  remote: { condition: 'dependency_kind = 3 AND dependency_address = {injured:String}', requests: 'requests_by_dependency' },
};

const types = { ...rollupTypes, environment: 'String', namespace: 'String', injured: 'String', hash: 'UInt64' } as const;
const isIn = `({environment:String} = '' OR api_environment = {environment:String}) AND ({namespace:String} = '' OR api_namespace = {namespace:String})`;
const noHistogram = '(emptyArrayUInt16(), emptyArrayUInt64())';

/** APIs that came through, those that lose most time there first, beside the totals over all. */
export function impactQuery(kind: Injured['kind']) {
  const { condition, requests } = parts[kind];
  // A message is counted where it was read: who publishes the next on its way has read it already.
  const messages = kind === 'queue' ? 'read' : 'if(kind = 5, read, came)';
  return defineQuery({
    name: `impact of a ${kind}`,
    isQuick: true,
    params: { ...types, limit: 'UInt32' },
    row: {
      service: 'String',
      name: 'String',
      apiKind: 'UInt8',
      requests: 'Float64',
      errors: 'Float64',
      affectedRequests: 'Float64',
      affectedMessages: 'Float64',
      criticalNs: 'Float64',
      allCriticalNs: 'Float64',
      waitNs: 'Float64',
      percentilesNs: 'Array(Float64)',
      apis: 'Float64',
      totalRequests: 'Float64',
      totalNs: 'Float64',
    },
    sql: `
SELECT *, toFloat64(count() OVER ()) AS apis, sum(affectedRequests) OVER () AS totalRequests, sum(criticalNs) OVER () AS totalNs
FROM (
  SELECT CAST(api_service, 'String') AS service, CAST(api_name, 'String') AS name, api_kind AS apiKind,
    toFloat64(sum(entered)) AS requests, toFloat64(sum(entered_failed)) AS errors,
    toFloat64(sum(came * (asynchronous = 0))) AS affectedRequests,
    toFloat64(sum(${messages} * (asynchronous = 1))) AS affectedMessages,
    toFloat64(sum(there_ns)) AS criticalNs, toFloat64(sum(waited_ns)) AS allCriticalNs, toFloat64(sum(lay_ns)) AS waitNs,
    ${percentilesNs(p95Level, 'requests', 'hist', 'toFloat64(max(longest))')} AS percentilesNs
  FROM (
    ${fromRollup(
      'path',
      `api_service, api_name, api_kind, asynchronous, kind, ${condition} AS is_there,
      calls * is_entry AS entered, errors * is_entry AS entered_failed, if(is_entry = 1, hist, ${noHistogram}) AS hist, max_ns * is_entry AS longest,
      ${requests} * is_there AS came, messages * is_there AS read, wait_ns * is_there AS lay_ns,
      critical_ns * (asynchronous = 0) AS waited_ns, waited_ns * is_there AS there_ns`,
      isIn,
    )}
  )
  GROUP BY api_service, api_name, api_kind
  HAVING affectedRequests > 0 OR affectedMessages > 0
)
ORDER BY criticalNs DESC, waitNs DESC, affectedRequests DESC, service, name
LIMIT {limit:UInt32}`,
  });
}

/** How long requests to APIs took at another time. */
export const apiLatencyQuery = defineQuery({
  name: 'apiLatency',
  isQuick: true,
  params: { ...rollupTypes, environment: 'String', namespace: 'String', services: 'Array(String)' },
  row: { service: 'String', name: 'String', percentilesNs: 'Array(Float64)' },
  sql: `
SELECT CAST(api_service, 'String') AS service, CAST(api_name, 'String') AS name, ${percentilesNs(p95Level, 'sum(calls)')} AS percentilesNs
FROM (
    ${fromRollup('path', 'api_service, api_name, calls, max_ns, hist', `is_entry = 1 AND api_service IN {services:Array(String)} AND ${isIn}`)}
)
GROUP BY api_service, api_name`,
});

const kinds = Object.keys(parts) as Injured['kind'][];
const queries = new Map(kinds.map((kind) => [kind, impactQuery(kind)] as const));
export const allImpactQueries = [...queries.values(), apiLatencyQuery];

export async function impact(
  engine: Engine,
  range: TimeRange,
  options: ImpactOptions,
): Promise<Static<typeof getImpact.reply>> {
  const { environment = '', injured, limit, namespace = '' } = options;
  const asked = rollupRange(range);
  const baseline = rollupRange(options.baseline ?? before(asked.range));
  const place = { environment, namespace };
  const rows = await ask(engine, queries.get(injured.kind) as ReturnType<typeof impactQuery>, {
    ...asked.params,
    ...place,
    injured: injured.kind === 'statement' ? '' : injured.name,
    hash: injured.kind === 'statement' ? BigInt(`0x${injured.hash}`) : 0n,
    limit,
  });
  const services = [...new Set(rows.map(({ service }) => service))];
  const earlier = services.length === 0 ? [] : await ask(engine, apiLatencyQuery, { ...baseline.params, ...place, services });
  const baselineOf = new Map(earlier.map((row) => [JSON.stringify([row.service, row.name]), row.percentilesNs[0]]));
  const [first] = rows;
  return {
    range: asked.range,
    baseline: baseline.range,
    total: { apis: first?.apis ?? 0, affectedRequests: first?.totalRequests ?? 0, criticalNs: first?.totalNs ?? 0 },
    apis: rows.map(
      ({
        affectedMessages,
        affectedRequests,
        allCriticalNs,
        apiKind,
        criticalNs,
        errors,
        name,
        percentilesNs: levels,
        requests,
        service,
        waitNs,
      }) => ({
        service,
        name,
        kind: apiKind === 2 || apiKind === 5 ? 'api' : 'job',
        requests,
        affectedRequests,
        affectedMessages,
        share: share(affectedRequests, requests),
        criticalNs,
        criticalShare: share(criticalNs, allCriticalNs),
        waitNs,
        errors,
        p95Ns: levels[0] ?? null,
        baselineP95Ns: baselineOf.get(JSON.stringify([service, name])) ?? null,
      }),
    ),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}
