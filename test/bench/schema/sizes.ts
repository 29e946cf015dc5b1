import type { Engine } from '@sonde/store';

/** A bench may take as long as it takes. */
const budget = { timeMs: 600_000, memoryBytes: 8e9, rowsMax: 1e12 };
const bytesShownMin = 0.005;

interface Bytes {
  readonly tableName: string;
  readonly part: string;
  readonly rows: number;
  readonly bytes: number;
}

const tables = `SELECT table AS tableName, '' AS part, toFloat64(sum(rows)) AS rows, toFloat64(sum(bytes_on_disk)) AS bytes
  FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table HAVING bytes > 0`;
const columns = `SELECT table AS tableName, column AS part, toFloat64(sum(rows)) AS rows, toFloat64(sum(column_bytes_on_disk)) AS bytes
  FROM system.parts_columns WHERE database = currentDatabase() AND active GROUP BY table, column HAVING bytes > 0`;
const indexes = `SELECT table AS tableName, concat(name, ' (index)') AS part, 0. AS rows, toFloat64(data_compressed_bytes + marks_bytes) AS bytes
  FROM system.data_skipping_indices WHERE database = currentDatabase()`;

export function ask<Row>(engine: Engine, sql: string): Promise<Row[]> {
  return engine.query<Row>(sql, {}, budget);
}

/**
 * One part for each day of each table: what is left when the merges have come to rest. `wide`: with a file for each column however few rows
 * there are, where a few stand for many.
 */
export async function mergeAll(engine: Engine, parts: 'wide' | 'as they come' = 'as they come'): Promise<void> {
  const names = await ask<{ name: string }>(
    engine,
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'`,
  );
  for (const { name } of names) {
    if (parts === 'wide') await engine.maintain(`ALTER TABLE ${name} MODIFY SETTING min_bytes_for_wide_part = 0`);
    await engine.maintain(`OPTIMIZE TABLE ${name} FINAL`);
  }
}

/** Bytes on disk of each table, its columns and its indexes. `itemsOf`: by how many items they are divided; of the table's rows unless given. */
export async function printBytes(engine: Engine, item: string, itemsOf?: (table: string) => number): Promise<void> {
  const ofParts = [...(await ask<Bytes>(engine, columns)), ...(await ask<Bytes>(engine, indexes))];
  const ofTables = (await ask<Bytes>(engine, tables)).filter(({ tableName }) => tableName !== 'migrations');
  const each = ({ bytes, rows }: Bytes, table: Bytes) => bytes / (itemsOf?.(table.tableName) ?? Math.max(rows, table.rows));
  if (itemsOf) console.log(`${ofTables.reduce((sum, table) => sum + each(table, table), 0).toFixed(1)} bytes ${item} in all`);
  for (const table of ofTables.toSorted((a, b) => each(b, b) - each(a, a))) {
    if (each(table, table) < bytesShownMin) continue;
    const { bytes, rows, tableName } = table;
    console.log(
      `${each(table, table).toFixed(2).padStart(7)} ${item}  ${tableName}: ${rows} rows of ${(bytes / rows).toFixed(2)} bytes`,
    );
    const shown = ofParts.filter((one) => one.tableName === tableName && each(one, table) >= bytesShownMin);
    for (const part of shown.toSorted((a, b) => b.bytes - a.bytes)) {
      console.log(`${each(part, table).toFixed(3).padStart(15)}  ${part.part}`);
    }
  }
}
