import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, openEngine } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allQueries } from '../../packages/store/src/query/all-queries.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };

let directory: string;
let engine: Engine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sonde-queries-'));
  engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_default' });
  await migrate(engine);
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

test.each(allQueries.map((query) => [query.name, query] as const))(
  '%s answers with the row that it declares',
  async (_, query) => {
    const params = Object.fromEntries(Object.entries(query.params).map(([name, type]) => [name, sample(name, type)]));
    const columns = await engine.query<{ name: string; type: string }>(`DESCRIBE (${query.sql})`, params, budget);
    expect(Object.fromEntries(columns.map(({ name, type }) => [name, unmerged(type)]))).toEqual(query.row);
  },
);

test('no row holds a number that JSON would round', () => {
  for (const query of allQueries) {
    for (const [column, type] of Object.entries(query.row))
      expect(type, `${query.name}.${column}`).not.toMatch(/Int64|Decimal/);
  }
});

function sample(name: string, type: string): unknown {
  if (type.startsWith('Array')) return [];
  if (name === 'fromNs') return 0;
  return type === 'String' ? '' : type === 'Float64' ? 0.5 : 1;
}

/** A column of a table that merges its rows keeps the function by which it does; a reader sees the value. */
function unmerged(type: string): string {
  return type.replace(/^SimpleAggregateFunction\(any, (.*)\)$/, '$1');
}
