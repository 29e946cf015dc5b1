/**
 * Takes from one day of spans the traces that are of no lasting value: neither failed, nor slow, nor in the sample.
 *
 *            judge()                  mutate()              the engine is done
 *   WHOLE ------------> JUDGED ------------------> THINNING -------------------> THINNED
 *              which traces stay is in                                    late rows: WHOLE again
 *              kept_traces, and recorded
 *
 * Invariants, each defended by the test of the same number in test/store/retention-by-value.test.ts:
 *  (1) A span of the day stays exactly when its whole trace, all of its days together, failed, was slow or is in the sample.
 *  (2) Nothing is deleted before the judgement is recorded, and a judgement whose traces are not all there is made anew: wherever it
 *      is cut short, it is taken up with the same judgement, whatever was set meanwhile.
 *  (3) A day is thinned once, until rows come in late.
 */
import type { RetentionSettings } from '@sonde/api';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from '../query/define.ts';
import type { Clock } from '../spool/clock.ts';
import { dayText } from './days.ts';
import { record, type SpanDay } from './history.ts';
import type { StoredDay } from './stored-days.ts';

const keptTracesQuery = defineQuery({
  name: 'kept-traces',
  params: {},
  row: { traces: 'Float64' },
  sql: 'SELECT toFloat64(count()) AS traces FROM kept_traces',
});

const spanDaySizeQuery = defineQuery({
  name: 'span-day-size',
  params: { partition: 'String' },
  row: { spans: 'Float64', bytes: 'Float64' },
  sql: `
SELECT toFloat64(sumIf(rows, table = 'spans')) AS spans, toFloat64(sum(bytes_on_disk)) AS bytes
FROM system.parts
WHERE database = currentDatabase() AND table IN ('spans', 'trace_ts') AND active AND partition_id = {partition:String}`,
  servers: 'one of each shard',
});

const mutationsQuery = defineQuery({
  name: 'mutations',
  params: {},
  row: { tableName: 'String', mutation: 'String', failure: 'String' },
  sql: `
SELECT table AS tableName, mutation_id AS mutation, latest_fail_reason AS failure FROM system.mutations
WHERE database = currentDatabase() AND table IN ('spans', 'trace_ts') AND NOT is_done`,
  servers: 'all',
});

/** How many servers there are, and how many of the marked mutations they know, each of its own tables. */
const heardOfQuery = defineQuery({
  name: 'mutations-heard-of',
  params: { mark: 'String' },
  row: { mutations: 'Float64', servers: 'Float64' },
  sql: `
SELECT toFloat64(sum(mutation)) AS mutations, toFloat64(sum(server)) AS servers
FROM (
  SELECT 1 AS mutation, 0 AS server FROM system.mutations
  WHERE database = currentDatabase() AND position(command, {mark:String}) > 0
  UNION ALL
  SELECT 0 AS mutation, 1 AS server FROM system.one
)`,
  servers: 'all',
});

export const thinningQueries = [keptTracesQuery, spanDaySizeQuery, mutationsQuery, heardOfQuery];

export interface ThinningOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly closing: AbortSignal;
  /** Called again and again while the engine works. */
  readonly meanwhile: () => Promise<void>;
}

/** Resolves with what went; undefined when it was stopped, and goes on after the next start. */
export async function thinDay(
  options: ThinningOptions,
  stored: StoredDay,
  settings: RetentionSettings,
  last: SpanDay | undefined,
): Promise<{ rows: number; bytes: number } | undefined> {
  const { clock, engine } = options;
  const partition = partitionOf(stored.day);
  // What an earlier start has begun is still being done by the engine, with the traces that it began with.
  if (!(await mutationsDone(options))) return undefined;
  const before = await sizeOf(engine, partition);
  if (!(await judge(options, stored, settings, last))) return undefined;
  if (!(await mutate(options, stored.day)) || !(await mutationsDone(options))) return undefined;
  const after = await sizeOf(engine, partition);
  const removed = { rows: Math.max(0, before.spans - after.spans), bytes: Math.max(0, before.bytes - after.bytes) };
  const { signal, day } = stored;
  const thinned = { action: 'thinned', reason: 'value', signal, day, ...removed, rowsLeft: after.spans } as const;
  await record(engine, thinned, clock.nowMs());
  return removed;
}

/** Fills `kept_traces` and records that it is full, unless it is. False where spans came in meanwhile: they are not judged yet. */
async function judge(
  { clock, engine }: ThinningOptions,
  { day }: StoredDay,
  settings: RetentionSettings,
  last: SpanDay | undefined,
): Promise<boolean> {
  const isJudged = last?.action === 'judged' && (await keptTraces(engine)) === last.rows;
  if (isJudged) return true;
  const before = await sizeOf(engine, partitionOf(day));
  await engine.maintain('TRUNCATE TABLE kept_traces');
  // In the order of the table, so that only one trace at a time is in memory. Ranges by day: a trace has rows of several loads and days.
  await engine.maintain(
    `INSERT INTO kept_traces
SELECT trace_id
FROM trace_ts
GROUP BY trace_id
HAVING max(toDate(first) <= {day:Date} AND toDate(last) >= {day:Date}) AND (
  sum(errors) > 0
  OR max(end_ns) - min(toUnixTimestamp64Nano(first)) > {slowNs:Int64}
  OR cityHash64(trace_id) % 10000 < {sample:UInt32})
SETTINGS optimize_aggregation_in_order = 1, max_threads = 1, max_insert_threads = 1, max_memory_usage = 1000000000`,
    {
      day: dayText(day),
      slowNs: BigInt(settings.slowMs) * 1_000_000n,
      sample: Math.round(settings.samplePercent * 100),
    },
  );
  if ((await sizeOf(engine, partitionOf(day))).spans !== before.spans) return false;
  const rows = await keptTraces(engine);
  await record(engine, { action: 'judged', reason: 'value', signal: 'spans', day, rows, bytes: 0 }, clock.nowMs());
  return true;
}

/**
 * On a cluster each replica deletes for itself: it must have all traces that stay before it begins, and none that has not heard of the
 * deletion yet may pass for one that is done. What is sent there has a mark, by which each replica is asked for it.
 */
async function mutate({ clock, closing, engine }: ThinningOptions, day: number): Promise<boolean> {
  if (engine.cluster === undefined) {
    for (const statement of mutationsOf(day)) await engine.maintain(statement);
    return true;
  }
  await engine.maintain('SYSTEM SYNC REPLICA kept_traces');
  const mark = `thinned from ${clock.nowMs()}`;
  const statements = mutationsOf(day, ` AND '${mark}' != ''`);
  for (const statement of statements) await engine.maintain(statement);
  for (;;) {
    const [heard] = await ask(engine, heardOfQuery, { mark });
    if (heard && heard.mutations >= heard.servers * statements.length) return true;
    await clock.sleep(200, closing);
    if (closing.aborted) return false;
  }
}

/**
 * A trace that goes on after midnight is looked up by the row of the day that it began on: that row goes with its last span, which is
 * why the day before is looked at again.
 */
function mutationsOf(day: number, also = ''): string[] {
  const goes = `trace_id NOT IN (SELECT trace_id FROM kept_traces)${also}`;
  const isOver = `toDate(last) <= toDate('${dayText(day)}')`;
  return [
    `ALTER TABLE spans DELETE IN PARTITION ID '${partitionOf(day)}' WHERE ${goes} SETTINGS mutations_sync = 0`,
    `ALTER TABLE trace_ts
  DELETE IN PARTITION ID '${partitionOf(day)}' WHERE ${isOver} AND ${goes},
  DELETE IN PARTITION ID '${partitionOf(day - 1)}' WHERE ${isOver} AND toDate(last) > toDate('${dayText(day - 1)}') AND ${goes}
SETTINGS mutations_sync = 0`,
  ];
}

/** Resolves when the engine has nothing to delete any more; false when told to stop. Throws, and gives up, where it cannot. */
async function mutationsDone({ clock, closing, engine, meanwhile }: ThinningOptions): Promise<boolean> {
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 500)) {
    const mutations = await ask(engine, mutationsQuery, {});
    if (mutations.length === 0) return true;
    const failed = mutations.find(({ failure }) => failure !== '');
    if (failed) {
      await engine.maintain(
        `KILL MUTATION WHERE database = currentDatabase() AND table IN ('spans', 'trace_ts') AND latest_fail_reason != ''`,
      );
      throw new Error(`${failed.tableName} cannot be thinned: ${failed.failure.slice(0, 1_000)}`);
    }
    await clock.sleep(delayMs, closing);
    if (closing.aborted) return false;
    await meanwhile();
  }
}

async function sizeOf(engine: Engine, partition: string): Promise<{ spans: number; bytes: number }> {
  const [size] = await ask(engine, spanDaySizeQuery, { partition });
  return size ?? { spans: 0, bytes: 0 };
}

async function keptTraces(engine: Engine): Promise<number> {
  const [count] = await ask(engine, keptTracesQuery, {});
  return count?.traces ?? 0;
}

function partitionOf(day: number): string {
  return dayText(day).replaceAll('-', '');
}
