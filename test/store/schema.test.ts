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

const next = Math.max(...migrations.map(({ version }) => version)) + 1;
const steps = (second: string): Migration[] => [
  ...migrations,
  {
    version: next,
    name: 'cut-short',
    statements: ['CREATE TABLE IF NOT EXISTS first (n UInt8) ENGINE = MergeTree ORDER BY n', second],
  },
];

describe('migrations', () => {
  test('each is applied once', async () => {
    expect(await migrate(engine)).toEqual(migrations.map(({ version }) => version));
    expect(await migrate(engine)).toEqual([]);
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
