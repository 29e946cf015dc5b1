import type { Engine } from '../engine/types.ts';
import { LoadClock } from './load-clock.ts';
import type { Clock } from '../spool/clock.ts';

/** Which of how many equal parts of the traces a settler settles. */
export interface Shard {
  readonly shard: number;
  readonly shards: number;
}

const budget = { timeMs: 30_000, memoryBytes: 500_000_000, rowsMax: 10_000_000 };

/** A collector that has told nothing for so long is not waited for. */
const silentSeconds = 120;

/** Up to which second (`loaded_at`, not included) this shard has settled; nothing where no settler of this many shards has begun. */
export async function settledThrough(engine: Pick<Engine, 'query'>, { shard, shards }: Shard): Promise<number | undefined> {
  const rows = await engine.query<{ shards: number; shard: number; second: number }>(
    'SELECT shards, shard, toUnixTimestamp(max(through)) AS second FROM settle_progress GROUP BY shards, shard',
    {},
    budget,
  );
  const own = rows.find((row) => row.shards === shards && row.shard === shard);
  if (own) return own.second;
  const newest = Math.max(...rows.map(({ second }) => second));
  const lastShards = rows.find(({ second }) => second === newest)?.shards;
  const before = rows.filter((row) => row.shards === lastShards);
  if (before.length === 0) return undefined;
  // A window that only some of the former shards have settled would be counted in part twice, or in part never.
  if (before.length < (lastShards as number) || before.some(({ second }) => second !== newest)) {
    throw new Error(
      `Settling was split in ${lastShards} shards that have not all come to the same second: let them, before it is split in ${shards}.`,
    );
  }
  return newest;
}

export async function recordSettled(engine: Pick<Engine, 'command'>, { shard, shards }: Shard, through: number): Promise<void> {
  const values = [shards, shard, through].map(Math.trunc);
  await engine.command(`INSERT INTO settle_progress (shards, shard, through) VALUES (${values.join(', ')})`);
}

/** The clock of a collector's loads: it begins beyond everything that was settled. */
export async function openLoadClock(engine: Pick<Engine, 'query'>, clock: Clock): Promise<LoadClock> {
  const [row] = await engine.query<{ second: number }>(
    'SELECT toUnixTimestamp(max(through)) AS second FROM settle_progress',
    {},
    budget,
  );
  return new LoadClock(clock, row?.second ?? 0);
}

/** Says up to which second this collector has loaded, and answers up to which all have that were heard of lately. */
export async function sealedByAll(
  engine: Pick<Engine, 'command' | 'query'>,
  collector: string,
  sealed: number,
): Promise<number> {
  if (!/^\w+$/.test(collector)) throw new Error(`not a collector's id: ${collector}`);
  await engine.command(`INSERT INTO load_progress (collector, through) VALUES ('${collector}', ${Math.trunc(sealed)})`);
  const rows = await engine.query<{ second: number }>(
    `SELECT toUnixTimestamp(max(through)) AS second FROM load_progress GROUP BY collector
HAVING max(told_at) > now64(3) - ${silentSeconds}`,
    {},
    budget,
  );
  return Math.min(sealed, ...rows.map(({ second }) => second));
}
