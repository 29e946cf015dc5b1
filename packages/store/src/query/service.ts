import type { Series, ServiceDetail, ServiceInstance } from '@sonde/api';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { groupBy } from './group-by.ts';
import { cpuUtilization, cpuUtilizationOverTime } from './host-cpu.ts';
import { type Presence, presence } from './presence.ts';
import { rangeParams, rangeTypes, spansInRange, type TimeRange } from './range.ts';
import { runtimeSeries } from './runtime.ts';
import { red, services } from './services.ts';
import { hasFailed, isRequest, usualPercentiles } from './spans.ts';
import { fillSteps, stepIndex, stepParams, type Steps, stepSeconds, stepsOf, stepTypes } from './steps.ts';

const isAsked = `${spansInRange} AND ${isRequest} AND service = {service:String}`;

export const instanceRequestsQuery = defineQuery({
  name: 'instanceRequests',
  params: { ...rangeTypes, service: 'String' },
  row: {
    instance: 'LowCardinality(String)',
    host: 'LowCardinality(String)',
    version: 'LowCardinality(String)',
    requests: 'Float64',
    errors: 'Float64',
    percentilesNs: 'Array(Float64)',
  },
  sql: `
SELECT instance, host, version, toFloat64(count()) AS requests, toFloat64(countIf(${hasFailed})) AS errors,
  ${usualPercentiles('duration_ns')} AS percentilesNs
FROM spans
WHERE ${isAsked}
GROUP BY instance, host, version`,
});

export const requestsOverTimeQuery = defineQuery({
  name: 'requestsOverTime',
  params: { ...rangeTypes, ...stepTypes, service: 'String' },
  row: { step: 'UInt32', requests: 'Float64', errors: 'Float64', percentilesNs: 'Array(Float64)' },
  sql: `
SELECT ${stepIndex} AS step, toFloat64(count()) AS requests, toFloat64(countIf(${hasFailed})) AS errors,
  ${usualPercentiles('duration_ns')} AS percentilesNs
FROM spans
WHERE ${isAsked}
GROUP BY step`,
});

/** Agents send every ten seconds; a step that is shorter than a few of these would show their rhythm. */
export const metricStepMsMin = 30_000;

/** undefined: no such service sent anything in the range. */
export async function service(engine: Engine, range: TimeRange, name: string): Promise<ServiceDetail | undefined> {
  const steps = stepsOf(range, metricStepMsMin);
  const params = { ...rangeParams(range), service: name };
  const [[summary], present, instances, overTime, runtime] = await Promise.all([
    services(engine, range, name),
    presence(engine, range, { service: name }),
    ask(engine, instanceRequestsQuery, params),
    ask(engine, requestsOverTimeQuery, { ...params, ...stepParams(steps) }),
    runtimeSeries(engine, range, steps, name),
  ]);
  if (summary === undefined) return undefined;
  const [hostCpu, meanCpu] = await Promise.all([
    cpuUtilizationOverTime(engine, range, steps, summary.hosts),
    cpuUtilization(engine, range, summary.hosts),
  ]);
  return {
    range,
    summary,
    instances: instanceList(present, instances, meanCpu),
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    rates: rates(range, steps, overTime),
    latency: latency(steps, overTime),
    hostCpu: [...hostCpu].map(([host, values]) => ({ name: host, unit: '1', values })),
    runtime,
  };
}

type InstanceRequests = Awaited<ReturnType<typeof ask<typeof instanceRequestsQuery.params, typeof instanceRequestsQuery.row>>>;
type OverTime = Awaited<ReturnType<typeof ask<typeof requestsOverTimeQuery.params, typeof requestsOverTimeQuery.row>>>;

const keyOf = (row: { readonly instance: string; readonly host: string; readonly version: string }) =>
  JSON.stringify([row.instance, row.host, row.version]);

function instanceList(
  present: readonly Presence[],
  requests: InstanceRequests,
  meanCpu: ReadonlyMap<string, number | null>,
): ServiceInstance[] {
  const requestsOf = new Map(requests.map((row) => [keyOf(row), row]));
  return [...groupBy(present, keyOf)].map(([key, rows]) => {
    const { instance, host, version } = rows[0] as Presence;
    return {
      instance,
      host,
      version,
      ...red(requestsOf.get(key)),
      lastSeenMs: Math.max(...rows.map((row) => row.lastSeenMs)),
      hostCpu: meanCpu.get(host) ?? null,
    };
  });
}

function rates(range: TimeRange, steps: Steps, rows: OverTime): Series[] {
  const seconds = stepSeconds(range, steps);
  const perSecond = (countOf: (row: OverTime[number]) => number) =>
    fillSteps(steps.timesMs.length, rows, (row) => row.step, countOf, 0).map(
      (count, step) => count / (seconds[step] as number),
    );
  return [
    { name: 'requests', unit: '{request}/s', values: perSecond((row) => row.requests) },
    { name: 'errors', unit: '{request}/s', values: perSecond((row) => row.errors) },
  ];
}

function latency(steps: Steps, rows: OverTime): Series[] {
  return ['p50', 'p95', 'p99'].map((name, level) => ({
    name,
    unit: 'ns',
    values: fillSteps<OverTime[number], number | null>(
      steps.timesMs.length,
      rows,
      (row) => row.step,
      (row) => row.percentilesNs[level] ?? null,
      null,
    ),
  }));
}
