import type { Engine } from '../engine/types.ts';

/** Spans that became visible in [from, to), Unix seconds of `loaded_at`; of these, one of `parts` equal parts of the traces. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly parts: number;
  readonly part: number;
}

/** What a settling thread reads may not be more than this machine bears beside its loads. */
const budget = { timeMs: 120_000, memoryBytes: 3_000_000_000, rowsMax: 100_000_000_000 };

const nothing = `CAST([], 'Array(FixedString(16))')`;

/** Dependencies as docs/formats/path-rollup.md numbers them. A queue is named by who sends to it and by who reads from it. */
const dependencyKind = `multiIf(
    kind = 3 AND db_system != '', 1,
    kind IN (3, 4, 5) AND (messaging_destination != '' OR messaging_system != ''), 2,
    kind = 3 AND server_address != '', 3,
    0)`;

const isInWindow = `loaded_at >= toDateTime({from:UInt32}) AND loaded_at < toDateTime({to:UInt32})
    AND cityHash64(trace_id) % {parts:UInt16} = {part:UInt16}`;

const columns = `
  trace_id, span_id, parent_span_id,
  toFloat64(toUnixTimestamp64Nano(timestamp) - {originNs:Int64}) AS start_ns,
  toFloat64(duration_ns) AS duration_ns,
  kind, status_code,
  toUInt8(${isInWindow}) AS in_window,
  service, name, environment, namespace, version, instance, host,
  toUInt8(${dependencyKind}) AS dependency_kind,
  db_system, db_namespace, messaging_system, messaging_destination, server_address, server_port, statement_hash,
  if(kind = 5, links_trace_id, ${nothing}) AS link_traces,
  if(kind = 5, links_span_id, CAST([], 'Array(FixedString(8))')) AS link_spans`;

/** Of equals the first is preferred: the same each time they are read. */
const inOrder = 'ORDER BY trace_id, timestamp, span_id';

function windowParams(window: Window, originNs: bigint) {
  return { ...window, originNs };
}

/** How many spans a window has, and when the first of them begins. */
export async function sizeOf(engine: Pick<Engine, 'query'>, window: Window): Promise<{ spans: number; firstNs: bigint }> {
  const [row] = await engine.query<{ spans: number; firstNs: string }>(
    `SELECT toFloat64(count()) AS spans, toString(toUnixTimestamp64Nano(min(timestamp))) AS firstNs FROM spans WHERE ${isInWindow}`,
    { ...window },
    budget,
  );
  return { spans: row?.spans ?? 0, firstNs: BigInt(row?.firstNs ?? 0) };
}

/** The first second from `from` on in which a span of this part became visible; nothing where none did. */
export async function nextLoaded(engine: Pick<Engine, 'query'>, window: Window): Promise<number | undefined> {
  const [row] = await engine.query<{ spans: number; second: number }>(
    `SELECT toFloat64(count()) AS spans, toUnixTimestamp(min(loaded_at)) AS second FROM spans WHERE ${isInWindow}`,
    { ...window },
    budget,
  );
  return row && row.spans > 0 ? row.second : undefined;
}

/** The traces of a window, with what of them became visible in [contextFrom, contextTo). */
export function readWindow(
  engine: Pick<Engine, 'queryNative'>,
  window: Window,
  context: { readonly from: number; readonly to: number },
  originNs: bigint,
): Promise<Uint8Array> {
  return engine.queryNative(
    `SELECT ${columns}
FROM spans
WHERE loaded_at >= toDateTime({contextFrom:UInt32}) AND loaded_at < toDateTime({contextTo:UInt32})
  AND trace_id IN (SELECT trace_id FROM spans WHERE ${isInWindow})
${inOrder}`,
    { ...windowParams(window, originNs), contextFrom: context.from, contextTo: context.to },
    budget,
    'own shard',
  );
}

const dayS = 86_400;
const bucketS = 300;
/** A trace that spreads over more five-minute buckets than this is read at both its ends. */
const bucketsMax = 288;

/** Everything of these traces (32 hex digits each), whenever it became visible: where `trace_ts` has them, a day back from the window at most. */
export async function readTraces(
  engine: Pick<Engine, 'query' | 'queryNative'>,
  window: Window,
  traceIds: readonly string[],
  originNs: bigint,
): Promise<Uint8Array> {
  const since = Math.floor(Number(originNs / 1_000_000_000n)) - dayS;
  const found = await engine.query<{ firstS: number; lastS: number }>(
    `SELECT toUnixTimestamp(min(first)) AS firstS, toUnixTimestamp(max(last)) AS lastS
FROM trace_ts
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({traceIds:Array(String)})), 16)) AND first >= toDateTime64({since:Int64}, 9, 'UTC')
GROUP BY trace_id`,
    { traceIds, since: BigInt(Math.max(0, since)) },
    budget,
  );
  const buckets = new Set<number>();
  for (const { firstS, lastS } of found) {
    const first = Math.floor(firstS / bucketS);
    const last = Math.floor(lastS / bucketS);
    for (let bucket = first; bucket <= last; bucket++) {
      if (bucket - first < bucketsMax / 2 || last - bucket < bucketsMax / 2) buckets.add(bucket * bucketS);
    }
  }
  if (buckets.size === 0) return new Uint8Array();
  return await engine.queryNative(
    `SELECT ${columns}
FROM spans
WHERE toStartOfFiveMinutes(timestamp) IN (SELECT toDateTime(arrayJoin({buckets:Array(UInt32)}), 'UTC'))
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({traceIds:Array(String)})), 16))
${inOrder}`,
    { ...windowParams(window, originNs), traceIds, buckets: [...buckets] },
    budget,
  );
}
