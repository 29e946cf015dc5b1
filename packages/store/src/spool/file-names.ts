import { type TableName, tables } from '@sonde/otlp';

/**
 * Every name in a spool directory (docs/formats/spool.md). A name says what a file is, so that nothing has to be opened to
 * know what a crash left behind, and the rows of a table can be counted even when the manifest beside it is unreadable.
 *
 *   <id>.<table>.<rows>.native   rows of one table, immutable
 *   <id>.set.json                the manifest: its presence commits the set
 *   <id>.load.json               a load plan: its presence fixes which sets load under the token <id>
 *   <id>.refused.json            which of that plan's inserts the store refused for their content, and what becomes of their rows
 *   <id>.done.json               the same plan after its last insert: what remains of its sets is to be removed
 *   <id>.<table>.<from>-<to>.native   in quarantine/: the rows [from, to) of a table file
 *   <any of these>.tmp           not committed, never acknowledged
 */
type RecordKind = 'set' | 'load' | 'refused' | 'done';

export type SpoolName =
  | { readonly kind: 'table'; readonly id: string; readonly table: TableName; readonly rows: number }
  | { readonly kind: 'rows'; readonly id: string; readonly table: TableName; readonly from: number; readonly to: number }
  | { readonly kind: RecordKind; readonly id: string }
  | { readonly kind: 'temporary' }
  | { readonly kind: 'foreign' };

export const temporarySuffix = '.tmp';
export const tableFileName = (id: string, table: TableName, rows: number): string => `${id}.${table}.${rows}.native`;
export const rowsFileName = (id: string, table: TableName, from: number, to: number): string =>
  `${id}.${table}.${from}-${to}.native`;
export const recordName = (id: string, kind: RecordKind): string => `${id}.${kind}.json`;

const recordKinds = ['set', 'load', 'refused', 'done'] as const;
const recordPattern = /^([0-9a-z-]+)\.([a-z]+)\.json$/;
const tablePattern = /^([0-9a-z-]+)\.([a-z_]+)\.([0-9]+)(?:-([0-9]+))?\.native$/;

export function parseName(name: string): SpoolName {
  if (name.endsWith(temporarySuffix)) return { kind: 'temporary' };
  const record = recordPattern.exec(name);
  const kind = recordKinds.find((known) => known === record?.[2]);
  if (record && kind) return { kind, id: String(record[1]) };
  const table = tablePattern.exec(name);
  if (table && isTable(table[2])) {
    const named = { id: String(table[1]), table: table[2] };
    if (table[4] === undefined) return { kind: 'table', ...named, rows: Number(table[3]) };
    return { kind: 'rows', ...named, from: Number(table[3]), to: Number(table[4]) };
  }
  return { kind: 'foreign' };
}

function isTable(name: string | undefined): name is TableName {
  return name !== undefined && Object.hasOwn(tables, name);
}

/**
 * Ids that sort in the order in which they were given and are never given twice, by this process or a later one: an id is an
 * insert token, and the engine remembers tokens for longer than a spool lives.
 */
export function createIdSource(startedAtMs: number, random: string): () => string {
  const prefix = `${startedAtMs.toString().padStart(14, '0')}-${random}`;
  let last = 0;
  return () => `${prefix}-${(++last).toString().padStart(9, '0')}`;
}
