import { type TableName, tables } from '@sonde/otlp';
import { type Static, Type } from 'typebox';

const Whole = Type.Integer({ minimum: 0 });
const Table = Type.Unsafe<TableName>(Type.Enum(Object.keys(tables)));

/** One immutable file of one table's rows, as a manifest records it. */
export const SpoolFile = Type.Object({ name: Type.String(), table: Table, rows: Whole, bytes: Whole, crc32: Whole });
export type SpoolFile = Readonly<Static<typeof SpoolFile>>;

/** Whose telemetry a set holds. The collector's own is in no counter: it would never come to rest. */
export type Origin = 'senders' | 'own';

/** What one group commit wrote: acknowledged as a whole, loaded as a whole. `committedAtMs` is the wall clock. */
export const SpoolSet = Type.Object({
  id: Type.String(),
  origin: Type.Optional(Type.Literal('own')),
  committedAtMs: Type.Number(),
  files: Type.ReadonlyType(Type.Array(SpoolFile)),
});
export type SpoolSet = Readonly<Static<typeof SpoolSet>>;

/** The sets that load together, fixed on disk before the first insert. Its id is the insert token. */
export const LoadPlan = Type.Object({ id: Type.String(), sets: Type.Array(SpoolSet) });
export type LoadPlan = Readonly<Static<typeof LoadPlan>>;

export function bytesOf(set: SpoolSet): number {
  return set.files.reduce((sum, file) => sum + file.bytes, 0);
}

export function rowsOf(set: SpoolSet): number {
  return set.files.reduce((sum, file) => sum + file.rows, 0);
}
