import type { getImpact } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { type Called, calledParams, calledTypes, isCalled } from './middleware/called.ts';
import { ask, defineQuery } from './define.ts';
import { hostControl, hostControlQuery } from './impact-control.ts';
import { p95Level, percentilesNs } from './histograms.ts';
import { baselineRange } from './baseline-range.ts';
import type { TimeRange } from './range.ts';
import { fromRollup, rollupRange, rollupTypes } from './rollup-range.ts';

/** What is injured. */
export type Injured =
  | { readonly kind: 'service'; readonly name: string }
  /** A database: `address` or `address/name`. */
  | { readonly kind: 'host' | 'queue' | 'remote' | 'database'; readonly name: string }
  /** Whatever callers call it. */
  | { readonly kind: 'middleware'; readonly called: readonly Called[] }
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
  database: {
    condition: `dependency_kind = 1 AND startsWith({injured:String}, dependency_address)
      AND {injured:String} IN (dependency_address, concat(dependency_address, '/', dependency_name))`,
    requests: 'requests_by_dependency',
  },
  remote: { condition: 'dependency_kind = 3 AND dependency_address = {injured:String}', requests: 'requests_by_dependency' },
  middleware: { condition: isCalled, requests: 'requests_by_dependency' },
};

const placeTypes = { ...rollupTypes, environment: 'String', namespace: 'String' } as const;
const isIn = `({environment:String} = '' OR api_environment = {environment:String}) AND ({namespace:String} = '' OR api_namespace = {namespace:String})`;
const api = `CAST(api_service, 'String') AS service, CAST(api_name, 'String') AS name, api_kind AS apiKind`;
const apiTypes = { service: 'String', name: 'String', apiKind: 'UInt8' } as const;

/** APIs that came through, those that lose most time there first, beside the totals over all. */
export function impactQuery(kind: Injured['kind']) {
  const { condition, requests } = parts[kind];
  // A message is counted where it was read: who publishes the next on its way has read it already.
  const isRead = kind === 'middleware' ? 'kind = 5 OR dependency_kind = 2' : 'kind = 5';
  const read = kind === 'queue' ? 'messages' : `if(${isRead}, messages, ${requests})`;
  return defineQuery({
    name: `impact of a ${kind}`,
    isQuick: true,
    params: { ...placeTypes, ...calledTypes, injured: 'String', hash: 'UInt64', limit: 'UInt32' },
    row: {
      ...apiTypes,
      affectedRequests: 'Float64',
      affectedMessages: 'Float64',
      criticalNs: 'Float64',
      waitNs: 'Float64',
      apis: 'Float64',
      totalRequests: 'Float64',
      totalNs: 'Float64',
    },
    sql: `
SELECT *, toFloat64(count() OVER ()) AS apis, sum(affectedRequests) OVER () AS totalRequests, sum(criticalNs) OVER () AS totalNs
FROM (
  SELECT ${api},
    toFloat64(sum(came * (asynchronous = 0))) AS affectedRequests, toFloat64(sum(read * (asynchronous = 1))) AS affectedMessages,
    toFloat64(sum(critical_ns * (asynchronous = 0))) AS criticalNs, toFloat64(sum(wait_ns)) AS waitNs
  FROM (
    ${fromRollup(
      'path',
      `api_service, api_name, api_kind, asynchronous, ${requests} AS came, ${read} AS read, wait_ns, critical_ns`,
      `${condition} AND ${isIn}`,
    )}
  )
  GROUP BY api_service, api_name, api_kind
  HAVING affectedRequests > 0 OR affectedMessages > 0
)
ORDER BY criticalNs DESC, waitNs DESC, affectedRequests DESC, service, name
LIMIT {limit:UInt32}`,
  });
}

const ofServices = `api_service IN {services:Array(String)} AND ${isIn}`;

/** Requests to the APIs of some services, and how long they took. */
export const apiRequestsQuery = defineQuery({
  name: 'apiRequests',
  isQuick: true,
  params: { ...placeTypes, services: 'Array(String)' },
  row: { ...apiTypes, requests: 'Float64', failures: 'Float64', percentilesNs: 'Array(Float64)' },
  sql: `
SELECT ${api}, toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures, ${percentilesNs(p95Level, 'requests')} AS percentilesNs
FROM (
    ${fromRollup('path', 'api_service, api_name, api_kind, calls, errors, max_ns, hist', `is_entry = 1 AND service IN {services:Array(String)} AND ${ofServices}`)}
)
GROUP BY api_service, api_name, api_kind`,
});

/** All time on the critical paths of these APIs. */
export const apiCriticalQuery = defineQuery({
  name: 'apiCritical',
  isQuick: true,
  params: { ...placeTypes, services: 'Array(String)' },
  row: { ...apiTypes, criticalNs: 'Float64' },
  sql: `
SELECT ${api}, toFloat64(sum(critical_ns)) AS criticalNs
FROM (
    ${fromRollup('path', 'api_service, api_name, api_kind, critical_ns', `asynchronous = 0 AND ${ofServices}`)}
)
GROUP BY api_service, api_name, api_kind`,
});

const kinds = Object.keys(parts) as Injured['kind'][];
const queries = new Map(kinds.map((kind) => [kind, impactQuery(kind)] as const));
export const allImpactQueries = [...queries.values(), apiRequestsQuery, apiCriticalQuery, hostControlQuery];

interface Api {
  readonly service: string;
  readonly name: string;
  readonly apiKind: number;
}

function byApi<Row extends Api>(rows: readonly Row[]): (api: Api) => Row | undefined {
  const keyOf = ({ apiKind, name, service }: Api) => JSON.stringify([service, name, apiKind]);
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return (row) => found.get(keyOf(row));
}

export async function impact(
  engine: Engine,
  range: TimeRange,
  options: ImpactOptions,
): Promise<Static<typeof getImpact.reply>> {
  const { environment = '', injured, limit, namespace = '' } = options;
  const asked = rollupRange(range);
  const baseline = baselineRange(range, asked.range, options.baseline);
  const place = { environment, namespace };
  const rows = await ask(engine, queries.get(injured.kind) as ReturnType<typeof impactQuery>, {
    ...asked.params,
    ...place,
    ...calledParams(injured.kind === 'middleware' ? injured.called : []),
    injured: 'name' in injured ? injured.name : '',
    hash: injured.kind === 'statement' ? BigInt(`0x${injured.hash}`) : 0n,
    limit,
  });
  const [first] = rows;
  // The rollup counts once for each statement.
  const isOfDatabase = injured.kind === 'database' || injured.kind === 'middleware';
  const answered = { range: asked.range, baseline: baseline.range };
  if (first === undefined) return { ...answered, total: { apis: 0, affectedRequests: 0, criticalNs: 0 }, apis: [] };

  const services = [...new Set(rows.map(({ service }) => service))];
  const [requests, critical, earlier, control] = await Promise.all([
    ask(engine, apiRequestsQuery, { ...asked.params, ...place, services }),
    ask(engine, apiCriticalQuery, { ...asked.params, ...place, services }),
    ask(engine, apiRequestsQuery, { ...baseline.params, ...place, services }),
    injured.kind === 'host' ? hostControl(engine, asked, { injured: injured.name, services, ...place }) : [],
  ]);
  const [requestsOf, criticalOf, earlierOf, controlOf] = [byApi(requests), byApi(critical), byApi(earlier), byApi(control)];
  return {
    ...answered,
    total: { apis: first.apis, affectedRequests: first.totalRequests, criticalNs: first.totalNs },
    apis: rows.map((row) => {
      const { affectedMessages, affectedRequests, apiKind, criticalNs, name, service, waitNs } = row;
      const own = requestsOf(row);
      const compared = controlOf(row);
      return {
        service,
        name,
        kind: apiKind === 2 || apiKind === 5 ? 'api' : 'job',
        requests: own?.requests ?? 0,
        affectedRequests: isOfDatabase ? Math.min(affectedRequests, own?.requests ?? 0) : affectedRequests,
        affectedMessages,
        share: share(affectedRequests, own?.requests ?? 0),
        criticalNs,
        criticalShare: share(criticalNs, criticalOf(row)?.criticalNs ?? 0),
        waitNs,
        errors: own?.failures ?? 0,
        p95Ns: own?.percentilesNs[0] ?? null,
        baselineP95Ns: earlierOf(row)?.percentilesNs[0] ?? null,
        control: compared
          ? { requests: compared.compared, meanNs: compared.meanNs, elsewhereMeanNs: compared.elsewhereMeanNs }
          : null,
      };
    }),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}
