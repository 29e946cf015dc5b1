import { promoted } from './0001-spans.ts';
import type { Migration } from './migration.ts';

/**
 * The columns of attributes come with the rows (`packages/otlp/src/traces/promoted.ts`): looked up by the engine, they were a third of
 * a load. As defaults the expressions still fill the columns of an insert that has no such columns.
 */
export const promotedAttributes: Migration = {
  version: 5,
  name: 'promoted-attributes',
  statements: Object.entries(promoted).map(
    ([name, [type, expression]]) => `ALTER TABLE spans MODIFY COLUMN ${name} ${type} DEFAULT ${expression} CODEC(ZSTD(1))`,
  ),
};
