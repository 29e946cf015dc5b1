import type { PartKind, PathPart } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { usualPercentilesNs } from '../histograms.ts';
import type { TimeRange } from '../range.ts';
import { fromRollup, rollupRange, rollupStep, rollupSteps, rollupStepTypes, rollupTypes } from '../rollup-range.ts';
import { hashHex } from '../spans.ts';

/** Whose latency is looked into. */
export interface Symptom {
  readonly service: string;
  /** Of an endpoint; absent: all of the service. */
  readonly name?: string | undefined;
  readonly environment?: string | undefined;
  readonly namespace?: string | undefined;
}

/** The span in which a connection is waited for (@opentelemetry/instrumentation-pg; others record none), and of what system. */
const poolSpan = { name: 'pg-pool.connect', system: 'postgresql' } as const;

/** `entry`: requests enter the system by the symptom, and its path is all of theirs. `inner`: it is called; its path is that of the services below it. */
export type Reach = 'entry' | 'inner';

const symptomTypes = { service: 'String', name: 'String', environment: 'String', namespace: 'String' } as const;
const place = `({environment:String} = '' OR api_environment = {environment:String}) AND ({namespace:String} = '' OR api_namespace = {namespace:String})`;
const ofApi = `api_service = {service:String} AND ({name:String} = '' OR api_name = {name:String})`;
const isOnWay: Readonly<Record<Reach, string>> = { entry: ofApi, inner: 'service IN {services:Array(String)}' };
const isAsked: Readonly<Record<Reach, string>> = {
  entry: `is_entry = 1 AND kind IN (2, 5) AND ${ofApi}`,
  inner: `kind IN (2, 5) AND service = {service:String} AND ({name:String} = '' OR name = {name:String})`,
};

/** Requests to the symptom, and how long they took. */
export const symptomQuery = (reach: Reach) =>
  defineQuery({
    name: `symptom, ${reach}`,
    isQuick: true,
    params: { ...rollupTypes, ...symptomTypes },
    row: { requests: 'Float64', failures: 'Float64', durationsNs: 'Float64', percentilesNs: 'Array(Float64)' },
    sql: `
SELECT toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures, toFloat64(sum(total_ns)) AS durationsNs,
  ${usualPercentilesNs('requests')} AS percentilesNs
FROM (
    ${fromRollup('path', 'calls, errors, total_ns, max_ns, hist', `${isAsked[reach]} AND ${place}`)}
)`,
  });

const partKind = `multiIf(
    name = '${poolSpan.name}', 'pool',
    dependency_kind = 1, if(statement_hash = 0, 'database', 'statement'),
    dependency_kind = 2, 'queue',
    dependency_kind = 3, 'remote',
    kind = 3, 'call', 'service')`;
const partColumns = `${partKind} AS part, service, name, kind, if(part = 'pool', '${poolSpan.system}', dependency_system) AS part_system, dependency_address, dependency_name, statement_hash,
    version, instance, host, calls, errors, critical_ns * (asynchronous = 0) AS waited_ns, total_ns, messages, wait_ns, time`;
const partKey = `part, service, if(part = 'queue', '', dependency_address), dependency_name, part_system, statement_hash`;
const partRow = {
  part: 'String',
  partService: 'String',
  system: 'String',
  address: 'String',
  dependency: 'String',
  hash: 'String',
} as const;
const partTexts = `part, CAST(service, 'String') AS partService, CAST(part_system, 'String') AS system,
  CAST(if(part = 'queue', '', any(dependency_address)), 'String') AS address, CAST(dependency_name, 'String') AS dependency, ${hashHex('statement_hash')} AS hash`;

/** What each instance did in each place on the symptom's way. */
export const partsQuery = (reach: Reach) =>
  defineQuery({
    name: `path parts, ${reach}`,
    params: { ...rollupTypes, ...symptomTypes, services: 'Array(String)' },
    row: {
      ...partRow,
      version: 'LowCardinality(String)',
      instance: 'LowCardinality(String)',
      host: 'LowCardinality(String)',
      callCount: 'Float64',
      failures: 'Float64',
      criticalNs: 'Float64',
      durationsNs: 'Float64',
      served: 'Float64',
      servedFailures: 'Float64',
      servedNs: 'Float64',
      messageCount: 'Float64',
      waitNs: 'Float64',
      lastSeconds: 'UInt32',
    },
    sql: `
SELECT ${partTexts}, version, instance, host,
  toFloat64(sum(calls)) AS callCount, toFloat64(sum(errors)) AS failures, toFloat64(sum(waited_ns)) AS criticalNs,
  toFloat64(sum(total_ns)) AS durationsNs, toFloat64(sumIf(calls, kind IN (2, 5))) AS served,
  toFloat64(sumIf(errors, kind IN (2, 5))) AS servedFailures, toFloat64(sumIf(total_ns, kind IN (2, 5))) AS servedNs,
  toFloat64(sum(messages)) AS messageCount, toFloat64(sum(wait_ns)) AS waitNs, toUInt32(max(toUnixTimestamp(time))) AS lastSeconds
FROM (
  SELECT ${partColumns}
  FROM (
    ${fromRollup('path', 'time, service, name, kind, dependency_kind, dependency_system, dependency_address, dependency_name, statement_hash, version, instance, host, asynchronous, calls, errors, critical_ns, total_ns, messages, wait_ns', `${isOnWay[reach]} AND ${place}`)}
  )
)
GROUP BY ${partKey}, version, instance, host
LIMIT 50000`,
  });

/** The same over time, instances together. */
export const partLinesQuery = (reach: Reach) =>
  defineQuery({
    name: `path part lines, ${reach}`,
    params: { ...rollupTypes, ...rollupStepTypes, ...symptomTypes, services: 'Array(String)' },
    row: { ...partRow, step: 'UInt32', callCount: 'Float64', criticalNs: 'Float64', durationsNs: 'Float64', served: 'Float64' },
    sql: `
SELECT ${partTexts}, step, toFloat64(sum(calls)) AS callCount, toFloat64(sum(waited_ns)) AS criticalNs,
  toFloat64(sum(total_ns)) AS durationsNs, toFloat64(sumIf(calls, kind IN (2, 5))) AS served
FROM (
  SELECT ${partColumns}, ${rollupStep} AS step
  FROM (
    ${fromRollup('path', 'time, service, name, kind, dependency_kind, dependency_system, dependency_address, dependency_name, statement_hash, version, instance, host, asynchronous, calls, errors, critical_ns, total_ns, messages, wait_ns', `${isOnWay[reach]} AND ${place}`)}
  )
)
GROUP BY ${partKey}, step
LIMIT 200000`,
  });

/** How long the callers' spans were beyond those of the services that they called: the way there and back, and before it listened. */
export const gapsQuery = defineQuery({
  name: 'gaps between callers and callees',
  isQuick: true,
  params: { ...rollupTypes, services: 'Array(String)' },
  row: { caller: 'LowCardinality(String)', callee: 'LowCardinality(String)', gapNs: 'Float64' },
  sql: `
SELECT caller_service AS caller, callee_service AS callee,
  greatest(0, sumIf(toFloat64(total_ns), side = 0) - sumIf(toFloat64(total_ns), side = 1)) AS gapNs
FROM (
    ${fromRollup('edge', 'caller_service, callee_service, side, total_ns', `dependency_kind = 0 AND caller_service IN {services:Array(String)} AND callee_service != ''`)}
)
GROUP BY caller, callee`,
});

/** Who calls whom, everywhere in the range. */
export const callsQuery = defineQuery({
  name: 'calls between services',
  isQuick: true,
  params: rollupTypes,
  row: { caller: 'LowCardinality(String)', callee: 'LowCardinality(String)' },
  sql: `
SELECT caller_service AS caller, callee_service AS callee
FROM (
    ${fromRollup('edge', 'caller_service, callee_service', `caller_service != '' AND callee_service != ''`)}
)
GROUP BY caller, callee`,
});

const reaches = ['entry', 'inner'] as const;
const queries = {
  symptom: { entry: symptomQuery('entry'), inner: symptomQuery('inner') },
  parts: { entry: partsQuery('entry'), inner: partsQuery('inner') },
  lines: { entry: partLinesQuery('entry'), inner: partLinesQuery('inner') },
} as const;
export const allDiagnosisQueries = [
  ...reaches.flatMap((reach) => [queries.symptom[reach], queries.parts[reach], queries.lines[reach]]),
  gapsQuery,
  callsQuery,
];

export function symptomParams({ service, name = '', environment = '', namespace = '' }: Symptom) {
  return { service, name, environment, namespace };
}

export async function symptomFacts(engine: Engine, range: TimeRange, symptom: Symptom, reach: Reach) {
  const [row] = await ask(engine, queries.symptom[reach], { ...rollupRange(range).params, ...symptomParams(symptom) });
  const [p50Ns = null, p95Ns = null, p99Ns = null] = row?.percentilesNs ?? [];
  return {
    requests: row?.requests ?? 0,
    errors: row?.failures ?? 0,
    totalNs: row?.durationsNs ?? 0,
    p50Ns,
    p95Ns,
    p99Ns,
  };
}

export async function pathParts(
  engine: Engine,
  range: TimeRange,
  symptom: Symptom,
  reach: Reach,
  services: readonly string[],
): Promise<PathPart[]> {
  const { params } = rollupRange(range);
  const rows = await ask(engine, queries.parts[reach], { ...params, ...symptomParams(symptom), services });
  const parts = rows.map((row): PathPart => {
    const isCall = row.part === 'call';
    return {
      kind: row.part as PartKind,
      service: row.partService,
      version: row.version,
      instance: row.instance,
      host: row.host,
      system: row.system,
      address: row.address,
      name: row.dependency,
      hash: row.part === 'statement' ? row.hash : '',
      calls: row.callCount,
      errors: isCall ? 0 : row.failures,
      callErrors: isCall ? row.failures : 0,
      criticalNs: row.criticalNs,
      totalNs: row.durationsNs,
      served: row.served,
      servedErrors: row.servedFailures,
      servedNs: row.servedNs,
      messages: row.messageCount,
      waitNs: row.waitNs,
      lastSeenMs: row.lastSeconds * 1000,
    };
  });
  const callers = [...new Set(parts.filter(({ kind }) => kind === 'call').map(({ service }) => service))];
  const gaps = callers.length === 0 ? [] : await ask(engine, gapsQuery, { ...params, services: callers });
  return parts.flatMap((part) => (part.kind === 'call' ? towardsCallees(part, gaps) : [part]));
}

/** The time of a call beyond that of the called belongs to the called: in the proportions of the gaps to each. */
function towardsCallees(call: PathPart, gaps: readonly { caller: string; callee: string; gapNs: number }[]): PathPart[] {
  const own = gaps.filter(({ caller }) => caller === call.service);
  const total = own.reduce((sum, { gapNs }) => sum + gapNs, 0);
  // That a call failed is the caller's to tell.
  const failed: PathPart = { ...call, kind: 'service', calls: 0, criticalNs: 0, totalNs: 0, address: '', system: '', name: '' };
  if (total === 0) return [{ ...failed, criticalNs: call.criticalNs }];
  const towards = own.map(({ callee, gapNs }): PathPart => {
    const part = gapNs / total;
    return {
      ...call,
      service: callee,
      name: call.service,
      version: '',
      instance: '',
      host: '',
      calls: call.calls * part,
      callErrors: 0,
      criticalNs: call.criticalNs * part,
      totalNs: call.totalNs * part,
    };
  });
  return [failed, ...towards];
}

export interface PartLine {
  readonly kind: PartKind;
  readonly service: string;
  readonly system: string;
  readonly address: string;
  readonly name: string;
  readonly hash: string;
  readonly step: number;
  readonly calls: number;
  readonly criticalNs: number;
  readonly totalNs: number;
  readonly served: number;
}

const stepsMax = 60;

/** Each part over a range, and the range's steps. */
export async function partLines(engine: Engine, range: TimeRange, symptom: Symptom, reach: Reach, services: readonly string[]) {
  const asked = rollupRange(range);
  const steps = rollupSteps(asked, stepsMax);
  const rows = await ask(engine, queries.lines[reach], {
    ...asked.params,
    ...steps.params,
    ...symptomParams(symptom),
    services,
  });
  const lines = rows.map((row): PartLine => ({
    kind: row.part as PartKind,
    service: row.partService,
    system: row.system,
    address: row.address,
    name: row.dependency,
    hash: row.part === 'statement' ? row.hash : '',
    step: row.step,
    calls: row.callCount,
    criticalNs: row.criticalNs,
    totalNs: row.durationsNs,
    served: row.served,
  }));
  return { steps, lines };
}
