import type { Series, ServiceDetail, ServiceInstance } from '@sonde/api';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { firstSeenQuery } from './inventory.ts';
import { cpuUtilization, cpuUtilizationOverTime } from './host-cpu.ts';
import { type Presence, presence } from './presence.ts';
import type { TimeRange } from './range.ts';
import { isInPlace, type Place, placeParams, placeTypes } from './ranked.ts';
import { requestRows, type RequestSource, requestSource, requestSources } from './request-rows.ts';
import { rollupRange, rollupStep, type RollupSteps, rollupSteps, rollupStepTypes, rollupTypes } from './rollup-range.ts';
import { runtimeSeries } from './runtime.ts';
import { red, redColumns, redTypes, serviceSummaries } from './services.ts';
import { isRequest } from './spans.ts';
import { fillSteps } from './steps.ts';

const params = { ...rollupTypes, ...placeTypes } as const;
const isAsked = `${isRequest} AND service = {service:String} AND ${isInPlace}`;
const stepCountMax = 120;

export const instanceRequestsQuery = (source: RequestSource) =>
  defineQuery({
    name: `instanceRequests from ${source}`,
    isQuick: true,
    params,
    row: {
      instance: 'LowCardinality(String)',
      host: 'LowCardinality(String)',
      version: 'LowCardinality(String)',
      ...redTypes,
    },
    sql: `
SELECT instance, host, version, ${redColumns}
FROM (
    ${requestRows(source, isAsked)}
)
GROUP BY instance, host, version`,
  });

export const requestsOverTimeQuery = (source: RequestSource) =>
  defineQuery({
    name: `requestsOverTime from ${source}`,
    isQuick: true,
    params: { ...params, ...rollupStepTypes },
    row: { step: 'UInt32', ...redTypes },
    sql: `
SELECT ${rollupStep} AS step, ${redColumns}
FROM (
    ${requestRows(source, isAsked)}
)
GROUP BY step`,
  });

const queries = {
  minutes: { instances: instanceRequestsQuery('minutes'), overTime: requestsOverTimeQuery('minutes') },
  paths: { instances: instanceRequestsQuery('paths'), overTime: requestsOverTimeQuery('paths') },
} as const;
export const allServiceQueries = requestSources.flatMap((source) => [queries[source].instances, queries[source].overTime]);

/** Agents send every ten seconds; a step that is shorter than a few of these would show their rhythm. */
export const metricStepMsMin = 30_000;

/** undefined: no such service sent anything in the range. */
export async function service(
  engine: Engine,
  range: TimeRange,
  name: string,
  where: Place,
): Promise<ServiceDetail | undefined> {
  const asked = rollupRange(range);
  const source = requestSource(asked.range, name);
  // Minutes of one service are read as such for a day: its charts have their steps.
  const steps = rollupSteps(source === 'minutes' ? { ...asked, stepMsMin: 60_000 } : asked, stepCountMax);
  const place = { ...where, service: name };
  const common = { ...asked.params, ...placeParams(place) };
  const [[summary], present, instances, overTime, runtime, [first]] = await Promise.all([
    serviceSummaries(engine, asked, place),
    presence(engine, asked, place),
    ask(engine, queries[source].instances, common),
    ask(engine, queries[source].overTime, { ...common, ...steps.params }),
    runtimeSeries(engine, seriesRange(asked.range, steps), steps, name),
    ask(engine, firstSeenQuery, placeParams(place)),
  ]);
  if (summary === undefined) return undefined;
  const [hostCpu, meanCpu] = await Promise.all([
    cpuUtilizationOverTime(engine, seriesRange(asked.range, steps), steps, summary.hosts),
    cpuUtilization(engine, asked.range, summary.hosts),
  ]);
  return {
    range: asked.range,
    summary,
    instances: instanceList(present, instances, meanCpu),
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    rates: rates(steps, overTime, first?.firstSeenMs ?? 0),
    latency: latency(steps, overTime),
    hostCpu: [...hostCpu].map(([host, values]) => ({ name: host, unit: '1', values })),
    runtime,
  };
}

/** Points are put into steps that are counted from the start of the range: it is moved to the first step's. */
function seriesRange({ fromMs, toMs }: TimeRange, { timesMs }: RollupSteps): TimeRange {
  return { fromMs: timesMs[0] ?? fromMs, toMs };
}

type InstanceRequests = Awaited<
  ReturnType<typeof ask<typeof queries.minutes.instances.params, typeof queries.minutes.instances.row>>
>;
type OverTime = Awaited<ReturnType<typeof ask<typeof queries.minutes.overTime.params, typeof queries.minutes.overTime.row>>>;

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

/** Before it was first heard of, and before the first span in the range, nobody knows what it was asked: that is not no requests. */
function rates(steps: RollupSteps, rows: OverTime, firstSeenMs: number): Series[] {
  const firstStep = rows.reduce((first, { step }) => Math.min(first, step), Infinity);
  const isKnown = (step: number) => step >= firstStep || (steps.timesMs[step + 1] ?? Infinity) > firstSeenMs;
  const perSecond = (countOf: (row: OverTime[number]) => number) =>
    fillSteps(steps.timesMs.length, rows, (row) => row.step, countOf, 0).map((count, step) =>
      isKnown(step) ? count / (steps.seconds[step] as number) : null,
    );
  return [
    { name: 'requests', unit: '{request}/s', values: perSecond((row) => row.requests) },
    { name: 'errors', unit: '{request}/s', values: perSecond((row) => row.failures) },
  ];
}

function latency(steps: RollupSteps, rows: OverTime): Series[] {
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
