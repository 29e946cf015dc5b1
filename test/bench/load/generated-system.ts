/**
 * A system of 200 services made inside the engine: requests to 400 APIs, each a trace of ten spans over four services, two databases and
 * a cache, with random ids. What the settler would say of them follows from how they are made, so that the rollups can be filled for a
 * hundred million spans in minutes; test/bench/query.ts lets the settler check a piece of it.
 *
 *     0 S entry  |========================================|
 *     1 C          |======================|
 *     2 S one       |====================|
 *     3 C db         |===|
 *     4 C                   |==========|
 *     5 S two                |========|
 *     6 C db                  |==|
 *     7 C redis                   |=|
 *     8 C                                     |==========|
 *     9 S three                                |========|
 */
import { bucketOf } from '../../../packages/store/src/query/spans.ts';

export const spansPerTrace = 10;
const begins = [0, 0.05, 0.07, 0.1, 0.25, 0.27, 0.3, 0.42, 0.65, 0.67];
const lasts = [1, 0.55, 0.5, 0.1, 0.28, 0.24, 0.1, 0.05, 0.3, 0.25];
const list = (values: readonly number[]) => `[${values.join(', ')}]`;
const word = (n: string) => `concat(char(97 + ${n} % 26), char(97 + intDiv(${n}, 26) % 26))`;

export interface Generated {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the whole system. */
  readonly spans: number;
}

const service = (place: string) =>
  `multiIf(${place} IN (0, 1, 8), entry_service, ${place} IN (2, 3, 4), one_service, ${place} IN (5, 6, 7), two_service, three_service)`;
const replicaOf = (place: string) => `cityHash64(trace, ${service(place)}) % 3`;
const host = (place: string) => `cityHash64(${service(place)}, ${replicaOf(place)}) % 60`;
const endpoint = (place: string) =>
  `if(${place} = 0, concat('GET /api/v1/resource/', toString(api)), concat('POST /internal/', ${word(`cityHash64(api, ${place})`)}))`;

/** The services of an API. */
const services = `api % 40 AS entry_service, 40 + cityHash64(api, 1) % 53 AS one_service, 93 + cityHash64(api, 2) % 53 AS two_service,
    146 + cityHash64(api, 3) % 54 AS three_service, ${service('place')} AS service_number`;

/** Everything that has a name, from `api`, `place` and `replica` and what `services` makes of them. */
const names = `concat('service-', toString(service_number)) AS service,
  concat('service-', toString(service_number), '-', toString(replica)) AS instance,
  concat('host-', toString(cityHash64(service_number, replica) % 60)) AS host,
  if(place IN (0, 2, 5, 9), 2, 3) AS kind, kind = 2 AS is_server, place IN (3, 6, 7) AS is_database,
  concat(${word('service_number')}, '_', ${word('cityHash64(api, place)')}) AS database_table,
  multiIf(is_server, ${endpoint('place')}, place = 7, 'HGET', place IN (3, 6), concat('SELECT ', database_table), 'POST') AS name,
  if(place = 7, 'redis', if(is_database, 'postgresql', '')) AS db_system,
  multiIf(place = 7, concat('cache-', toString(service_number % 10)), is_database, concat('db-', toString(service_number % 20)), '') AS db_host,
  multiIf(place = 7, 6379, is_database, 5432, 0) AS db_port,
  multiIf(place = 7, 'HGET', is_database, concat('SELECT * FROM ', database_table, ' WHERE id = ?'), '') AS statement_text,
  toUInt64(if(statement_text = '', 0, sipHash64(statement_text))) AS statement_key,
  ${endpoint('toUInt8(0)')} AS entry_name, ${endpoint('toUInt8(2)')} AS one_name, ${endpoint('toUInt8(5)')} AS two_name, ${endpoint('toUInt8(9)')} AS three_name`;

/** One row for each span from the number `from` on, in numbers. */
function source({ fromMs, spans, toMs }: Generated, from: number, count: number): string {
  const traceNs = Math.floor(((toMs - fromMs) * 1e6) / (spans / spansPerTrace));
  const duration = (place: number) => `toInt64(whole_ns * ${lasts[place]})`;
  const minus = (place: number, ...children: readonly number[]) => [duration(place), ...children.map(duration)].join(' - ');
  return `
  SELECT number AS n, intDiv(number, ${spansPerTrace}) AS trace, number % ${spansPerTrace} AS place,
    cityHash64(trace) AS seed, toUInt32(400 * pow((seed % 1000000) / 1000000, 2)) AS api,
    ${services}, ${replicaOf('place')} AS replica,
    5000000 * exp((cityHash64(api, 9) % 1000) / 250) AS usual_ns,
    usual_ns * exp((cityHash64(trace, 11) % 1000 + cityHash64(trace, 12) % 1000 + cityHash64(trace, 13) % 1000) / 1000 - 1.5)
      * if(seed % 97 = 0, 5, 1) AS whole_ns,
    toInt64(${fromMs} * 1000000 + trace * ${traceNs}) AS trace_ns,
    trace_ns + toInt64(whole_ns * ${list(begins)}[place + 1]) AS start_ns,
    toInt64(whole_ns * ${list(lasts)}[place + 1]) AS length_ns,
    [${[minus(0, 1, 8), minus(1, 2), minus(2, 3, 4), duration(3), minus(4, 5), minus(5, 6, 7), duration(6), duration(7), minus(8, 9), duration(9)].join(', ')}][place + 1] AS own_ns,
    (seed % 101 = 0 AND place IN (8, 9)) OR (seed % 202 = 0 AND place = 0) AS failed,
    seed % 202 = 0 AS entry_failed,
    ${host('toUInt8(0)')} AS entry_host, ${host('toUInt8(2)')} AS one_host, ${host('toUInt8(5)')} AS two_host, ${host('place')} AS host_number
  FROM numbers_mt(${from}, ${count})`;
}

const common = `'http.request.method', 'GET', 'url.scheme', 'http', 'network.protocol.version', '1.1'`;

/** Ten attributes of a request, eight of a call, six of a statement; one in a span is an id. */
const attributes = `multiIf(
    is_server, map(${common}, 'http.route', name, 'url.path', concat('/', toString(cityHash64(n) % 100000)), 'http.response.status_code', status, 'server.address', service,
      'server.port', '8080', 'user.id', concat('u', toString(cityHash64(trace, 21) % 1000000)), 'user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64)'),
    is_database, map('db.system.name', db_system, 'db.namespace', 'shop', 'db.query.text', if(place = 7, concat('HGET cart:', toString(n % 1000), ' total'),
      concat('SELECT * FROM ', database_table, ' WHERE id = ', toString(n % 100000))), 'server.address', db_host, 'server.port', toString(db_port), 'db.operation.name', if(place = 7, 'HGET', 'SELECT')),
    map(${common}, 'url.full', concat('http://service/', toString(cityHash64(n) % 100000)), 'http.response.status_code', status, 'server.address', 'service', 'server.port', '8080', 'user.tier', ['free', 'plus', 'pro'][seed % 3 + 1]))`;

export function insertSpans(system: Generated, from: number, count: number): string {
  return `
INSERT INTO spans (timestamp, received_at, loaded_at, duration_ns, trace_id, span_id, parent_span_id, name, kind, status_code, service, version, instance, host,
  environment, resource_id, scope_name, attributes, attribute_types, http_request_method, http_route, http_status_code, server_address, server_port, db_system, db_namespace,
  db_operation, db_collection, messaging_system, messaging_destination)
SELECT fromUnixTimestamp64Nano(start_ns, 'UTC'), fromUnixTimestamp64Milli(intDiv(start_ns + length_ns, 1000000) + 2000, 'UTC'),
  toDateTime(intDiv(start_ns + length_ns, 1000000000) + 3, 'UTC'), toUInt64(length_ns),
  toFixedString(reinterpretAsString(sipHash128(trace, 1)), 16), toFixedString(reinterpretAsString(sipHash64(n, 2)), 8),
  if(place = 0, toFixedString('', 8), toFixedString(reinterpretAsString(sipHash64(n - place + [0, 0, 1, 2, 2, 4, 5, 5, 0, 8][place + 1], 2)), 8)),
  name, kind, if(failed, 2, 0), service, '1.4.2', instance, host, 'production', cityHash64(service, replica), '@opentelemetry/instrumentation-http',
  ${attributes.replaceAll(', status,', `, if(failed, '500', '200'),`)}, 'ssssssssss',
  if(is_database, '', 'GET'), if(is_server, name, ''), toUInt16(if(is_database, 0, if(failed, 500, 200))),
  multiIf(is_database, db_host, is_server, service, 'service'), toUInt16(if(is_database, db_port, 8080)),
  db_system, if(is_database, 'shop', ''), multiIf(place = 7, 'HGET', is_database, 'SELECT', ''), '', '', ''
FROM (SELECT *, ${names} FROM (${source(system, from, count)}))
SETTINGS max_partitions_per_insert_block = 0, max_insert_threads = 2`;
}

const bucket = `toUInt16(${bucketOf('toUInt64(length_ns)', 8)})`;

/** What the spans of a minute add up to by API, place in its trace, instance and bucket: numbers first, a name for each group afterwards. */
function summed(system: Generated, from: number, count: number, sums: string, condition: string): string {
  return `
  SELECT *, ${services}, ${names}
  FROM (
    SELECT toStartOfMinute(fromUnixTimestamp64Nano(start_ns, 'UTC')) AS time, api, place, replica, ${bucket} AS bucket,
      count() AS c, countIf(failed) AS e, sum(toUInt64(length_ns)) AS t, max(toUInt64(length_ns)) AS m, ${sums}
    FROM (${source(system, from, count)})
    WHERE ${condition}
    GROUP BY time, api, place, replica, bucket
  )`;
}

/** What the settler would write into `path_minutes`. */
export function insertPaths(system: Generated, from: number, count: number): string {
  const keys =
    'time, api_service, api_name, is_entry, service, name, kind, dependency_kind, dependency_system, dependency_address, dependency_name, statement_hash, instance, host';
  const isFirstOnHost = `place = 0 OR (place = 2 AND host_number != entry_host) OR (place = 5 AND host_number NOT IN (entry_host, one_host))
      OR (place = 9 AND host_number NOT IN (entry_host, one_host, two_host))`;
  return `
INSERT INTO path_minutes (${keys}, api_kind, api_environment, environment, version, calls, errors, total_ns, self_ns, critical_ns,
  requests_by_service, requests_by_host, requests_by_dependency, max_ns, hist, error_hist)
SELECT time, concat('service-', toString(entry_service)) AS api_service, entry_name AS api_name, place = 0 AS is_entry, service, name, kind,
  is_database AS dependency_kind, db_system AS dependency_system, if(is_database, concat(db_host, ':', toString(db_port)), '') AS dependency_address,
  if(is_database, 'shop', '') AS dependency_name, statement_key AS statement_hash, instance, host,
  2, 'production', 'production', '1.4.2', sum(c), sum(e), sum(t), sum(o), sum(o), if(is_server, sum(c), 0), sum(by_host), if(is_database, sum(c), 0), max(m),
  (groupArray(bucket), groupArray(c)), (groupArrayIf(bucket, e > 0), groupArrayIf(e, e > 0))
FROM (${summed(system, from, count, `sum(toUInt64(own_ns)) AS o, countIf(${isFirstOnHost}) AS by_host`, '1')}
)
GROUP BY ${keys}, is_server, is_database
SETTINGS max_insert_threads = 2`;
}

/** What it would write into `edge_minutes`. */
export function insertEdges(system: Generated, from: number, count: number): string {
  const keys =
    'time, caller_service, caller_name, callee_service, callee_name, dependency_kind, dependency_system, dependency_address, dependency_name, caller_environment, callee_environment, side';
  const serviceNamed = (number: string) => `concat('service-', toString(${number}))`;
  return `
INSERT INTO edge_minutes (${keys}, calls, errors, caller_errors, total_ns, critical_ns, max_ns, hist)
SELECT time,
  ${serviceNamed('multiIf(place IN (1, 2, 8, 9), entry_service, place IN (3, 4, 5), one_service, two_service)')} AS caller_service,
  multiIf(place IN (1, 2, 8, 9), entry_name, place IN (3, 4, 5), one_name, two_name) AS caller_name,
  if(is_database, '', ${serviceNamed('multiIf(place IN (1, 2), one_service, place IN (4, 5), two_service, three_service)')}) AS callee_service,
  multiIf(is_database, '', place IN (1, 2), one_name, place IN (4, 5), two_name, three_name) AS callee_name,
  is_database AS dependency_kind, db_system AS dependency_system, if(is_database, concat(db_host, ':', toString(db_port)), '') AS dependency_address,
  if(is_database, 'shop', '') AS dependency_name, 'production' AS caller_environment, if(is_database, '', 'production') AS callee_environment,
  kind = 2 AS side, sum(c), sum(e), sum(ce), sum(t), sum(t), max(m), (groupArray(bucket), groupArray(c))
FROM (${summed(system, from, count, 'countIf(failed AND entry_failed) AS ce', 'place != 0')}
)
GROUP BY ${keys}
SETTINGS max_insert_threads = 2`;
}

export const insertStatements = `INSERT INTO statements (statement_hash, statement, first_seen)
SELECT statement_hash, any(statement), toDateTime(min(timestamp), 'UTC') FROM spans WHERE statement_hash != 0 GROUP BY statement_hash`;
