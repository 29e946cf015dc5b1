import { blocksOfSpans } from './columns.ts';
import type { Migration } from './migration.ts';

/**
 * Attributes that are nearly as many as spans and that nobody asks for by their whole value. An item that is longer than this is not in
 * the index either, whatever its key.
 */
const unindexedKeys: readonly string[] = [
  'db.query.text',
  'db.statement',
  'url.full',
  'http.url',
  'exception.stacktrace',
  'code.stacktrace',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
];
const itemBytesMax = 256;

/** Whether the index holds `key=value`. What begins like one of the keys above may be of another key: then it says no, which is safe. */
export function isIndexedItem(item: string): boolean {
  return Buffer.byteLength(item) <= itemBytesMax && !unindexedKeys.some((key) => item.startsWith(`${key}=`));
}

const keys = unindexedKeys.map((key) => `'${key}'`).join(', ');

/**
 * Those of `attribute_items` that the text index holds: all of which `isIndexedItem` says so. `transform` gives the bytes an item of a key
 * may have, and costs a twentieth of `indexOf`. The engine finds the index by this very expression: what its optimizer would write
 * otherwise (`IN`, `has` of a list, `!= ''`, `BETWEEN`, a chain of `OR`) it does not know again.
 */
const bytesOf = `transform(k, [${keys}], [${unindexedKeys.map(() => 0).join(', ')}], ${itemBytesMax})`;
const indexedItems = `arrayFilter((item, k) -> length(item) <= ${bytesOf}, arrayMap((k, v) -> concat(k, '=', v), mapKeys(attributes), mapValues(attributes)), mapKeys(attributes))`;

const wholeNumber = 'CODEC(T64, ZSTD(1))';

/**
 * Codecs that were measured against each other (docs/formats/schema.md has the figures, those that lost too). Parts get them as they are
 * merged; nothing is rewritten for them.
 *
 * The spans of a trace lie in one bucket of five minutes, but by service: blocks of 2 MiB (131,072 ids) hold an id more than once.
 */
export const measuredCodecs: Migration = {
  version: 11,
  name: 'measured-codecs',
  statements: [
    `ALTER TABLE spans
  MODIFY COLUMN trace_id CODEC(ZSTD(3)),
  MODIFY COLUMN parent_span_id CODEC(ZSTD(3)),
  MODIFY COLUMN timestamp CODEC(Delta(8), T64, ZSTD(1)),
  MODIFY COLUMN received_at CODEC(Delta(8), T64, ZSTD(1)),
  MODIFY COLUMN duration_ns ${wholeNumber},
  MODIFY COLUMN attributes CODEC(ZSTD(3))`,
    ...blocksOfSpans('trace_id', 2_097_152),
    ...blocksOfSpans('parent_span_id', 524_288),

    `ALTER TABLE trace_ts
  MODIFY COLUMN first ${wholeNumber},
  MODIFY COLUMN last ${wholeNumber},
  MODIFY COLUMN end_ns ${wholeNumber},
  MODIFY COLUMN spans ${wholeNumber},
  MODIFY COLUMN errors ${wholeNumber}`,

    `ALTER TABLE spans ADD COLUMN IF NOT EXISTS indexed_items Array(String) ALIAS ${indexedItems}`,
    `ALTER TABLE spans ADD INDEX IF NOT EXISTS indexed_items_index indexed_items TYPE text(tokenizer = 'array')`,
    'ALTER TABLE spans DROP INDEX IF EXISTS attribute_items_index',
    'ALTER TABLE spans MATERIALIZE INDEX indexed_items_index SETTINGS mutations_sync = 0',
  ],
};
