import { defineQuery } from './define.ts';
import type { Level } from './dependency-node.ts';
import { usualPercentilesNs } from './histograms.ts';
import { fromRollup, fromServices, rollupTypes } from './rollup-range.ts';

const isIn = `({environment:String} = '' OR environment = {environment:String}) AND ({namespace:String} = '' OR namespace = {namespace:String})`;
const types = { ...rollupTypes, environment: 'String', namespace: 'String' } as const;

/** What services or endpoints were asked. */
export function nodeRequestsQuery(level: Level) {
  const columns = (name: string) => `service, ${name}, calls, errors, max_ns, hist`;
  const isAsked = `kind IN (2, 5) AND ${isIn}`;
  return defineQuery({
    name: `requests of ${level}s`,
    isQuick: true,
    params: types,
    row: { service: 'String', nodeName: 'String', requests: 'Float64', errors: 'Float64', percentilesNs: 'Array(Float64)' },
    sql: `
SELECT CAST(service, 'String') AS service, CAST(name, 'String') AS nodeName,
  toFloat64(sum(calls)) AS requests, toFloat64(sum(failed)) AS errors, ${usualPercentilesNs('requests')} AS percentilesNs
FROM (
    SELECT * EXCEPT errors, errors AS failed FROM (
    ${level === 'service' ? fromServices(columns(`'' AS name`), isAsked) : fromRollup('path', columns('name'), isAsked)}
    )
)
GROUP BY service, name`,
  });
}

/** Where they run, and how much APIs needed them: requests that came there and were waited for, each once, and what critical paths spent there. */
export function nodeNeedsQuery(level: Level) {
  // A request comes to a service once, however many of its endpoints it passes.
  const [name, needed, condition] =
    level === 'service' ? [`'' AS name`, 'requests_by_service', isIn] : ['name', 'calls', `kind IN (2, 5) AND ${isIn}`];
  return defineQuery({
    name: `needs of ${level}s`,
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

/** What databases, queues and remotes were asked, by their callers' spans: of a queue those that publish. */
export const dependencyRequestsQuery = defineQuery({
  name: 'requests of dependencies',
  isQuick: true,
  params: types,
  row: { ...dependencyTypes, requests: 'Float64', errors: 'Float64', percentilesNs: 'Array(Float64)' },
  sql: `
SELECT ${dependencyNames}, toFloat64(sum(calls)) AS requests, toFloat64(sum(failed)) AS errors, ${usualPercentilesNs('requests')} AS percentilesNs
FROM (
    ${fromRollup(
      'edge',
      `${dependencyKeys}, calls, errors AS failed, max_ns, hist`,
      `side = 0 AND dependency_kind != 0 AND ({environment:String} = '' OR caller_environment = {environment:String}) AND ({namespace:String} = '' OR caller_namespace = {namespace:String})`,
    )}
)
GROUP BY ${dependencyKeys}`,
});

/** How much APIs needed them. */
export const dependencyNeedsQuery = defineQuery({
  name: 'needs of dependencies',
  isQuick: true,
  params: types,
  row: { ...dependencyTypes, apiRequests: 'Float64', criticalNs: 'Float64' },
  sql: `
SELECT ${dependencyNames}, toFloat64(sum(needed)) AS apiRequests, toFloat64(sum(waited_ns)) AS criticalNs
FROM (
    ${fromRollup(
      'path',
      `${dependencyKeys}, requests_by_dependency * (asynchronous = 0) AS needed, critical_ns * (asynchronous = 0) AS waited_ns`,
      `dependency_kind != 0 AND ${isIn}`,
    )}
)
GROUP BY ${dependencyKeys}`,
});

/** All requests to APIs, and all time on critical paths. */
export const wholeQuery = defineQuery({
  name: 'requests and critical time of all APIs',
  isQuick: true,
  params: types,
  row: { apiRequests: 'Float64', criticalNs: 'Float64' },
  sql: `
SELECT toFloat64(sum(entered)) AS apiRequests, toFloat64(sum(waited_ns)) AS criticalNs
FROM (
    ${fromRollup('path', 'calls * (is_entry = 1) AS entered, critical_ns * (asynchronous = 0) AS waited_ns', isIn)}
)`,
});
