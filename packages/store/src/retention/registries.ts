import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from '../query/define.ts';
import { registries } from './signals.ts';

/** When a resource or a series was heard of last is known of all its rows together, merged or not. */
function staleKeys(table: keyof typeof registries): string {
  const key = registries[table];
  return `SELECT ${key} FROM ${table} GROUP BY ${key} HAVING max(received_at) < fromUnixTimestamp64Milli({beforeMs:Int64})`;
}

export const staleQueries = (Object.keys(registries) as (keyof typeof registries)[]).map((table) => ({
  table,
  query: defineQuery({
    name: `stale-${table}`,
    params: { beforeMs: 'Int64' },
    row: { entries: 'Float64' },
    sql: `SELECT toFloat64(count()) AS entries FROM (${staleKeys(table)})`,
  }),
}));

/** Forgets the resources and series that nothing stored can name any more. Resolves with how many. */
export async function forgetStale(engine: Engine, beforeMs: number): Promise<number> {
  let forgotten = 0;
  for (const { table, query } of staleQueries) {
    const params = { beforeMs: BigInt(beforeMs) };
    const [stale] = await ask(engine, query, params);
    if (stale === undefined || stale.entries === 0) continue;
    await engine.maintain(`DELETE FROM ${table} WHERE ${registries[table]} IN (${staleKeys(table)})`, params);
    forgotten += stale.entries;
  }
  return forgotten;
}
