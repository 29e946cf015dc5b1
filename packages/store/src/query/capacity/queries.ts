import { defineQuery } from '../define.ts';
import { moment, rangeTypes } from '../range.ts';
import { fromRollup, rollupStep, rollupStepTypes, rollupTypes } from '../rollup-range.ts';
import { stepIndex, stepTypes } from '../steps.ts';

/**
 * Whom a span loads: what is called a database, else the host and the service where it ran. What a CLIENT or PRODUCER span does by itself
 * is to wait: its own time is nobody's work.
 */
const places = `arrayJoin(if(dependency_kind = 1,
      [('database', if(dependency_address = '', concat(dependency_system, ' ', dependency_name), dependency_address))],
      arrayFilter(place -> place.2 != '', [('host', toString(host)), ('service', toString(service))])))`;
/** Requests that are served there, calls of a database. */
const served = 'if(dependency_kind = 1 OR kind IN (2, 5), calls, 0)';
const worked = 'if(dependency_kind = 1, total_ns, if(kind IN (3, 4), 0, self_ns))';
const columns =
  'service, host, kind, dependency_kind, dependency_system, dependency_address, dependency_name, calls, total_ns, self_ns';
const isHere = `({environment:String} = '' OR environment = {environment:String}) AND ({namespace:String} = '' OR namespace = {namespace:String})`;
const placeTypes = { environment: 'String', namespace: 'String' } as const;

/** Bounded: the busiest of more hosts, services and databases than anyone reads. */
const rowsMax = 100_000;

/** How fast requests came to each in each step: of all environments, since all of them load it. `here`: one of them was of those asked for. */
export const loadQuery = defineQuery({
  name: 'load over time',
  params: { ...rollupTypes, ...rollupStepTypes, ...placeTypes },
  row: { kind: 'String', name: 'String', step: 'UInt32', here: 'UInt8', requests: 'Float64', workNs: 'Float64' },
  sql: `
SELECT spot.1 AS kind, spot.2 AS name, step, toUInt8(max(is_here)) AS here, toFloat64(sum(came)) AS requests, toFloat64(sum(work)) AS workNs
FROM (
  SELECT ${places} AS spot, ${rollupStep} AS step, ${isHere} AS is_here, ${served} AS came, ${worked} AS work
  FROM (
    ${fromRollup('path', `time, environment, namespace, ${columns}`, 'true')}
  )
)
GROUP BY spot, step
ORDER BY requests DESC
LIMIT ${rowsMax}`,
});

/** Of all that is done in each place what is done for one API. */
export const demandQuery = defineQuery({
  name: 'demand of an API',
  params: { ...rollupTypes, ...placeTypes, service: 'String', name: 'String' },
  row: {
    kind: 'String',
    place: 'String',
    apiCalls: 'Float64',
    allCalls: 'Float64',
    apiWorkNs: 'Float64',
    workNs: 'Float64',
    apiRequests: 'Float64',
  },
  sql: `
SELECT spot.1 AS kind, spot.2 AS place, toFloat64(sum(came * is_api)) AS apiCalls, toFloat64(sum(came)) AS allCalls, toFloat64(sum(work * is_api)) AS apiWorkNs,
  toFloat64(sum(work)) AS workNs, toFloat64(sum(entered * is_api)) AS apiRequests
FROM (
  SELECT ${places} AS spot, ${served} AS came, ${worked} AS work, if(is_entry = 1 AND kind IN (2, 5), calls, 0) AS entered,
    api_service = {service:String} AND api_name = {name:String} AND api_kind IN (2, 5)
      AND ({environment:String} = '' OR api_environment = {environment:String}) AND ({namespace:String} = '' OR api_namespace = {namespace:String}) AS is_api
  FROM (
    ${fromRollup('path', `is_entry, api_service, api_name, api_kind, api_environment, api_namespace, ${columns}`, 'true')}
  )
)
GROUP BY spot
HAVING sum(is_api) > 0
LIMIT ${rowsMax}`,
});

/** Connections of the databases that a receiver asks (docs/middleware.md), and the most they may have. */
export const connectionsQuery = defineQuery({
  name: 'connections of databases',
  subqueries: 'own shard',
  params: { ...rangeTypes, ...stepTypes },
  row: { resource: 'String', step: 'UInt32', used: 'Float64', most: 'Float64' },
  sql: `
SELECT toString(resource_id) AS resource, step, sumIf(level, is_most = 0) AS used, maxIf(level, is_most = 1) AS most
FROM (
  SELECT series_id, ${stepIndex} AS step, avg(value) AS level
  FROM metric_samples
  WHERE metric IN ('postgresql.backends', 'postgresql.connection.max', 'mysql.threads', 'sonde.mysql.connection.max')
    AND timestamp >= ${moment('{fromNs:Int64}')} AND timestamp < ${moment('{toNs:Int64}')}
  GROUP BY series_id, step
) AS points
INNER JOIN (
  SELECT DISTINCT series_id, resource_id, toUInt8(metric IN ('postgresql.connection.max', 'sonde.mysql.connection.max')) AS is_most
  FROM metric_series
  WHERE metric IN ('postgresql.backends', 'postgresql.connection.max', 'sonde.mysql.connection.max')
    OR (metric = 'mysql.threads' AND attributes['kind'] = 'connected')
) AS series USING (series_id)
GROUP BY resource_id, step
HAVING most > 0
ORDER BY resource, step
LIMIT ${rowsMax}`,
});

/** Where the servers are, as the receivers were told to find them. */
export const serverAddressesQuery = defineQuery({
  name: 'addresses of servers',
  isQuick: true,
  params: { resources: 'Array(String)' },
  row: { resource: 'String', address: 'String' },
  sql: `
SELECT toString(resource_id) AS resource, any(concat(attributes['server.address'], if(attributes['server.port'] = '', '', ':'), attributes['server.port'])) AS address
FROM resources
WHERE toString(resource_id) IN {resources:Array(String)} AND attributes['server.address'] != ''
GROUP BY resource_id`,
});

export const allCapacityQueries = [loadQuery, demandQuery, connectionsQuery, serverAddressesQuery];
