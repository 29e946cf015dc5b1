/** What goes, and when: days of rows that the engine makes itself, on a clock that the test holds. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RetentionSettings } from '@sonde/api';
import { type Engine, migrate, openEngine, Retention } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayMs, dayOf, dayText } from '../../packages/store/src/retention/days.ts';
import { signalTables } from '../../packages/store/src/retention/signals.ts';
import { clockAt } from './retention-clock.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const defaults: RetentionSettings = {
  spansDays: 7,
  keptSpansDays: 7,
  logsDays: 3,
  metricsDays: 5,
  minuteRollupsDays: 10,
  hourRollupsDays: 100,
  dayRollupsDays: 1000,
  slowMs: 1000,
  samplePercent: 1,
};
/** The day of the tables' newest rows. */
const newest = dayOf('2026-03-20');
const nowMs = newest * dayMs + dayMs / 2;

let directory: string;
let engine: Engine;
const clock = clockAt(nowMs);
const said: string[] = [];

const retention = (): Retention =>
  new Retention({
    engine,
    clock,
    report: (level, message, { signal, day }) => said.push(`${level} ${String(signal)} ${String(day)} ${message}`),
    defaults,
    diskFreeMinBytes: 0,
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-retention-'));
  engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
  await migrate(engine);
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

/** What a row has besides its times. */
const columns = {
  spans: ['trace_id, name', "unhex(leftPad(hex(number + 1), 32, '0')), randomPrintableASCII(100)"],
  logs: ['body', 'randomPrintableASCII(100)'],
  metric_samples: ['value', 'number'],
} as const;

/** `rows` rows at noon of each of the days, received at once unless it is said when. */
async function fill(table: keyof typeof columns, fromDay: number, toDay: number, rows = 10, receivedMs?: number) {
  const [names, values] = columns[table];
  await engine.command(
    `INSERT INTO ${table} (timestamp, received_at, ${names})
SELECT toDateTime64('1970-01-01 12:00:00', 9, 'UTC') + toIntervalDay(${fromDay} + intDiv(number, ${rows})) AS at,
  ${receivedMs === undefined ? 'at' : `fromUnixTimestamp64Milli(${receivedMs})`}, ${values}
FROM numbers(${(toDay - fromDay + 1) * rows}) SETTINGS max_partitions_per_insert_block = 0`,
  );
}

async function daysOf(table: string): Promise<string[]> {
  const rows = await engine.query<{ id: string }>(`SELECT DISTINCT _partition_id AS id FROM ${table} ORDER BY id`, {}, budget);
  return rows.map(({ id }) => `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6)}`);
}

const daysFrom = (first: number): string[] => Array.from({ length: newest - first + 1 }, (_, i) => dayText(first + i));

function diskBytes(): number {
  const { stdout } = spawnSync('du', ['-sb', directory], { encoding: 'utf8' });
  return Number(stdout.split('\t')[0]);
}

test('every partitioned table of the schema belongs to exactly one signal', async () => {
  const rows = await engine.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND partition_key != '' ORDER BY name`,
    {},
    budget,
  );
  const listed = Object.values(signalTables).flatMap(({ tables }) => tables);
  expect(new Set(listed).size).toBe(listed.length);
  expect(rows.length).toBeGreaterThan(8);
  expect(listed).toEqual(expect.arrayContaining(rows.map(({ name }) => name)));
});

test('(1) days past the limit of their signal go, and only those; their files are gone from the disk', async () => {
  const first = newest - 19;
  await fill('spans', first, newest, 3_000);
  await fill('logs', first, newest, 10_000);
  await fill('metric_samples', first, newest);
  const before = diskBytes();
  const stored = (await retention().get()).signals.reduce((sum, { bytes }) => sum + bytes, 0);
  await retention().run();
  // The last moment of a day that is kept for three is older than three days from the end of the fourth day before today on.
  expect(await daysOf('logs')).toEqual(daysFrom(newest - 3));
  expect(await daysOf('metric_samples')).toEqual(daysFrom(newest - 5));
  expect(await daysOf('spans')).toEqual(daysFrom(newest - 7));
  expect(await daysOf('trace_ts')).toEqual(daysFrom(newest - 7));
  // The views of a day make their rows with it, and these are as old as the engine's clock says: they are new.
  expect(await daysOf('span_minutes')).toEqual(daysFrom(first));
  const reply = await retention().get();
  const freed = stored - reply.signals.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(freed).toBeGreaterThan(15_000_000);
  const shrunk = before - diskBytes();
  expect(shrunk / freed).toBeGreaterThan(0.95);
  expect(shrunk / freed).toBeLessThan(1.3);
  expect(reply.signals.find(({ signal }) => signal === 'logs')).toMatchObject({
    rows: 40_000,
    oldestDay: dayText(newest - 3),
    newestDay: dayText(newest),
  });
  expect(reply.dropped).toHaveLength(16 + 14 + 12);
  expect(reply.dropped).toContainEqual(
    expect.objectContaining({
      signal: 'logs',
      day: dayText(newest - 4),
      reason: 'age',
      rows: 10_000,
      atMs: expect.any(Number),
    }),
  );
  expect(said).toContain(`info logs ${dayText(newest - 4)} a day of data was dropped: it is past its limit`);
});

test('(1) nothing more goes when it runs again, and the next day when its time has come', async () => {
  const before = said.length;
  await retention().run();
  expect(said).toHaveLength(before);
  clock.nowIs((newest + 1) * dayMs);
  await retention().run();
  expect(await daysOf('logs')).toEqual(daysFrom(newest - 2));
  clock.nowIs(nowMs);
});

test('a partition that is larger than the engine likes to drop goes all the same', async () => {
  await fill('logs', newest - 8, newest - 8);
  await engine.maintain('SET max_partition_size_to_drop = 1');
  await retention().run();
  await engine.maintain('SET max_partition_size_to_drop = 50000000000');
  expect(await daysOf('logs')).not.toContain(dayText(newest - 8));
});

test('(2) what came late stays for a day, and is told when it goes', async () => {
  const old = newest - 300;
  await fill('logs', old, old, 10, nowMs - dayMs / 2);
  await retention().run();
  expect(await daysOf('logs')).toContain(dayText(old));
  clock.nowIs(nowMs + dayMs / 2);
  await retention().run();
  expect(await daysOf('logs')).not.toContain(dayText(old));
  expect(said).toContain(`info logs ${dayText(old)} a day of data was dropped: it is past its limit`);
  clock.nowIs(nowMs);
});

test('(2) a sender whose clock stands still does not keep its day for ever', async () => {
  const old = newest - 300;
  await fill('logs', old, old, 10, nowMs - 11 * dayMs);
  await fill('logs', old, old, 10, nowMs);
  await retention().run();
  expect(await daysOf('logs')).not.toContain(dayText(old));
});

test('(3) what is set is in force after a restart, and stays a log of versions', async () => {
  const running = retention();
  running.start();
  await expect.poll(() => running.status().dropped, { timeout: 1000 }).toEqual([]);
  const reply = await running.set({ ...defaults, logsDays: 1 });
  expect(reply.settings.logsDays).toBe(1);
  expect(reply.setAtMs).toBeGreaterThan(Date.now() - 60_000);
  await expect.poll(() => daysOf('logs'), { timeout: 10_000 }).toEqual(daysFrom(newest - 1));
  await running.stop();
  await running.set({ ...defaults, logsDays: 2 });
  expect((await retention().get()).settings.logsDays).toBe(2);
  const versions = await engine.query<{ version: number }>('SELECT version FROM settings ORDER BY version', {}, budget);
  expect(versions.map(({ version }) => version)).toEqual([1, 2]);
});

test('settings that this build does not understand delete nothing', async () => {
  await engine.command(`INSERT INTO settings (key, version, value) VALUES ('retention', 3, '{"logsDays":"many"}')`);
  const before = await daysOf('logs');
  await expect(retention().run()).rejects.toThrow('Version 3 of the retention settings cannot be used');
  expect(await daysOf('logs')).toEqual(before);
  await engine.command(`INSERT INTO settings (key, version, value) VALUES ('retention', 4, '${JSON.stringify(defaults)}')`);
});

test('resources and series that nothing stored can name any more are forgotten, the others not', async () => {
  const insert = (id: number, receivedMs: number) =>
    engine.command(`INSERT INTO resources (resource_id, received_at) VALUES (${id}, fromUnixTimestamp64Milli(${receivedMs}))`);
  // The longest limit of raw telemetry is 7 days; 1 was heard of in between, in a row that is merged with the first or not.
  await insert(1, nowMs - 40 * dayMs);
  await insert(1, nowMs - 2 * dayMs);
  await insert(2, nowMs - 40 * dayMs);
  await insert(3, nowMs - 14 * dayMs);
  await retention().run();
  const rows = await engine.query<{ id: number }>(
    'SELECT DISTINCT toUInt32(resource_id) AS id FROM resources ORDER BY id',
    {},
    budget,
  );
  expect(rows.map(({ id }) => id)).toEqual([1, 3]);
});

test('(1) rollups go by their own limit, a day after they were written', async () => {
  const newestHere = dayOf(new Date().toISOString().slice(0, 10));
  await fill('spans', newestHere - 10, newestHere - 8);
  const isOld = (day: string) => dayOf(day) < newestHere - 8;
  expect((await daysOf('span_minutes')).some(isOld)).toBe(true);
  clock.nowIs((newestHere + 1) * dayMs);
  await retention().run();
  expect((await daysOf('span_minutes')).some(isOld)).toBe(true);
  clock.nowIs((newestHere + 2) * dayMs);
  await retention().run();
  expect(await daysOf('span_minutes')).toEqual([dayText(newestHere - 8)]);
});
