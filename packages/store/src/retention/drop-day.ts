import type { Engine } from '../engine/types.ts';
import { dayText } from './days.ts';
import type { StoredDay } from './stored-days.ts';

/**
 * Drops a day of a signal; `left` are the days of spans that stay. The engine removes a dropped partition's files at once; its limit that
 * protects from dropping more than 50 GB by mistake would protect the busiest days.
 */
export async function dropDay(engine: Engine, stored: StoredDay, left: readonly number[]): Promise<void> {
  // On a full disk nothing can be carried until the spans have made room.
  const isSmall = ({ table }: { table: string }) => Number(table === 'trace_ts');
  for (const { table, partitionId } of stored.partitions.toSorted((a, b) => isSmall(a) - isSmall(b))) {
    if (table === 'trace_ts') await carryTraces(engine, stored.day, left);
    await engine.maintain(`ALTER TABLE ${table} DROP PARTITION ID {partition:String} SETTINGS max_partition_size_to_drop = 0`, {
      partition: partitionId,
    });
  }
}

/**
 * A trace that began on this day and has spans of a later one is looked up, and judged, by what is known of it there. Nothing else
 * begins at midnight to the nanosecond, so a drop that is repeated carries nothing twice.
 */
async function carryTraces(engine: Engine, day: number, left: readonly number[]): Promise<void> {
  const later = left.filter((other) => other > day);
  if (later.length === 0) return;
  await engine.maintain(
    `INSERT INTO trace_ts (trace_id, first, last, end_ns, spans, errors)
SELECT trace_id, toDateTime64({next:Date}, 9, 'UTC') AS midnight, last, end_ns, spans, errors
FROM trace_ts
WHERE toDate(first) = {day:Date} AND last >= midnight AND trace_id NOT IN (SELECT trace_id FROM trace_ts WHERE first = midnight)`,
    { day: dayText(day), next: dayText(Math.min(...later)) },
  );
}
