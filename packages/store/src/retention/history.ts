import type { Retention, StoredSignal } from '@sonde/api';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from '../query/define.ts';
import { dayOf, dayText } from './days.ts';

/** What retention did, durably. `judged`: which traces of a day stay is known, and the others are about to go. */
interface Entry {
  readonly action: 'judged' | 'thinned' | 'dropped';
  readonly reason: 'age' | 'value' | 'disk';
  readonly signal: StoredSignal;
  readonly day: number;
  /** `judged`: traces that stay. Otherwise what went. */
  readonly rows: number;
  readonly bytes: number;
  /** `thinned`: spans that the day has now. */
  readonly rowsLeft?: number;
}

export const droppedQuery = defineQuery({
  name: 'retention-dropped',
  params: { sinceMs: 'Int64', limit: 'UInt32' },
  row: {
    atMs: 'Float64',
    signal: 'LowCardinality(String)',
    day: 'String',
    reason: 'LowCardinality(String)',
    rows: 'Float64',
    bytes: 'Float64',
  },
  sql: `
SELECT toFloat64(toUnixTimestamp64Milli(at)) AS atMs, signal, toString(retention_log.day) AS day,
  reason, toFloat64(retention_log.rows) AS rows, toFloat64(retention_log.bytes) AS bytes
FROM retention_log
WHERE action != 'judged' AND at >= fromUnixTimestamp64Milli({sinceMs:Int64})
ORDER BY at DESC
LIMIT {limit:UInt32}`,
});

/** The last that was done to each day of the spans. */
export const spanDaysQuery = defineQuery({
  name: 'retention-span-days',
  params: {},
  row: { day: 'String', action: 'String', rows: 'Float64', rowsLeft: 'Float64' },
  sql: `
SELECT toString(retention_log.day) AS day, toString(argMax(retention_log.action, at)) AS action,
  toFloat64(argMax(retention_log.rows, at)) AS rows, toFloat64(argMax(rows_left, at)) AS rowsLeft
FROM retention_log
WHERE signal = 'spans'
GROUP BY retention_log.day`,
});

export const newestEntryQuery = defineQuery({
  name: 'retention-newest-entry',
  params: {},
  row: { atMs: 'Float64' },
  sql: 'SELECT toFloat64(toUnixTimestamp64Milli(max(at))) AS atMs FROM retention_log',
});

/** Entries are ordered by their time, so no two have the same, whatever the clock does. */
export async function record(engine: Engine, entry: Entry, nowMs: number): Promise<void> {
  const [newest] = await ask(engine, newestEntryQuery, {});
  await engine.maintain(
    `INSERT INTO retention_log (at, action, reason, signal, day, rows, bytes, rows_left)
SELECT fromUnixTimestamp64Milli({atMs:Int64}), {action:String}, {reason:String}, {signal:String}, {day:Date}, {rows:UInt64}, {bytes:UInt64}, {left:UInt64}`,
    {
      ...entry,
      atMs: Math.max(nowMs, (newest?.atMs ?? 0) + 1),
      day: dayText(entry.day),
      left: entry.rowsLeft ?? 0,
    },
  );
}

export interface SpanDay {
  readonly action: string;
  readonly rows: number;
  readonly rowsLeft: number;
}

export async function spanDays(engine: Engine): Promise<Map<number, SpanDay>> {
  const rows = await ask(engine, spanDaysQuery, {});
  return new Map(rows.map(({ day, ...done }) => [dayOf(day), done]));
}

export async function droppedLately(engine: Engine, sinceMs: number): Promise<Retention['dropped']> {
  const rows = await ask(engine, droppedQuery, { sinceMs: BigInt(sinceMs), limit: 200 });
  return rows as Retention['dropped'];
}
