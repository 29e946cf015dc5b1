import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tables } from '@sonde/otlp';
import { type Engine, migrate, openEngine } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

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

describe('migrations', () => {
  test('each is applied once', async () => {
    expect(await migrate(engine)).toEqual([1, 2, 3, 4]);
    expect(await migrate(engine)).toEqual([]);
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
