/**
 * Bytes on disk for each span, by table, by column and by index, everything merged: 2 million spans as dense as 100 million a day, of a system
 * of 200 services (`load/generated-system.ts`), with their rollups. Figures and what was tried: docs/formats/schema.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, migrate, openEngine } from '@sonde/store';
import { insertEdges, insertPaths, insertSpans, insertStatements } from './load/generated-system.ts';

const spans = 2_000_000;
const spansPerDay = 100_000_000;
const spansPerInsert = 500_000;
const fromMs = Date.UTC(2026, 2, 10, 9);
const system = { fromMs, toMs: fromMs + (spans / spansPerDay) * 86_400_000, spans };
const budget = { timeMs: 60_000, memoryBytes: 2e9, rowsMax: 1e12 };
const columnsShownMin = 0.005;

interface Bytes {
  readonly tableName: string;
  readonly part: string;
  readonly rows: number;
  readonly bytes: number;
}

const sizes = {
  tables: `SELECT table AS tableName, '' AS part, toFloat64(sum(rows)) AS rows, toFloat64(sum(bytes_on_disk)) AS bytes
    FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table`,
  columns: `SELECT table AS tableName, column AS part, toFloat64(sum(rows)) AS rows, toFloat64(sum(column_bytes_on_disk)) AS bytes
    FROM system.parts_columns WHERE database = currentDatabase() AND active GROUP BY table, column`,
  indexes: `SELECT table AS tableName, name AS part, 0. AS rows, toFloat64(data_compressed_bytes + marks_bytes) AS bytes
    FROM system.data_skipping_indices WHERE database = currentDatabase()`,
};

/** Whose rows a table has. An hour has the keys of its rollup soon, a day too: their rows do not grow with the spans of the rest. */
function spansOf(table: string): number {
  if (table.endsWith('_hours')) return spansPerDay / 24;
  return table.endsWith('_days') || table === 'statements' ? spansPerDay : spans;
}

const directory = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
try {
  const engine = await openEngine({ path: join(directory, 'db'), database: 'sonde_bench' });
  await migrate(engine);
  await fill(engine);
  await print(engine);
  await engine.close();
} finally {
  await rm(directory, { recursive: true });
}

async function fill(engine: Engine): Promise<void> {
  for (let from = 0; from < spans; from += spansPerInsert) {
    for (const insert of [insertSpans, insertPaths, insertEdges]) await engine.command(insert(system, from, spansPerInsert));
  }
  await engine.command(insertStatements);
  const tables = await engine.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'`,
    {},
    budget,
  );
  for (const { name } of tables) await engine.maintain(`OPTIMIZE TABLE ${name} FINAL`);
}

async function print(engine: Engine): Promise<void> {
  const ask = (sql: string) => engine.query<Bytes>(`${sql} HAVING bytes > 0 ORDER BY bytes DESC`, {}, budget);
  const [tables, columns, indexes] = [
    await ask(sizes.tables),
    await ask(sizes.columns),
    await engine.query<Bytes>(`${sizes.indexes} ORDER BY bytes DESC`, {}, budget),
  ];
  const perSpan = ({ bytes, tableName }: Bytes) => bytes / spansOf(tableName);
  const sum = tables.filter(({ rows }) => rows > 0).reduce((total, table) => total + perSpan(table), 0);
  console.log(
    `bytes a span, of ${spans} spans in ${Math.round((system.toMs - fromMs) / 60_000)} minutes: ${sum.toFixed(1)} in all`,
  );
  for (const table of tables.filter((one) => perSpan(one) >= columnsShownMin)) {
    const { bytes, rows, tableName } = table;
    console.log(`${perSpan(table).toFixed(2).padStart(7)}  ${tableName}: ${rows} rows of ${(bytes / rows).toFixed(1)} bytes`);
    for (const part of [...columns, ...indexes].filter((one) => one.tableName === tableName)) {
      if (perSpan(part) >= columnsShownMin) console.log(`${perSpan(part).toFixed(2).padStart(14)}  ${part.part}`);
    }
  }
}
