/** Collectors that share a server: what they load carries seconds that none of them has settled yet. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnBatch } from '@sonde/otlp';
import { type Engine, migrate, openEngine, stampLoads, systemClock } from '@sonde/store';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { beginSettling, recordSettled } from '../../packages/store/src/settle/progress.ts';
import { traceRequest } from './loaded-store.ts';
import { worldSpans } from './settled-worlds.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

let folder: string;
let embedded: Engine;
/** The same engine, as collectors see it that share it. */
let server: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-stamped-'));
  embedded = await openEngine({ path: join(folder, 'db'), database: 'sonde_default' });
  await migrate(embedded);
  server = { ...embedded, kind: 'server' };
});
beforeEach(async () => {
  for (const table of ['spans', 'settle_progress', 'load_progress']) await embedded.command(`TRUNCATE TABLE ${table}`);
});
afterAll(async () => {
  await embedded.close();
  await rm(folder, { recursive: true });
});

let files = 0;
async function spansFile(): Promise<string> {
  const batch = createColumnBatch();
  batch.append('traces', 'json', Buffer.from(JSON.stringify(traceRequest(worldSpans(++files, 3).flat()))), 1_773_140_000_000);
  const path = join(folder, `${files}.native`);
  await writeFile(path, batch.take().find(({ table }) => table === 'spans')?.bytes ?? Buffer.from(''));
  return path;
}

/** Seconds of real time away, and able to stand still, as a machine that sleeps. */
function movedClock(seconds: number) {
  const startedAt = systemClock.elapsedMs();
  let sleptMs = 0;
  return {
    ...systemClock,
    nowMs: () => Date.now() + seconds * 1000,
    elapsedMs: () => systemClock.elapsedMs() - startedAt - sleptMs,
    standStill: (lost: number) => (sleptMs += lost * 1000),
  };
}

const nowS = () => Math.floor(Date.now() / 1000);

async function loadedAt(): Promise<number[]> {
  const rows = await embedded.query<{ second: number }>(
    'SELECT DISTINCT toUnixTimestamp(loaded_at) AS second FROM spans ORDER BY second',
    {},
    budget,
  );
  return rows.map(({ second }) => second);
}

test('what one is loading, the others do not think over', async () => {
  let finish = (): void => undefined;
  const held = new Promise<void>((resolve) => (finish = resolve));
  const slow: Engine = {
    ...server,
    insertFiles: async (...args) => {
      await held;
      await server.insertFiles(...args);
    },
  };
  const [a, b] = [stampLoads(server, systemClock, 'a'), stampLoads(slow, systemClock, 'b')];
  const begun = nowS();
  const loading = b.insertFiles('spans', [await spansFile()], 'slow');
  await expect
    .poll(() => a.sealed().then(() => embedded.query('SELECT * FROM load_progress FINAL', {}, budget)))
    .toHaveLength(2);
  await systemClock.sleep(2_100, new AbortController().signal);
  expect(await a.sealed()).toBeLessThanOrEqual(begun);
  expect(await b.sealed()).toBeLessThanOrEqual(begun);
  finish();
  await loading;
  await b.sealed();
  const [second] = await loadedAt();
  expect(second).toBeGreaterThanOrEqual(begun);
  expect(await a.sealed()).toBeGreaterThanOrEqual(second as number);
});

test.each([-3_600, 3_600])(
  'a collector whose clock is %i s off loads by the clock of the server, or beyond',
  async (seconds) => {
    const loads = stampLoads(server, movedClock(seconds), 'c');
    const before = nowS();
    await loads.insertFiles('spans', [await spansFile()], `off ${seconds}`);
    const [second] = await loadedAt();
    expect(second).toBeGreaterThanOrEqual(before);
    // Nothing that it will load is sealed.
    expect(await loads.sealed()).toBeLessThan(Math.max(nowS() + 1, (second as number) + 10));
  },
);

test('a machine that slept for hours loads nothing into seconds that were settled meanwhile', async () => {
  const clock = movedClock(0);
  const loads = stampLoads(server, clock, 'd');
  await loads.insertFiles('spans', [await spansFile()], 'before sleep');
  clock.standStill(7_200);
  const settled = nowS() + 5;
  await recordSettled(embedded, { shard: 0, shards: 1 }, settled);
  await loads.insertFiles('spans', [await spansFile()], 'after sleep');
  expect((await loadedAt()).at(-1)).toBeGreaterThanOrEqual(settled);
});

test('a load of unknown outcome holds its second until it is known; one that was refused for its content does not', async () => {
  let error: Error | undefined = new Error('socket hang up');
  const failing: Engine = {
    ...embedded,
    insertFiles: (...args) => (error ? Promise.reject(error) : embedded.insertFiles(...args)),
  };
  const loads = stampLoads(failing, systemClock, 'e');
  const path = await spansFile();
  const begun = nowS();
  await expect(loads.insertFiles('spans', [path], 'x')).rejects.toThrow('socket hang up');
  await systemClock.sleep(2_100, new AbortController().signal);
  expect(await loads.sealed()).toBeLessThanOrEqual(begun);
  error = new Error('Code: 117. DB::Exception: incorrect data. (INCORRECT_DATA)');
  await expect(loads.insertFiles('spans', [path], 'x')).rejects.toThrow('incorrect data');
  expect(await loads.sealed()).toBeGreaterThan(begun);
  error = undefined;
  const next = nowS();
  await loads.insertFiles('spans', [path], 'x');
  expect((await loadedAt())[0]).toBeGreaterThanOrEqual(next);
});

test('a collector that starts anew goes on beyond what was settled', async () => {
  const settled = nowS() + 1_000;
  await recordSettled(embedded, { shard: 0, shards: 1 }, settled);
  const loads = stampLoads(embedded, systemClock, 'f');
  await loads.insertFiles('spans', [await spansFile()], 'again');
  expect((await loadedAt())[0]).toBeGreaterThan(settled);
  expect(await beginSettling(embedded, { shard: 0, shards: 1 })).toBe(settled);
});
