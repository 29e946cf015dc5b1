import type { Engine } from '@sonde/store';
import { ask } from './sizes.ts';

/** One way to store a column. */
export interface Candidate {
  readonly codec: string;
  /** Bytes that are compressed together, where they are not the engine's 64 KiB. */
  readonly blockBytes?: number;
  /** Another type than the column has, and how a value becomes one (`column` stands for itself unless given). */
  readonly type?: string;
  readonly value?: string;
}

export interface Trial {
  readonly table: string;
  readonly column: string;
  readonly candidates: readonly Candidate[];
}

const settled = `max_threads = 1, max_insert_threads = 1, max_block_size = 65_536, min_insert_block_size_rows = 100_000_000, min_insert_block_size_bytes = 8_000_000_000`;
const repeats = 3;

/** Processor time of this process, in which the engine is; the least of some runs, for others use the machine too. */
async function cheapestMs(run: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage();
    await run();
    const { system, user } = process.cpuUsage(before);
    costs.push((system + user) / 1000);
  }
  return Math.min(...costs);
}

/**
 * A column in the order of its table (which must be one part), alone in a table of its own under each candidate: bytes a row on disk,
 * microseconds of processor time to write a row from memory, milliseconds to read all of it by one thread.
 */
export async function tryCodecs(engine: Engine, { candidates, column, table }: Trial): Promise<void> {
  const [type] = await ask<{ type: string }>(
    engine,
    `SELECT type FROM system.columns WHERE database = currentDatabase() AND table = '${table}' AND name = '${column}'`,
  );
  if (type === undefined) throw new Error(`${table} has no column ${column}`);
  await engine.command(`CREATE TABLE trial_source ENGINE = Memory AS SELECT ${column} FROM ${table} SETTINGS max_threads = 1`);
  console.log(`\n${table}.${column} ${type.type}`);
  for (const candidate of candidates) console.log(await tryOne(engine, column, type.type, candidate));
  await engine.command('DROP TABLE trial_source SYNC');
}

async function tryOne(engine: Engine, column: string, ownType: string, candidate: Candidate): Promise<string> {
  const { blockBytes, codec, type = ownType, value = column } = candidate;
  const blocks =
    blockBytes === undefined
      ? ''
      : ` SETTINGS (min_compress_block_size = ${blockBytes}, max_compress_block_size = ${blockBytes})`;
  await engine.command(`CREATE TABLE trial (${column} ${type} CODEC(${codec})${blocks}) ENGINE = MergeTree ORDER BY tuple()
    SETTINGS min_bytes_for_wide_part = 0, allow_suspicious_low_cardinality_types = 1, old_parts_lifetime = 0`);
  const writeMs = await cheapestMs(async () => {
    await engine.command('TRUNCATE TABLE trial');
    await engine.command(`INSERT INTO trial SELECT ${value} FROM trial_source SETTINGS ${settled}`);
  });
  const readMs = await cheapestMs(() =>
    ask(engine, `SELECT count() FROM trial WHERE NOT ignore(${column}) SETTINGS max_threads = 1`),
  );
  const [sum] = await ask<{ bytes: number; rows: number }>(
    engine,
    `SELECT toFloat64(sum(column_bytes_on_disk)) AS bytes, toFloat64(sum(rows)) AS rows
    FROM system.parts_columns WHERE database = currentDatabase() AND table = 'trial' AND active`,
  );
  await engine.command('DROP TABLE trial SYNC');
  const { bytes, rows } = sum ?? { bytes: 0, rows: 0 };
  const named = `${codec}${blockBytes === undefined ? '' : `, ${blockBytes / 1024} KiB`}${type === ownType ? '' : `, ${type}`}`;
  return `  ${named.padEnd(44)} ${(bytes / rows).toFixed(2).padStart(8)} bytes ${((writeMs * 1000) / rows).toFixed(3).padStart(8)} us ${readMs.toFixed(0).padStart(6)} ms`;
}

/** Bytes a row of a whole table in another order: the rows of `table`, sorted by `orderBy`, indexes included. */
export async function tryOrder(engine: Engine, table: string, orderBy: string): Promise<void> {
  await engine.command(
    `CREATE TABLE reordered AS ${table} ENGINE = MergeTree ORDER BY (${orderBy}) SETTINGS old_parts_lifetime = 0`,
  );
  await engine.command(`INSERT INTO reordered SELECT * FROM ${table}`);
  await engine.maintain('OPTIMIZE TABLE reordered FINAL');
  const [sum] = await ask<{ each: number }>(
    engine,
    `SELECT sum(bytes_on_disk) / sum(rows) AS each FROM system.parts WHERE database = currentDatabase() AND table = 'reordered' AND active`,
  );
  await engine.command('DROP TABLE reordered SYNC');
  console.log(`  ${table} by ${orderBy}: ${sum?.each.toFixed(2)} bytes a row`);
}

/** Bytes a row of an index that is built anew over all of `table`, under each of these definitions and (of the table) settings. */
export async function tryIndexes(
  engine: Engine,
  table: string,
  index: string,
  candidates: readonly { readonly definition: string; readonly settings?: string }[],
): Promise<void> {
  console.log(`\n${table}.${index}`);
  for (const { definition, settings } of candidates) {
    const others = await ask<{ name: string }>(
      engine,
      `SELECT name FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = '${table}'`,
    );
    await engine.command(`CREATE TABLE indexed AS ${table}`);
    for (const { name } of others) await engine.command(`ALTER TABLE indexed DROP INDEX ${name}`);
    await engine.command(`ALTER TABLE indexed ADD INDEX ${index} ${definition}`);
    if (settings !== undefined) await engine.command(`ALTER TABLE indexed MODIFY SETTING ${settings}`);
    const before = process.cpuUsage();
    await engine.command(`INSERT INTO indexed SELECT * FROM ${table}`);
    await engine.maintain('OPTIMIZE TABLE indexed FINAL');
    const { system, user } = process.cpuUsage(before);
    const [sum] = await ask<{ bytes: number; rows: number }>(
      engine,
      `SELECT toFloat64(data_compressed_bytes + marks_bytes) AS bytes, (SELECT toFloat64(count()) FROM indexed) AS rows
      FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'indexed'`,
    );
    await engine.command('DROP TABLE indexed SYNC');
    const { bytes, rows } = sum ?? { bytes: 0, rows: 1 };
    const seconds = ((system + user) / 1e6).toFixed(0);
    console.log(`  ${definition} ${settings ?? ''}: ${(bytes / rows).toFixed(2)} bytes a row, ${seconds} s with all columns`);
  }
}

export const zstd = (level: number, blockBytes?: number): Candidate => ({
  codec: `ZSTD(${level})`,
  ...(blockBytes === undefined ? {} : { blockBytes }),
});
