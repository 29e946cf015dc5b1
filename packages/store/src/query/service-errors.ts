import type { listServiceErrors, ServiceError } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { before, inBuckets, moment, type TimeRange } from './range.ts';
import { isInPlace, type Place, placeParams, placeTypes } from './ranked.ts';
import { rollupRange, rollupSteps } from './rollup-range.ts';
import { hasFailed } from './spans.ts';

const trendCountMax = 30;
const messageCharsMax = 300;

/**
 * One fault, one text: what differs from one occurrence to the next is `?`. Addresses before numbers, else a number would tear them;
 * only the first two lines, because what follows is a stack.
 */
const parts = [
  `'[^']*'|"[^"]*"`,
  '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
  '\\b0x[0-9a-fA-F]+',
  '\\b(?:[0-9]{1,3}\\.){3}[0-9]{1,3}(?::[0-9]+)?',
  '\\b(?:[0-9]+[a-fA-F]|[a-fA-F]+[0-9])[0-9a-fA-F]{6,}',
  '[0-9]+(?:\\.[0-9]+)?',
];
/** As a literal of the engine. */
const pattern = `'${parts.join('|').replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export function normalized(message: string): string {
  const short = `substringUTF8(arrayStringConcat(arraySlice(splitByChar('\\n', substring(${message}, 1, 2000)), 1, 2), ' '), 1, ${messageCharsMax})`;
  return `trimBoth(replaceRegexpAll(${short}, ${pattern}, '?'))`;
}

const isAsked = `service = {service:String} AND ${isInPlace}`;
const inBoth = `${inBuckets('{beforeNs:Int64}', '{toNs:Int64}')}
    AND timestamp >= ${moment('{beforeNs:Int64}')} AND timestamp < ${moment('{toNs:Int64}')}`;

export const serviceErrorsQuery = defineQuery({
  name: 'serviceErrors',
  params: {
    ...placeTypes,
    beforeNs: 'Int64',
    fromNs: 'Int64',
    toNs: 'Int64',
    baseNs: 'Int64',
    stepNs: 'Int64',
    steps: 'UInt32',
    limit: 'UInt32',
  },
  row: {
    type: 'String',
    message: 'String',
    occurrences: 'Float64',
    previousCount: 'Float64',
    firstSeenMs: 'Float64',
    lastSeenMs: 'Float64',
    trend: 'Array(Float64)',
    names: 'Array(String)',
    traceId: 'String',
    example: 'String',
    allGroups: 'Float64',
    allCount: 'Float64',
  },
  sql: `
SELECT type, message, occurrences, previousCount, firstSeenMs, lastSeenMs,
  arrayMap(step -> toFloat64(counts[step]), range({steps:UInt32})) AS trend, names, traceId, example,
  toFloat64(count() OVER ()) AS allGroups, sum(occurrences) OVER () AS allCount
FROM (
  SELECT type, ${normalized('raw')} AS message,
    toFloat64(countIf(is_now)) AS occurrences, toFloat64(countIf(NOT is_now)) AS previousCount,
    toFloat64(toUnixTimestamp64Milli(min(timestamp))) AS firstSeenMs, toFloat64(toUnixTimestamp64Milli(max(timestamp))) AS lastSeenMs,
    sumMapIf(map(step, toUInt64(1)), is_now) AS counts,
    arrayMap(known -> CAST(known, 'String'), topKIf(3)(name, is_now)) AS names,
    argMaxIf(lower(hex(trace_id)), timestamp, is_now) AS traceId, argMaxIf(substringUTF8(raw, 1, 2000), timestamp, is_now) AS example
  FROM (
    SELECT timestamp, trace_id, name, timestamp >= ${moment('{fromNs:Int64}')} AS is_now,
      if(is_now, toUInt32(intDiv(toUnixTimestamp64Nano(timestamp) - {baseNs:Int64}, {stepNs:Int64})), 0) AS step,
      arrayJoin(if(empty(exceptions), [(CAST(attributes['error.type'], 'String'), status_message)], exceptions)) AS one,
      one.1 AS type, one.2 AS raw
    FROM (
      SELECT timestamp, trace_id, name, attributes, status_message, status_code,
        arrayMap((_, at) -> (CAST(at['exception.type'], 'String'), CAST(at['exception.message'], 'String')),
          arrayFilter((event, at) -> event = 'exception', events_name, events_attributes),
          arrayFilter((at, event) -> event = 'exception', events_attributes, events_name)) AS exceptions
      FROM spans
      WHERE ${inBoth} AND ${isAsked} AND (${hasFailed} OR has(events_name, 'exception'))
    )
    WHERE notEmpty(exceptions) OR (${hasFailed} AND (attributes['error.type'] != '' OR status_message != ''))
  )
  GROUP BY type, message
  HAVING occurrences > 0
)
ORDER BY occurrences DESC, lastSeenMs DESC, type, message
LIMIT {limit:UInt32}`,
});

/** Whether the service was heard of before: without that, everything would be new. */
export const spansBeforeQuery = defineQuery({
  name: 'spansBefore',
  isQuick: true,
  params: { ...placeTypes, beforeNs: 'Int64', fromNs: 'Int64' },
  row: { found: 'UInt8' },
  sql: `
SELECT toUInt8(1) AS found
FROM spans
WHERE ${inBuckets('{beforeNs:Int64}', '{fromNs:Int64}')}
  AND timestamp >= ${moment('{beforeNs:Int64}')} AND timestamp < ${moment('{fromNs:Int64}')} AND ${isAsked}
LIMIT 1`,
});

const nsOf = (ms: number) => BigInt(ms) * 1_000_000n;

export async function serviceErrors(
  engine: Engine,
  range: TimeRange,
  service: string,
  where: Place,
  limit: number,
): Promise<Static<typeof listServiceErrors.reply>> {
  const asked = rollupRange(range);
  const steps = rollupSteps({ ...asked, stepMsMin: 60_000 }, trendCountMax);
  const place = placeParams({ ...where, service });
  const bounds = { beforeNs: nsOf(before(asked.range).fromMs), fromNs: nsOf(asked.range.fromMs) };
  const [rows, [known]] = await Promise.all([
    ask(engine, serviceErrorsQuery, {
      ...place,
      ...bounds,
      toNs: nsOf(asked.range.toMs),
      baseNs: nsOf(steps.timesMs[0] ?? asked.range.fromMs),
      stepNs: nsOf(steps.stepMs),
      steps: steps.timesMs.length,
      limit,
    }),
    ask(engine, spansBeforeQuery, { ...place, ...bounds }),
  ]);
  return {
    range: asked.range,
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    total: { groups: rows[0]?.allGroups ?? 0, count: rows[0]?.allCount ?? 0 },
    items: rows.map(
      ({
        type,
        message,
        occurrences,
        previousCount,
        firstSeenMs,
        lastSeenMs,
        trend,
        names,
        traceId,
        example,
      }): ServiceError => ({
        type,
        message,
        count: occurrences,
        previousCount,
        isNew: known === undefined ? null : previousCount === 0,
        firstSeenMs,
        lastSeenMs,
        trend: [...trend],
        names: [...names],
        example: { traceId, message: example },
      }),
    ),
  };
}
