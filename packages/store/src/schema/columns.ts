import { type TableName, tables } from '@sonde/otlp';

/**
 * The wire columns of a table as DDL, with what the store adds to some of them. `except`: those that a later migration brings.
 *
 * Times are given a zone: without one, ClickHouse would cut days and five-minute buckets by the zone of the machine, and a laptop
 * that travels would look for its rows in other partitions than they lie in.
 */
export function wireColumns(
  table: TableName,
  additions: Readonly<Record<string, string>> = {},
  except: readonly string[] = [],
): string {
  const columns: Readonly<Record<string, string>> = tables[table];
  for (const name of Object.keys(additions)) {
    if (columns[name] === undefined) throw new Error(`${table} has no column ${name}`);
  }
  return Object.entries(columns)
    .filter(([name]) => !except.includes(name))
    .map(([name, type]) => `  ${name} ${(additions[name] ?? '{type} CODEC(ZSTD(1))').replace('{type}', () => inUtc(type))}`)
    .join(',\n');
}

export function inUtc(type: string): string {
  return type.replaceAll(/DateTime64\((\d)\)/g, "DateTime64($1, 'UTC')");
}

export const timeCodec = '{type} CODEC(Delta(8), ZSTD(1))';

/** A column that is the same in all rows of one key. */
export const any = 'SimpleAggregateFunction(any, {type}) CODEC(ZSTD(1))';

/** The same for a map: `any` keeps no dictionary for its keys. */
export const anyMap = 'SimpleAggregateFunction(any, Map(String, String)) CODEC(ZSTD(1))';

/** The value of the first of these attributes that is there. */
export function firstAttribute(...keys: readonly [string, ...string[]]): string {
  const [key, ...older] = keys;
  if (older.length === 0) return `attributes['${key}']`;
  return `if(attributes['${key}'] != '', attributes['${key}'], ${firstAttribute(...(older as [string]))})`;
}

/** `key=value` of every attribute: what the text index holds, so that a rare value is found without reading the maps. */
export const attributeItems = `attribute_items Array(String) ALIAS arrayMap((k, v) -> concat(k, '=', v), mapKeys(attributes), mapValues(attributes))`;

/**
 * Of every table. A load that is repeated under its token is recognised for this many parts of a table: a load makes one part for
 * each day that it touches, and the widest legal one (ten years either way) makes 7,300. And a part is on disk before its load is
 * done, because the spool then forgets the rows: without the two fsyncs a power cut could take what was acknowledged.
 */
export const tableSettings = 'non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1';

/** Bytes of a column that are compressed together before a block is closed: what the engine would do at 64 KiB. */
export function blocksOfSpans(column: string, bytes: number): string[] {
  return ['min', 'max'].map(
    (bound) => `ALTER TABLE spans MODIFY COLUMN ${column} MODIFY SETTING ${bound}_compress_block_size = ${bytes}`,
  );
}
