import { blocksOfSpans } from './columns.ts';
import type { Migration } from './migration.ts';

/**
 * A search for a rare value reads one granule for each service that its traces went through, some fifty, and decompresses a block of ids for
 * each. Half of migration 11's blocks of trace ids and a quarter of those of parents cost 1.5 bytes a span, and take a quarter off the
 * reading of such a search (docs/formats/schema.md). Parts get them as they are merged.
 */
export const smallerBlocksOfIds: Migration = {
  version: 14,
  name: 'smaller-blocks-of-ids',
  statements: [...blocksOfSpans('trace_id', 1_048_576), ...blocksOfSpans('parent_span_id', 131_072)],
};
