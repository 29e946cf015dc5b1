import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tables } from '@sonde/otlp';
import { type Engine, EngineUnusable, migrate, openEngine } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrations } from '../../packages/store/src/schema/migrate.ts';
import type { Migration } from '../../packages/store/src/schema/migration.ts';
import { countPoints, insertPoints } from './old-points.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

let directory: string;
let engine: Engine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-schema-'));
  engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

const newest = Math.max(...migrations.map(({ version }) => version));
const next = newest + 1;
const steps = (second: string): Migration[] => [
  ...migrations,
  {
    version: next,
    name: 'cut-short',
    statements: ['CREATE TABLE IF NOT EXISTS first (n UInt8) ENGINE = MergeTree ORDER BY n', second],
  },
];

describe('migrations', () => {
  const old = migrations.slice(0, 10);

  test('each is applied once', async () => {
    expect(await migrate(engine, old)).toEqual(old.map(({ version }) => version));
    expect(await migrate(engine, old)).toEqual([]);
  });

  test('rows from before other codecs and another index are read as they were, and found', async () => {
    const times = ['0', '-1000000000', '1773133200123456789', '1773133200123456790', '9223372036854775000'];
    const durations = ['0', '1', '18446744073709551615', '9223372036854775808', '255'];
    const insert = (from: number) =>
      engine.command(`
INSERT INTO spans (timestamp, received_at, duration_ns, trace_id, span_id, attributes)
SELECT fromUnixTimestamp64Nano(toInt64([${times.map((time) => `'${time}'`).join(', ')}][n + 1]), 'UTC'), toDateTime64(n * 1e9, 3, 'UTC'),
  toUInt64([${durations.map((one) => `'${one}'`).join(', ')}][n + 1]), toFixedString(toString(n), 16), toFixedString(toString(number), 8),
  map('user.id', toString(n), 'db.query.text', concat('SELECT ', toString(n)))
FROM (SELECT number, number % ${times.length} AS n FROM numbers(${from}, 1000))`);
    /** Of two APIs and three instances, over two days. */
    const insertPaths = () =>
      engine.command(`
INSERT INTO path_minutes (time, api_name, service, name, kind, instance, host, statement_hash, calls, self_ns, max_ns, hist)
SELECT toDateTime(1773133200 + number * 100, 'UTC'), toString(number % 2), 'shop', toString(number % 5), number % 3, toString(number % 3),
  toString(number % 3), number % 2, 1, number, number, ([number % 40], [1])
FROM numbers(1000)`);
    await insert(0);
    await insertPaths();
    await insertPoints(engine, 1000);
    const rest = migrations.slice(old.length).map(({ version }) => version);
    expect(await migrate(engine)).toEqual(rest);
    expect(await migrate(engine)).toEqual([]);
    const read = () =>
      engine.query<{ ns: string; duration: string; rows: number; found: number; scanned: number }>(
        `SELECT toString(toUnixTimestamp64Nano(timestamp)) AS ns, toString(duration_ns) AS duration, toUInt32(count()) AS rows,
           toUInt32(countIf(has(indexed_items, concat('user.id=', trimRight(trace_id, '\0'))))) AS found,
           toUInt32(countIf(arrayExists(item -> startsWith(item, 'db.query'), indexed_items))) AS scanned
         FROM spans GROUP BY timestamp, duration_ns ORDER BY timestamp`,
        {},
        budget,
      );
    const expected = (rows: number) =>
      times
        .map((ns, i) => ({ ns, duration: durations[i], rows, found: rows, scanned: 0 }))
        .toSorted((a, b) => Number(BigInt(a.ns) - BigInt(b.ns)));
    expect(await read()).toEqual(expected(200));
    await insert(1000);
    await insertPaths();
    await engine.maintain('OPTIMIZE TABLE spans FINAL');
    expect(await read()).toEqual(expected(400));
    const one = `SELECT count() = 400 AS found FROM spans WHERE has(indexed_items, 'user.id=3')`;
    expect(await engine.query(one, {}, budget)).toEqual([{ found: 1 }]);
  });

  test('points from before other codecs are read as they were, merged with those that come', async () => {
    const expected = (rows: number) =>
      Object.fromEntries(['metric_samples', 'metric_histograms', 'metric_summaries'].map((table) => [table, [rows, rows]]));
    expect(await countPoints(engine)).toEqual(expected(1000));
    await insertPoints(engine, 1000);
    for (const table of Object.keys(expected(0))) await engine.maintain(`OPTIMIZE TABLE ${table} FINAL`);
    expect(await countPoints(engine)).toEqual(expected(2000));
  });

  test('rollups of fewer keys have the rows from before, and those that come', async () => {
    const fewer = {
      operation: 'kind, service, name, is_entry, asynchronous, dependency_kind, statement_hash, environment',
      instance: 'service, environment, instance, host',
    };
    const sums = (rollup: string, keys: string) => `
SELECT time, ${keys}, sum(calls) AS calls${rollup === 'operation' ? ', sum(self_ns) AS self_ns, max(max_ns) AS max_ns, sumMap(hist.1, hist.2) AS hist' : ''}`;
    for (const [rollup, keys] of Object.entries(fewer)) {
      for (const resolution of ['hours', 'days']) {
        const of = (table: string) => `${sums(rollup, keys)} FROM ${table}_${resolution} GROUP BY time, ${keys} ORDER BY ALL`;
        const own = await engine.query<{ calls: string }>(of(rollup), {}, budget);
        expect(own).toEqual(await engine.query(of('path'), {}, budget));
        expect(own.reduce((sum, { calls }) => sum + Number(calls), 0)).toBe(2000);
      }
    }
  });

  test('one that was cut short runs again from its beginning', async () => {
    await expect(migrate(engine, steps('CREATE TABLE second (n NoSuchType) ENGINE = MergeTree ORDER BY n'))).rejects.toThrow(
      'NoSuchType',
    );
    expect(await migrate(engine, steps('CREATE TABLE IF NOT EXISTS second (n UInt8) ENGINE = MergeTree ORDER BY n'))).toEqual([
      next,
    ]);
    expect(await engine.query('SELECT count() = 0 AS empty FROM second', {}, budget)).toEqual([{ empty: 1 }]);
  });

  test('a database of a newer build is refused, and left as it was', async () => {
    await expect(migrate(engine)).rejects.toThrow(EngineUnusable);
    await expect(migrate(engine)).rejects.toThrow(`schema version ${next}, this build knows ${next - 1}`);
  });

  test('another process is kept out', async () => {
    const open = `import { openEngine } from '@sonde/store';
      openEngine({ path: ${JSON.stringify(join(directory, 'db'))}, database: 'sonde_default' }).then(() => process.exit(0), (error) => { console.log(error.name, error.message); process.exit(3); });`;
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--conditions', '@sonde/source', '--import', 'tsx', '--input-type=module', '-e', open],
      {
        encoding: 'utf8',
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
      },
    );
    expect(stdout).toMatch(/EngineUnusable .*is another process using it/);
    expect(status).toBe(3);
  });

  test('every wire column is there, in the type that the decoder writes', async () => {
    for (const [table, columns] of Object.entries(tables)) {
      const rows = await engine.query<{ name: string; type: string }>(`DESCRIBE TABLE ${table}`, {}, budget);
      const types = new Map(rows.map((row) => [row.name, storedAs(row.type)]));
      for (const [name, type] of Object.entries(columns))
        expect(types.get(name), `${table}.${name}`).toBe(type.replace('Map(LowCardinality(String)', 'Map(String'));
    }
  });
});

/** The wire type of a stored one: without the zone of a time, the dictionary of a map's keys and the function that merges rows. */
function storedAs(type: string): string {
  return type
    .replace(/^SimpleAggregateFunction\(\w+, (.*)\)$/, '$1')
    .replace('Map(LowCardinality(String)', 'Map(String')
    .replaceAll(/DateTime64\((\d), 'UTC'\)/g, 'DateTime64($1)');
}
