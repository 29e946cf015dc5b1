import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ColumnBatch, type ColumnType, type NativeTable, type TableName, tables } from '@sonde/otlp';
import { Session } from 'chdb';

/** A row as ClickHouse read it: 64-bit integers and times (ns or ms since the epoch) as decimal strings, ids in hex, maps as pairs. */
export type Row = Record<string, unknown>;

/**
 * The judge of what a batch wrote: ClickHouse itself reads the Native files. The engine lives as long as the process: it cannot be
 * opened again once closed.
 */
export class NativeReader {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sonde-otlp-'));
  readonly #session = new Session(join(this.#folder, 'engine'));

  /** Takes the batch; every row of every table in it. */
  rows(batch: ColumnBatch): Partial<Record<TableName, Row[]>> {
    const answer: Partial<Record<TableName, Row[]>> = {};
    for (const block of batch.take()) answer[block.table] = this.read(block);
    return answer;
  }

  /** Every row of one block. */
  read({ table, rows, bytes }: NativeTable): Row[] {
    const path = join(this.#folder, `${table}.native`);
    writeFileSync(path, bytes);
    const read = this.#query(path, tables[table]);
    if (read.length !== rows) throw new Error(`${table}: ${rows} rows written, ${read.length} read`);
    return read;
  }

  #query(path: string, columns: Record<string, ColumnType>): Row[] {
    const selected = Object.entries(columns).map(([name, type]) => `${shown(name, type)} AS ${name}`);
    const text = this.#session.query(
      `SELECT * FROM (SELECT ${selected.join(', ')} FROM (SELECT ${Object.keys(columns)
        .map((name) => `${name} AS ${name}_`)
        .join(', ')} FROM file('${path}', 'Native')))
       SETTINGS output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 1, output_format_json_map_as_array_of_tuples = 1`,
      'JSONEachRow',
    );
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Row => JSON.parse(line));
  }

  close(): void {
    this.#session.cleanup();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function shown(name: string, type: string): string {
  const value = `${name}_`;
  const array = /^Array\((.*)\)$/.exec(type)?.[1];
  if (array !== undefined) {
    const inner = shown('x', array);
    return inner === 'x_' ? value : `arrayMap(x_ -> ${inner}, ${value})`;
  }
  if (type.startsWith('FixedString')) return `lower(hex(${value}))`;
  if (type === 'DateTime64(9)') return `toUnixTimestamp64Nano(${value})`;
  if (type === 'DateTime64(3)') return `toUnixTimestamp64Milli(${value})`;
  if (type.startsWith('Map')) return `arrayZip(mapKeys(${value}), mapValues(${value}))`;
  return value;
}
