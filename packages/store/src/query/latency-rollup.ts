import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import type { SpanFilters } from './filters.ts';
import {
  fromRollup,
  fromServices,
  fromSpanMinutes,
  rollupRange,
  rollupStep,
  rollupSteps,
  rollupStepTypes,
  rollupTypes,
} from './rollup-range.ts';
import type { RollupRange, RollupSteps } from './rollup-range.ts';
import type { TimeRange } from './range.ts';
import { hasFailed, isRequest } from './spans.ts';

/**
 * Distributions of durations out of the rollups, for the filters that the rollups know: service, name, host, status, environment,
 * namespace, and a statement. From the smallest that can answer:
 *  - `minutes`: one service within a day, all within three hours;
 *  - `services`: all requests, or those of one service, over any time, by the minute;
 *  - `paths`: the rest.
 */
const sources = ['minutes', 'services', 'paths'] as const;
type Source = (typeof sources)[number];

const types = {
  ...rollupTypes,
  ...rollupStepTypes,
  service: 'String',
  name: 'String',
  host: 'String',
  environment: 'String',
  namespace: 'String',
  statementHash: 'UInt64',
  status: 'String',
  /** How many of the rollup's buckets are one of the answer's. */
  fold: 'UInt8',
} as const;

const isGiven = (column: string) => `({${column}:String} = '' OR ${column} = {${column}:String})`;
const ofService = ['service', 'environment', 'namespace'].map(isGiven).join(' AND ');
const ofSpans = `${ofService} AND ${isGiven('name')} AND ${isGiven('host')}`;
/** What a name or a statement describes, whatever its kind; otherwise requests. */
const isAsked = `({name:String} != '' OR {statementHash:UInt64} != 0 OR ${isRequest})`;
const noHistogram = '(emptyArrayUInt16(), emptyArrayUInt64())';

const rows: Readonly<Record<Source, string>> = {
  minutes: fromSpanMinutes(
    `time, max_ns, hist, if(status_code = 2, hist, ${noHistogram}) AS error_hist`,
    `${ofSpans} AND ${isAsked} AND ({status:String} = '' OR ({status:String} = 'error') = (${hasFailed}))`,
  ),
  services: fromServices('time, max_ns, hist, error_hist', `${ofService} AND ${isRequest}`),
  paths: fromRollup(
    'path',
    'time, max_ns, hist, error_hist',
    `${ofSpans} AND ${isAsked} AND ({statementHash:UInt64} = 0 OR statement_hash = {statementHash:UInt64})`,
  ),
};

/** How many spans lie in each bucket of each step. */
export function latencyRollupQuery(source: Source) {
  const counted = (hist: string, spans: string, failed: string) => `
    SELECT ${rollupStep} AS step, max_ns, arrayJoin(arrayZip(${hist}.1, ${hist}.2)) AS pair,
      intDiv(pair.1, {fold:UInt8}) AS bucket, ${spans} AS spans, ${failed} AS failed
    FROM (
    ${rows[source]}
    )`;
  return defineQuery({
    name: `latency from ${source}`,
    params: types,
    row: { step: 'UInt32', bucket: 'UInt16', spanCount: 'Float64', failures: 'Float64', maxNs: 'Float64' },
    sql: `
SELECT step, toUInt16(bucket) AS bucket, toFloat64(sum(spans)) AS spanCount, toFloat64(sum(failed)) AS failures, toFloat64(max(max_ns)) AS maxNs
FROM (${counted('hist', 'pair.2', 'toUInt64(0)')}
    UNION ALL ${counted('error_hist', 'toUInt64(0)', 'pair.2')}
)
GROUP BY step, bucket
ORDER BY step, bucket`,
  });
}

const queries = {
  minutes: latencyRollupQuery('minutes'),
  services: latencyRollupQuery('services'),
  paths: latencyRollupQuery('paths'),
} as const;
export const allLatencyRollupQueries = sources.map((source) => queries[source]);

/** Of all spans that a question may be about, how many there are: where they are few they are looked at one by one. */
export const spanCountQuery = defineQuery({
  name: 'spanCount',
  params: { ...rollupTypes, service: 'String' },
  row: { spans: 'Float64' },
  sql: `
SELECT toFloat64(sum(calls)) AS spans
FROM (
    ${fromSpanMinutes('calls', isGiven('service'))}
)`,
});

const hourMs = 3_600_000;
const fewSpans = 1_000_000;

/** Whether the rollups can answer: nothing is asked of single spans. */
function isKnown({ attribute, maxDurationMs, minDurationMs, search }: SpanFilters): boolean {
  return search === undefined && (attribute ?? []).length === 0 && minDurationMs === undefined && maxDurationMs === undefined;
}

/** What to ask: nothing where the spans themselves must be, or may be: an hour of a small system, exact to the nanosecond. */
export async function rollupFor(engine: Engine, range: TimeRange, filters: SpanFilters): Promise<Source | undefined> {
  if (!isKnown(filters)) return undefined;
  const { fromMs, toMs } = range;
  if (toMs - fromMs <= hourMs) {
    const [row] = await ask(engine, spanCountQuery, { ...rollupRange(range).params, service: filters.service ?? '' });
    if ((row?.spans ?? 0) <= fewSpans) return undefined;
  }
  if (filters.statementHash !== undefined) return 'paths';
  if (filters.name === undefined && filters.host === undefined) return 'services';
  return toMs - fromMs <= (filters.service === undefined ? 3 : 24) * hourMs ? 'minutes' : 'paths';
}

export interface LatencyCells {
  readonly range: TimeRange;
  readonly steps: RollupSteps;
  readonly rows: readonly {
    readonly step: number;
    readonly bucket: number;
    readonly spanCount: number;
    readonly errors: number;
    /** Of all its rows of the rollup; unknown where these tell only of spans that were not asked for too. */
    readonly maxNs: number | null;
  }[];
}

/** `perOctave`: 8, 4, 2 or 1; `stepCountMax` 1: all of the range is one step. */
export async function latencyCells(
  engine: Engine,
  source: Source,
  range: TimeRange,
  filters: SpanFilters,
  shape: { readonly perOctave: number; readonly stepCountMax: number },
): Promise<LatencyCells> {
  const asked = rollupRange(range);
  const steps = rollupSteps(finest(asked, source), shape.stepCountMax);
  const { environment = '', host = '', name = '', namespace = '', service = '', statementHash, status } = filters;
  const found = await ask(engine, queries[source], {
    ...asked.params,
    ...(shape.stepCountMax === 1 ? { stepBase: 0, stepS: 2 ** 32 - 1 } : steps.params),
    environment,
    host,
    name,
    namespace,
    service,
    statementHash: statementHash === undefined ? 0n : BigInt(`0x${statementHash}`),
    status: status ?? '',
    fold: 8 / shape.perOctave,
  });
  // The other rollups know the longest of all, not of those that failed.
  const isMaxKnown = status === undefined || source === 'minutes';
  const cells = found.map(({ bucket, failures, maxNs, spanCount, step }) => {
    const count = status === undefined ? spanCount : status === 'error' ? failures : spanCount - failures;
    return { step, bucket, spanCount: count, errors: status === 'ok' ? 0 : failures, maxNs: isMaxKnown ? maxNs : null };
  });
  return { range: asked.range, steps, rows: cells.filter(({ spanCount }) => spanCount > 0) };
}

/** What is read by the minute can be drawn by the minute, what is read by the hour by the hour. */
function finest(asked: RollupRange, source: Source): RollupRange {
  const readMs = { minutes: 60_000, services: hourMs, paths: Infinity }[source];
  return { ...asked, stepMsMin: Math.min(asked.stepMsMin, readMs) };
}
