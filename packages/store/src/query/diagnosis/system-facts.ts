/** What everything served and asked for, whoever's request it was: for what changed in the whole system. */
import { idlePart, type PathPart, type SystemFacts } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import type { TimeRange } from '../range.ts';
import { isInService, placeParams, type Place } from '../ranked.ts';
import { fromRollup, rollupRange, rollupTypes } from '../rollup-range.ts';
import { partKey, partKind, partRow, partTexts, poolSpan } from './part-columns.ts';
import { hostFacts } from './resource-facts.ts';

export const serviceTypes = { service: 'String', environment: 'String', namespace: 'String' } as const;
export const isDependency = `dependency_kind != 0 AND name != '${poolSpan.name}'`;
export const dependencyColumns = `${partKind} AS part, service, kind, dependency_system AS part_system, dependency_address, dependency_name, statement_hash,
    calls, errors, total_ns, messages, wait_ns`;
export const dependencyRaw = `time, service, name, kind, dependency_kind, dependency_system, dependency_address, dependency_name, statement_hash, calls, errors, total_ns, messages, wait_ns`;

/** What each instance of each version served. */
export const servedQuery = defineQuery({
  name: 'served by instances',
  isQuick: true,
  params: { ...rollupTypes, ...serviceTypes },
  row: {
    service: 'LowCardinality(String)',
    version: 'LowCardinality(String)',
    instance: 'LowCardinality(String)',
    host: 'LowCardinality(String)',
    served: 'Float64',
    failures: 'Float64',
    durationsNs: 'Float64',
    firstSeconds: 'UInt32',
    lastSeconds: 'UInt32',
  },
  sql: `
SELECT service, version, instance, host, toFloat64(sum(calls)) AS served, toFloat64(sum(errors)) AS failures,
  toFloat64(sum(total_ns)) AS durationsNs, toUInt32(min(toUnixTimestamp(time))) AS firstSeconds, toUInt32(max(toUnixTimestamp(time))) AS lastSeconds
FROM (
    ${fromRollup('path', 'time, service, version, instance, host, calls, errors, total_ns', `kind IN (2, 5) AND ${isInService}`)}
)
GROUP BY service, version, instance, host
LIMIT 50000`,
});

/** What each service asked of each dependency; messages that it read apart from those that it sent. */
export const askedQuery = defineQuery({
  name: 'asked of dependencies',
  isQuick: true,
  params: { ...rollupTypes, ...serviceTypes },
  row: {
    ...partRow,
    callCount: 'Float64',
    failures: 'Float64',
    durationsNs: 'Float64',
    messageCount: 'Float64',
    waitNs: 'Float64',
  },
  sql: `
SELECT ${partTexts}, toFloat64(sum(calls)) AS callCount, toFloat64(sum(errors)) AS failures, toFloat64(sum(total_ns)) AS durationsNs,
  toFloat64(sum(messages)) AS messageCount, toFloat64(sum(wait_ns)) AS waitNs
FROM (
  SELECT ${dependencyColumns}
  FROM (
    ${fromRollup('operation', dependencyRaw, `${isDependency} AND ${isInService}`)}
  )
)
GROUP BY ${partKey}, kind = 5
LIMIT 50000`,
});

const isInCaller = (['environment', 'namespace'] as const)
  .map((column) => `({${column}:String} = '' OR caller_${column} = {${column}:String})`)
  .join(' AND ');

/** Calls to services that failed, and their caller too, by who called. */
export const failedCallsQuery = defineQuery({
  name: 'failed calls between services',
  isQuick: true,
  params: { ...rollupTypes, environment: 'String', namespace: 'String' },
  row: { service: 'LowCardinality(String)', failures: 'Float64' },
  sql: `
SELECT caller_service AS service, toFloat64(sum(caller_errors)) AS failures
FROM (
    ${fromRollup('edge', 'caller_service, caller_errors', `side = 0 AND dependency_kind = 0 AND ${isInCaller}`)}
)
GROUP BY caller_service
HAVING failures > 0
LIMIT 50000`,
});

async function servedParts(engine: Engine, range: TimeRange, place: Place): Promise<PathPart[]> {
  const rows = await ask(engine, servedQuery, { ...rollupRange(range).params, ...placeParams(place) });
  return rows.map(({ durationsNs, failures, firstSeconds, host, instance, lastSeconds, served, service, version }) => ({
    ...idlePart,
    kind: 'service',
    service,
    version,
    instance,
    host,
    served,
    servedErrors: failures,
    servedNs: durationsNs,
    firstSeenMs: firstSeconds * 1000,
    lastSeenMs: lastSeconds * 1000,
  }));
}

async function failedCallParts(engine: Engine, range: TimeRange, place: Place): Promise<PathPart[]> {
  const rows = await ask(engine, failedCallsQuery, { ...rollupRange(range).params, ...placeParams(place) });
  return rows.map(({ failures, service }) => ({ ...idlePart, kind: 'service', service, callErrors: failures }));
}

export async function dependencyParts(engine: Engine, range: TimeRange, place: Place): Promise<PathPart[]> {
  const rows = await ask(engine, askedQuery, { ...rollupRange(range).params, ...placeParams(place) });
  return rows.map((row) => ({
    ...idlePart,
    kind: row.part as PathPart['kind'],
    service: row.partService,
    system: row.system,
    address: row.address,
    name: row.dependency,
    hash: row.part === 'statement' ? row.hash : '',
    calls: row.callCount,
    errors: row.failures,
    totalNs: row.durationsNs,
    messages: row.messageCount,
    waitNs: row.waitNs,
  }));
}

/** Of one place only the hosts that it runs on. */
export async function systemFacts(engine: Engine, range: TimeRange, place: Place): Promise<SystemFacts> {
  const [served, asked, failed] = await Promise.all([
    servedParts(engine, range, place),
    dependencyParts(engine, range, place),
    failedCallParts(engine, range, place),
  ]);
  const isEverywhere = !place.environment && !place.namespace;
  const own = [...new Set(served.map(({ host }) => host).filter((host) => host !== ''))];
  const hosts = await hostFacts(engine, range, isEverywhere ? 'all' : own);
  return { ...range, symptom: { requests: 1 }, parts: [...served, ...asked, ...failed], hosts };
}
