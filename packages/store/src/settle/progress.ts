import type { Engine } from '../engine/types.ts';
import { nextLoaded } from './span-question.ts';

/** Which of how many equal parts of the traces a settler settles. */
export interface Shard {
  readonly shard: number;
  readonly shards: number;
}

const budget = { timeMs: 30_000, memoryBytes: 500_000_000, rowsMax: 10_000_000 };

/** A collector that has told nothing for so long is not waited for. */
const silentSeconds = 120;

/**
 * From which second on (`loaded_at`) this shard is to settle; nothing where nobody has settled yet.
 *
 * Where settling was split in another number of shards last, this one goes on where those ended, and says so at once: from then on it is
 * known where it began. All of them must have come there, for what only some have settled would be counted in part twice, or in part never.
 */
export async function beginSettling(
  engine: Pick<Engine, 'query' | 'command'>,
  { shard, shards }: Shard,
): Promise<number | undefined> {
  const rows = await engine.query<{ shards: number; shard: number; second: number }>(
    'SELECT shards, shard, toUnixTimestamp(max(through)) AS second FROM settle_progress GROUP BY shards, shard',
    {},
    budget,
  );
  const own = rows.find((row) => row.shards === shards && row.shard === shard)?.second;
  const others = rows.filter((row) => row.shards !== shards);
  const end = Math.max(-1, ...others.map(({ second }) => second));
  if (end <= (own ?? -1)) return own;
  const former = others.find(({ second }) => second === end)?.shards ?? 0;
  for (let part = 0; part < former; part++) {
    const from = others.find((row) => row.shards === former && row.shard === part)?.second ?? 0;
    if (from < end && (await nextLoaded(engine, { from, to: end, parts: former, part })) !== undefined) {
      throw new Error(
        `Settling was split in ${former} shards, and ${part}/${former} is behind: let it come to where the others are, then split it in ${shards}.`,
      );
    }
  }
  await recordSettled(engine, { shard, shards }, end);
  return end;
}

export async function recordSettled(engine: Pick<Engine, 'command'>, { shard, shards }: Shard, through: number): Promise<void> {
  const values = [shards, shard, through].map(Math.trunc);
  await engine.command(`INSERT INTO settle_progress (shards, shard, through) VALUES (${values.join(', ')})`);
}

/**
 * The first second that a collector may load with now: beyond everything that was settled. Where several collectors share a server, its
 * clock counts too: a clock of theirs that is slow, or stood still, would else lead to seconds that the others think over.
 */
export async function firstLoadable(engine: Pick<Engine, 'kind' | 'query'>): Promise<number> {
  const [row] = await engine.query<{ second: number; now: number }>(
    'SELECT toUInt32(toUnixTimestamp(max(through)) + 1) AS second, toUnixTimestamp(now()) AS now FROM settle_progress',
    {},
    budget,
  );
  return Math.max(row?.second ?? 1, engine.kind === 'server' ? (row?.now ?? 0) : 0);
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
