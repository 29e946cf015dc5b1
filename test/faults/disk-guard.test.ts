/** The guard on a disk that is small for real. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, openEngine, Retention } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayMs, dayOf, dayText } from '../../packages/store/src/retention/days.ts';
import { clockAt } from '../store/retention-clock.ts';

const MiB = 1024 ** 2;
const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const newest = dayOf('2026-03-20');
const nowMs = newest * dayMs + dayMs / 2;
const freeMinBytes = 60 * MiB;

let disk: string;
let mounted = false;
let engine: Engine;
let retention: Retention;
const said: string[] = [];

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), 'sonde-disk-guard-'));
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=320m', 'tmpfs', disk]).status === 0;
  if (!mounted) return;
  engine = await openEngine({ path: join(disk, 'db'), database: 'sonde_default' });
  await migrate(engine);
  retention = guarded(freeMinBytes);
  await retention.run();
  // Ten days of logs, five of metrics; what cannot be packed.
  await fill('logs', 'body', 'randomString(1000)', newest - 9, 10_000);
  await fill('metric_summaries', 'metric', 'randomString(1000)', newest - 4, 10);
  await fill('spans', 'name', 'toString(number % 10)', newest - 9, 10);
});
afterAll(async () => {
  if (mounted) {
    await engine.close();
    spawnSync('umount', ['-l', disk]);
  }
  await rm(disk, { recursive: true, force: true });
});

function guarded(diskFreeMinBytes: number): Retention {
  return new Retention({
    engine,
    clock: clockAt(nowMs),
    report: (level, message, { signal, day }) =>
      said.push(typeof day === 'string' ? `${level} ${String(signal)} ${day} ${message}` : `${level} ${message}`),
    defaults: {
      spansDays: 100,
      keptSpansDays: 100,
      logsDays: 100,
      metricsDays: 100,
      minuteRollupsDays: 100,
      hourRollupsDays: 100,
      dayRollupsDays: 100,
      slowMs: 1000,
      samplePercent: 1,
    },
    diskFreeMinBytes,
    reservePath: join(disk, 'drop-reserve'),
  });
}

async function fill(table: string, column: string, value: string, fromDay: number, rows: number): Promise<void> {
  await engine.command(
    `INSERT INTO ${table} (timestamp, received_at, ${column})
SELECT toDateTime64('1970-01-01 12:00:00', 9, 'UTC') + toIntervalDay(${fromDay} + intDiv(number, ${rows})) AS at, at, ${value}
FROM numbers(${(newest - fromDay + 1) * rows}) SETTINGS max_partitions_per_insert_block = 0`,
  );
}

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(disk);
  return bavail * bsize;
}

/** Another program on the same disk. */
async function leaveFree(bytes: number): Promise<void> {
  const ballast = join(disk, 'ballast');
  await writeFile(ballast, '');
  await writeFile(ballast, Buffer.alloc(Math.max(0, (await freeBytes()) - bytes)));
  if (bytes > 0) expect(Math.abs((await freeBytes()) - bytes)).toBeLessThan(2 * MiB);
}

async function daysOf(table: string): Promise<string[]> {
  const rows = await engine.query<{ id: string }>(`SELECT DISTINCT _partition_id AS id FROM ${table} ORDER BY id`, {}, budget);
  return rows.map(({ id }) => `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6)}`);
}

const daysFrom = (first: number): string[] => Array.from({ length: newest - first + 1 }, (_, i) => dayText(first + i));
const notMounted = 'mounting a tmpfs is not permitted here';

test('(1) nothing goes while there is room', async ({ skip }) => {
  if (!mounted) skip(notMounted);
  await leaveFree(freeMinBytes + 5 * MiB);
  await retention.run();
  expect(await daysOf('logs')).toEqual(daysFrom(newest - 9));
  expect(retention.status().disk).toMatchObject({ state: 'ok', freeMinBytes });
});

test('(1) (2) (4) the oldest days go, raw before rollups, until there is room, and it says so', async ({ skip }) => {
  if (!mounted) skip(notMounted);
  const { signals } = await retention.get();
  const logDayBytes = (signals.find(({ signal }) => signal === 'logs')?.bytes ?? 0) / 10;
  expect(logDayBytes).toBeGreaterThan(10 * MiB);
  await leaveFree(freeMinBytes - 1.5 * logDayBytes);
  await retention.run();
  expect(await freeBytes()).toBeGreaterThan(freeMinBytes);
  expect(await freeBytes()).toBeLessThan(freeMinBytes + logDayBytes);
  expect(await daysOf('logs')).toEqual(daysFrom(newest - 7));
  expect(await daysOf('spans')).toEqual(daysFrom(newest - 7));
  expect(await daysOf('metric_summaries')).toEqual(daysFrom(newest - 4));
  expect(await daysOf('span_minutes')).toEqual(daysFrom(newest - 9));
  const days = [newest - 9, newest - 8].flatMap((day) =>
    ['spans', 'logs'].map((signal) => `warn ${signal} ${dayText(day)} the disk is nearly full: a day of data was dropped`),
  );
  expect(said).toEqual([...days, 'info the disk has room again']);
  const { disk: state, dropped } = await retention.get();
  expect(state).toMatchObject({ state: 'ok' });
  expect(dropped.filter(({ reason }) => reason === 'disk')).toHaveLength(4);
  expect(dropped[0]).toMatchObject({ signal: 'logs', day: dayText(newest - 8), rows: 10_000 });
});

test('(2) (3) (4) a disk full to the last byte: everything but today goes; that there is no more is said once, and when there is room again', async ({
  skip,
}) => {
  if (!mounted) skip(notMounted);
  said.length = 0;
  // What is missing is more than all days hold together.
  const hungry = guarded(310 * MiB);
  await leaveFree(0);
  expect(await freeBytes()).toBeLessThan(MiB);
  await hungry.run();
  await hungry.run();
  for (const table of ['logs', 'spans', 'metric_summaries', 'span_minutes'])
    expect(await daysOf(table)).toEqual(daysFrom(newest));
  expect(hungry.status().disk).toMatchObject({ state: 'full' });
  const full = 'error the disk is nearly full and only data of today is left: make room';
  expect(said.filter((line) => line === full)).toHaveLength(1);
  // The last rollup went after the last raw day.
  expect(said.findLastIndex((line) => line.includes(' logs '))).toBeLessThan(
    said.findIndex((line) => line.includes(' minuteRollups ')),
  );
  await truncate(join(disk, 'ballast'), 0);
  // Whoever made room for today's data, too.
  await engine.command('TRUNCATE TABLE logs');
  await hungry.run();
  expect(said.at(-1)).toBe('info the disk has room again');
  expect(hungry.status().disk).toMatchObject({ state: 'ok' });
});
