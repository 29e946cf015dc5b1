import { defineQuery } from './define.ts';
import { p95Level, percentilesNs } from './histograms.ts';
import { isInPlace, placeTypes, ranked } from './ranked.ts';
import { fromRollup, rollupStep, rollupStepTypes, rollupTypes } from './rollup-range.ts';
import { redColumns, redTypes } from './services.ts';

const params = { ...rollupTypes, ...placeTypes } as const;
const chosen = { services: 'Array(String)', keyHashes: 'Array(UInt64)' } as const;

const entryKey = 'sipHash64(service, name)';
const apiKey = 'sipHash64(api_service, api_name)';
const asText = (hash: string) => `CAST(toString(${hash}), 'String')`;

/** Of what was done for an API, wherever it was done: the place is the API's. */
const isOfApi = `api_kind IN (2, 5) AND api_service IN {services:Array(String)}
      AND ({environment:String} = '' OR api_environment = {environment:String})
      AND ({namespace:String} = '' OR api_namespace = {namespace:String})`;
const ofApiTypes = { ...rollupTypes, ...chosen, environment: 'String', namespace: 'String' } as const;

export const overviewApisQuery = defineQuery({
  name: 'overviewApis',
  isQuick: true,
  params,
  row: { service: 'LowCardinality(String)', name: 'LowCardinality(String)', keyHash: 'String', ...redTypes },
  sql: `
SELECT service, name, ${asText(entryKey)} AS keyHash, ${redColumns}
FROM (
    ${fromRollup('path', 'service, name, calls, errors, max_ns, hist', `${ranked.api.condition} AND ${isInPlace}`)}
)
GROUP BY service, name
HAVING requests > 0
ORDER BY requests DESC, service, name
LIMIT 10000`,
});

/** p95 of the chosen APIs in each step. */
export const overviewTrendQuery = defineQuery({
  name: 'overviewTrend',
  isQuick: true,
  params: { ...params, ...chosen, ...rollupStepTypes },
  row: { keyHash: 'String', step: 'UInt32', p95Ns: 'Float64' },
  sql: `
SELECT ${asText(entryKey)} AS keyHash, ${rollupStep} AS step, ${percentilesNs(p95Level, 'sum(calls)')}[1] AS p95Ns
FROM (
    ${fromRollup(
      'path',
      'time, service, name, calls, max_ns, hist',
      `${ranked.api.condition} AND service IN {services:Array(String)} AND ${isInPlace}`,
    )}
)
WHERE ${entryKey} IN {keyHashes:Array(UInt64)}
GROUP BY service, name, step
HAVING sum(calls) > 0`,
});

/** Where the critical paths of the chosen APIs went. */
export const overviewTimesQuery = defineQuery({
  name: 'overviewTimes',
  isQuick: true,
  params: ofApiTypes,
  row: {
    keyHash: 'String',
    ownNs: 'Float64',
    servicesNs: 'Float64',
    databaseNs: 'Float64',
    queueNs: 'Float64',
    remoteNs: 'Float64',
  },
  sql: `
SELECT ${asText(apiKey)} AS keyHash,
  toFloat64(sumIf(critical_ns, dependency_kind = 0 AND service = api_service)) AS ownNs,
  toFloat64(sumIf(critical_ns, dependency_kind = 0 AND service != api_service)) AS servicesNs,
  toFloat64(sumIf(critical_ns, dependency_kind = 1)) AS databaseNs,
  toFloat64(sumIf(critical_ns, dependency_kind = 2)) AS queueNs,
  toFloat64(sumIf(critical_ns, dependency_kind = 3)) AS remoteNs
FROM (
    ${fromRollup('path', 'api_service, api_name, service, dependency_kind, critical_ns', `asynchronous = 0 AND ${isOfApi}`)}
)
WHERE ${apiKey} IN {keyHashes:Array(UInt64)}
GROUP BY api_service, api_name`,
});

/** On which of these hosts the chosen APIs' spans ran. */
export const overviewHostsQuery = defineQuery({
  name: 'overviewHosts',
  isQuick: true,
  params: { ...ofApiTypes, hosts: 'Array(String)' },
  row: { keyHash: 'String', host: 'LowCardinality(String)' },
  sql: `
SELECT ${asText(apiKey)} AS keyHash, host
FROM (
    ${fromRollup('path', 'api_service, api_name, host', `host IN {hosts:Array(String)} AND ${isOfApi}`)}
)
WHERE ${apiKey} IN {keyHashes:Array(UInt64)}
GROUP BY api_service, api_name, host
ORDER BY host`,
});

/** Databases and queues, as those that call them see them. */
export const overviewMiddlewareQuery = defineQuery({
  name: 'overviewMiddleware',
  isQuick: true,
  params,
  row: {
    kind: 'UInt8',
    system: 'LowCardinality(String)',
    address: 'String',
    name: 'LowCardinality(String)',
    ...redTypes,
  },
  sql: `
SELECT dependency_kind AS kind, dependency_system AS system, dependency_address AS address, dependency_name AS name, ${redColumns}
FROM (
    ${fromRollup(
      'path',
      `dependency_kind, dependency_system, if(dependency_kind = 2, '', dependency_address) AS dependency_address, dependency_name, calls, errors, max_ns, hist`,
      `dependency_kind IN (1, 2) AND ${isInPlace}`,
    )}
)
GROUP BY kind, system, address, name
HAVING requests > 0
ORDER BY requests DESC, kind, system, address, name
LIMIT 10000`,
});

export const allOverviewQueries = [
  overviewApisQuery,
  overviewTrendQuery,
  overviewTimesQuery,
  overviewHostsQuery,
  overviewMiddlewareQuery,
];
