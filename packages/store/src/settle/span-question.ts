import { isGivenTrace } from '../query/spans.ts';
import type { Engine } from '../engine/types.ts';

/** Spans that became visible in [from, to), Unix seconds of `loaded_at`; of these, one of `parts` equal parts of the traces. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly parts: number;
  readonly part: number;
}

/** What a settling thread reads may not be more than this machine bears beside its loads. */
const budget = { timeMs: 120_000, memoryBytes: 3_000_000_000, rowsMax: 100_000_000_000, lane: 'quick' } as const;

const nothing = `CAST([], 'Array(FixedString(16))')`;

/** Dependencies as docs/formats/path-rollup.md numbers them. A queue is named by who sends to it and by who reads from it. */
const dependencyKind = `multiIf(
    kind = 3 AND db_system != '', 1,
    kind IN (3, 4, 5) AND (messaging_destination != '' OR messaging_system != ''), 2,
    kind = 3 AND server_address != '', 3,
    0)`;

/** Of parts there are mostly one: then no id is read for it. */
const isInWindow = ({ parts }: Window): string =>
  `loaded_at >= toDateTime({from:UInt32}) AND loaded_at < toDateTime({to:UInt32})${
    parts === 1 ? '' : '\n    AND cityHash64(trace_id) % {parts:UInt16} = {part:UInt16}'
  }`;

const columns = (window: Window): string => `
  trace_id, span_id, parent_span_id,
  toFloat64(toUnixTimestamp64Nano(timestamp) - {originNs:Int64}) AS start_ns,
  toFloat64(duration_ns) AS duration_ns,
  kind, status_code,
  toUInt8(${isInWindow(window)}) AS in_window,
  service, name, environment, namespace, version, instance, host,
  toUInt8(${dependencyKind}) AS dependency_kind,
  db_system, db_namespace, messaging_system, messaging_destination, server_address, server_port, statement_hash,
  if(kind = 5, links_trace_id, ${nothing}) AS link_traces,
  if(kind = 5, links_span_id, CAST([], 'Array(FixedString(8))')) AS link_spans`;

/** Of equals the first is preferred: the same each time they are read, also where ids are shared. */
const inOrder = 'ORDER BY trace_id, timestamp, span_id, kind, service, name, duration_ns';

interface Seconds {
  readonly from: number;
  readonly to: number;
}

const isInContext = 'loaded_at >= toDateTime({contextFrom:UInt32}) AND loaded_at < toDateTime({contextTo:UInt32})';

function windowParams(window: Window, context: Seconds, originNs: bigint) {
  return { ...window, originNs, contextFrom: context.from, contextTo: context.to };
}

/** How many spans a window has, and when they began, the half of them at least: the one whose clock is wild does not count. */
export async function sizeOf(engine: Pick<Engine, 'query'>, window: Window): Promise<{ spans: number; aboutNs: bigint }> {
  const [row] = await engine.query<{ spans: number; aboutNs: string }>(
    `SELECT toFloat64(count()) AS spans, toString(quantileExact(toUnixTimestamp64Nano(timestamp))) AS aboutNs
FROM spans
WHERE ${isInWindow(window)}`,
    { ...window },
    budget,
  );
  return { spans: row?.spans ?? 0, aboutNs: BigInt(row?.aboutNs ?? 0) };
}

/** Spans that wait for long are many: the next second is mostly near. */
const nearSeconds = 60;

/** The first second from `from` on in which a span of this part became visible; nothing where none did. */
export async function nextLoaded(engine: Pick<Engine, 'query'>, window: Window): Promise<number | undefined> {
  for (const to of [Math.min(window.to, window.from + nearSeconds), window.to]) {
    const [row] = await engine.query<{ spans: number; second: number }>(
      `SELECT toFloat64(count()) AS spans, toUnixTimestamp(min(loaded_at)) AS second FROM spans WHERE ${isInWindow(window)}`,
      { ...window, to },
      budget,
    );
    if (row && row.spans > 0) return row.second;
    if (to === window.to) break;
  }
  return undefined;
}

/** The traces of a window, with what of them became visible within its context. */
export function readWindow(
  engine: Pick<Engine, 'queryNative'>,
  window: Window,
  context: Seconds,
  originNs: bigint,
): Promise<Uint8Array> {
  return engine.queryNative(
    `SELECT ${columns(window)}
FROM spans
WHERE ${isInContext}
  AND trace_id IN (SELECT trace_id FROM spans WHERE ${isInWindow(window)})
${inOrder}`,
    windowParams(window, context, originNs),
    budget,
    'own shard',
  );
}

const dayS = 86_400;
const bucketS = 300;
/** A trace that spreads over more five-minute buckets than this is read at both its ends. */
const bucketsMax = 288;
/** Together. A trace that would be more is left out: some never end, and every window would read all of them. */
const tracesSpansMax = 500_000;

/**
 * Everything of these traces (32 hex digits each), whenever it became visible: where `trace_ts` has them, from a day before most of the
 * window's spans on, and all that was read of them before, wherever it lies.
 */
export async function readTraces(
  engine: Pick<Engine, 'query' | 'queryNative'>,
  window: Window,
  context: Seconds,
  traceIds: readonly string[],
  originNs: bigint,
): Promise<Uint8Array> {
  const since = Math.floor(Number(originNs / 1_000_000_000n)) - dayS;
  const found = await engine.query<{ id: string; firstS: number; lastS: number; spanCount: number }>(
    `SELECT lower(hex(trace_id)) AS id, toUnixTimestamp(min(first)) AS firstS, toUnixTimestamp(max(last)) AS lastS,
  toFloat64(sum(spans)) AS spanCount
FROM trace_ts
WHERE ${isGivenTrace} AND first >= toDateTime64({since:Int64}, 9, 'UTC')
GROUP BY trace_id
ORDER BY spanCount, trace_id`,
    { traceIds, since: BigInt(Math.max(0, since)) },
    budget,
  );
  const buckets = new Set<number>();
  const read: string[] = [];
  let spans = 0;
  for (const { id, firstS, lastS, spanCount } of found) {
    spans += spanCount;
    if (spans > tracesSpansMax) break;
    read.push(id);
    const first = Math.floor(firstS / bucketS);
    const last = Math.floor(lastS / bucketS);
    for (let bucket = first; bucket <= last; bucket++) {
      if (bucket - first < bucketsMax / 2 || last - bucket < bucketsMax / 2) buckets.add(bucket * bucketS);
    }
  }
  if (buckets.size === 0) return new Uint8Array();
  const isOfThese = isGivenTrace;
  const isInBuckets = `toStartOfFiveMinutes(timestamp) IN (SELECT toDateTime(arrayJoin({buckets:Array(UInt32)}), 'UTC'))`;
  return await engine.queryNative(
    `SELECT * EXCEPT timestamp
FROM (
  SELECT timestamp, ${columns(window)} FROM spans WHERE ${isInBuckets} AND ${isOfThese}
  UNION ALL
  SELECT timestamp, ${columns(window)} FROM spans WHERE ${isInContext} AND NOT ${isInBuckets} AND ${isOfThese}
)
${inOrder}`,
    { ...windowParams(window, context, originNs), traceIds: read, buckets: [...buckets] },
    budget,
  );
}
