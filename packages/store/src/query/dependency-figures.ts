import { defineQuery } from './define.ts';
import type { Level } from './dependency-node.ts';
import { isOfApi, type Scope, scopeTypes } from './dependency-scope.ts';
import { usualPercentilesNs } from './histograms.ts';
import { fromRollup, fromServices, rollupTypes } from './rollup-range.ts';

/** Above every bucket of a rollup. */
export const noBucket = 65_535;

const isIn = `({environment:String} = '' OR environment = {environment:String}) AND ({namespace:String} = '' OR namespace = {namespace:String})`;
const types = { ...rollupTypes, ...scopeTypes, environment: 'String', namespace: 'String', slowBucket: 'UInt16' } as const;
/** How many lie in this bucket or above. Nobody asked: no array is read. */
const slow = `toFloat64(sum(if({slowBucket:UInt16} = ${noBucket}, 0, arraySum((b, n) -> if(b >= {slowBucket:UInt16}, n, 0), hist.1, hist.2))))`;

/** What services or endpoints were asked. */
export function nodeRequestsQuery(level: Level, scope: Scope) {
  const columns = (name: string) => `service, ${name}, calls, errors, max_ns, hist`;
  const isAsked = `kind IN (2, 5) AND ${isIn}${isOfApi[scope]}`;
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
    ${level === 'service' && scope === 'all' ? fromServices(columns(`'' AS name`), isAsked) : fromRollup('path', columns(level === 'service' ? `'' AS name` : 'name'), isAsked)}
    )
)
GROUP BY service, name`,
  });
}

/** Where they run, and how much APIs needed them: requests that came there and were waited for, each once, and what critical paths spent there. */
export function nodeNeedsQuery(level: Level, scope: Scope) {
  // A request comes to a service once, however many of its endpoints it passes.
  const [name, needed, condition] =
    level === 'service'
      ? [`'' AS name`, 'requests_by_service', `${isIn}${isOfApi[scope]}`]
      : ['name', 'calls', `kind IN (2, 5) AND ${isIn}${isOfApi[scope]}`];
  return defineQuery({
    name: `needs of ${level}s, ${scope}`,
    isQuick: true,
    params: types,
    row: {
      service: 'String',
      nodeName: 'String',
      instances: 'Float64',
      hosts: 'Float64',
      apiRequests: 'Float64',
      criticalNs: 'Float64',
    },
    sql: `
SELECT CAST(service, 'String') AS service, CAST(name, 'String') AS nodeName,
  toFloat64(uniqExactIf(instance, instance != '')) AS instances, toFloat64(uniqExactIf(host, host != '')) AS hosts,
  toFloat64(sum(needed)) AS apiRequests, toFloat64(sum(waited_ns)) AS criticalNs
FROM (
    ${fromRollup(
      'path',
      `service, ${name}, instance, host, ${needed} * (asynchronous = 0) AS needed, critical_ns * (asynchronous = 0) AS waited_ns`,
      condition,
    )}
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
  const source = {
    all: fromRollup('edge', columns, `side = 0 AND dependency_kind != 0 AND ${callerIsIn}`),
    api: fromRollup('path', columns, `kind != 5 AND dependency_kind != 0 AND ${isIn}${isOfApi.api}`),
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

/** How much APIs needed them. */
export function dependencyNeedsQuery(scope: Scope) {
  return defineQuery({
    name: `needs of dependencies, ${scope}`,
    isQuick: true,
    params: types,
    row: { ...dependencyTypes, apiRequests: 'Float64', criticalNs: 'Float64' },
    sql: `
SELECT ${dependencyNames}, toFloat64(sum(needed)) AS apiRequests, toFloat64(sum(waited_ns)) AS criticalNs
FROM (
    ${fromRollup(
      'path',
      `${dependencyKeys}, requests_by_dependency * (asynchronous = 0) AS needed, critical_ns * (asynchronous = 0) AS waited_ns`,
      `dependency_kind != 0 AND ${isIn}${isOfApi[scope]}`,
    )}
)
GROUP BY ${dependencyKeys}`,
  });
}

/** All requests to APIs, and all time on critical paths. */
export function wholeQuery(scope: Scope) {
  return defineQuery({
    name: `requests and critical time of APIs, ${scope}`,
    isQuick: true,
    params: types,
    row: { apiRequests: 'Float64', criticalNs: 'Float64' },
    sql: `
SELECT toFloat64(sum(entered)) AS apiRequests, toFloat64(sum(waited_ns)) AS criticalNs
FROM (
    ${fromRollup('path', 'calls * (is_entry = 1) AS entered, critical_ns * (asynchronous = 0) AS waited_ns', `${isIn}${isOfApi[scope]}`)}
)`,
  });
}
