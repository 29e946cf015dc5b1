import { defineQuery } from './define.ts';
import type { Level } from './dependency-node.ts';
import { isOfApi, isShown, type Scope, scopeTypes, shownTypes } from './dependency-scope.ts';
import { usualPercentilesNs } from './histograms.ts';
import { fromRollup, fromServices, rollupTypes } from './rollup-range.ts';

/** Above every bucket of a rollup. */
export const noBucket = 65_535;

const isIn = `({environment:String} = '' OR environment = {environment:String}) AND ({namespace:String} = '' OR namespace = {namespace:String})`;
const placeTypes = { ...rollupTypes, ...scopeTypes, environment: 'String', namespace: 'String' } as const;
const types = { ...placeTypes, ...shownTypes, slowBucket: 'UInt16' } as const;
/** How many lie in this bucket or above. Nobody asked: no array is read. */
const slow = `toFloat64(sum(if({slowBucket:UInt16} = ${noBucket}, 0, arraySum((b, n) -> if(b >= {slowBucket:UInt16}, n, 0), hist.1, hist.2))))`;

/** Only paths know for which API something was done. */
const work = { all: 'operation', api: 'path' } as const;

/** What services or endpoints were asked. */
export function nodeRequestsQuery(level: Level, scope: Scope) {
  const columns = (name: string) => `service, ${name}, calls, errors, max_ns, hist`;
  const isAsked = `kind IN (2, 5) AND ${isIn} AND ${isShown[level]}${isOfApi[scope]}`;
  return defineQuery({
    name: `requests of ${level}s, ${scope}`,
    isQuick: true,
    params: types,
    row: {
      service: 'String',
      nodeName: 'String',
      requests: 'Float64',
      errors: 'Float64',
      slow: 'Float64',
      percentilesNs: 'Array(Float64)',
    },
    sql: `
SELECT CAST(service, 'String') AS service, CAST(name, 'String') AS nodeName,
  toFloat64(sum(calls)) AS requests, toFloat64(sum(failed)) AS errors, ${slow} AS slow,
  ${usualPercentilesNs('requests')} AS percentilesNs
FROM (
    SELECT * EXCEPT errors, errors AS failed FROM (
    ${level === 'service' && scope === 'all' ? fromServices(columns(`'' AS name`), isAsked) : fromRollup(work[scope], columns(level === 'service' ? `'' AS name` : 'name'), isAsked)}
    )
)
GROUP BY service, name`,
  });
}

/** Where they run. */
export function nodePlacesQuery(level: Level, scope: Scope) {
  const source = level === 'service' && scope === 'all' ? 'instance' : 'path';
  const [name, isAsked] = level === 'service' ? [`'' AS name`, isIn] : ['name', `kind IN (2, 5) AND ${isIn}`];
  return defineQuery({
    name: `places of ${level}s, ${scope}`,
    isQuick: true,
    params: { ...placeTypes, ...shownTypes },
    row: { service: 'String', nodeName: 'String', instances: 'Float64', hosts: 'Float64' },
    sql: `
SELECT CAST(service, 'String') AS service, CAST(name, 'String') AS nodeName,
  toFloat64(uniqExactIf(instance, instance != '')) AS instances, toFloat64(uniqExactIf(host, host != '')) AS hosts
FROM (
    ${fromRollup(source, `service, ${name}, instance, host`, `${isAsked} AND ${isShown[level]}${isOfApi[scope]}`)}
)
GROUP BY service, name`,
  });
}

const dependencyKeys = 'dependency_kind, dependency_system, dependency_address, dependency_name';
const dependencyNames = `dependency_kind AS dependencyKind, CAST(dependency_system, 'String') AS system, CAST(dependency_address, 'String') AS address,
  CAST(dependency_name, 'String') AS dependencyName`;
const dependencyTypes = { dependencyKind: 'UInt8', system: 'String', address: 'String', dependencyName: 'String' } as const;
const callerIsIn = isIn.replaceAll('environment =', 'caller_environment =').replaceAll('namespace =', 'caller_namespace =');

/** What databases, queues and remotes were asked, by their callers' spans: of a queue those that publish. Edges are fewer, but know no API. */
export function dependencyRequestsQuery(scope: Scope) {
  const columns = `${dependencyKeys}, calls, errors AS failed, max_ns, hist`;
  const isAsked = `dependency_kind != 0 AND ${isShown.dependency}`;
  const source = {
    all: fromRollup('edge', columns, `side = 0 AND ${isAsked} AND ${callerIsIn}`),
    api: fromRollup('path', columns, `kind != 5 AND ${isAsked} AND ${isIn}${isOfApi.api}`),
  }[scope];
  return defineQuery({
    name: `requests of dependencies, ${scope}`,
    isQuick: true,
    params: types,
    row: { ...dependencyTypes, requests: 'Float64', errors: 'Float64', slow: 'Float64', percentilesNs: 'Array(Float64)' },
    sql: `
SELECT ${dependencyNames}, toFloat64(sum(calls)) AS requests, toFloat64(sum(failed)) AS errors, ${slow} AS slow,
  ${usualPercentilesNs('requests')} AS percentilesNs
FROM (
    ${source}
)
GROUP BY ${dependencyKeys}`,
  });
}

/** What a row of needs is of. */
export const needOf = { node: 0, dependency: 1, whole: 2 } as const;

/**
 * How much APIs needed services or endpoints, and what these used: requests that came there and were waited for, each once, and what critical
 * paths spent there; and of the whole all requests to APIs, and all time on critical paths. In one question, for planning is half of each.
 */
export function needsQuery(level: Level, scope: Scope) {
  // A request comes to a service once, however many of its endpoints it passes.
  const [isNode, name, came] =
    level === 'service'
      ? [isShown.service, `''`, 'requests_by_service']
      : [`kind IN (2, 5) AND ${isShown.endpoint}`, `if(is_node, name, '')`, 'calls'];
  return defineQuery({
    name: `needs of ${level}s, ${scope}`,
    isQuick: true,
    params: { ...placeTypes, ...shownTypes },
    row: {
      of: 'UInt8',
      service: 'String',
      nodeName: 'String',
      ...dependencyTypes,
      apiRequests: 'Float64',
      criticalNs: 'Float64',
    },
    sql: `
SELECT toUInt8(multiIf(grouping(node_service) = 0, ${needOf.node}, grouping(dependency_kind) = 0, ${needOf.dependency}, ${needOf.whole})) AS of,
  CAST(node_service, 'String') AS service, CAST(node_name, 'String') AS nodeName, ${dependencyNames},
  toFloat64(multiIf(of = ${needOf.node}, sum(node_needed), of = ${needOf.dependency}, sum(dependency_needed), sum(entered))) AS apiRequests,
  toFloat64(if(of = ${needOf.node}, sum(node_waited_ns), sum(waited_ns))) AS criticalNs
FROM (
    ${fromRollup(
      work[scope],
      `${isNode} AS is_node, if(is_node, service, '') AS node_service, ${name} AS node_name, ${dependencyKeys}, critical_ns * (asynchronous = 0) AS waited_ns,
      is_node * ${came} * (asynchronous = 0) AS node_needed, is_node * waited_ns AS node_waited_ns,
      requests_by_dependency * (asynchronous = 0) AS dependency_needed, calls * (is_entry = 1) AS entered`,
      `${isIn}${isOfApi[scope]}`,
    )}
)
GROUP BY GROUPING SETS ((node_service, node_name), (${dependencyKeys}), ())`,
  });
}
