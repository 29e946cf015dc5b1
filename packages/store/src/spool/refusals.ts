import { type TableName, tables } from '@sonde/otlp';
import { type Static, Type } from 'typebox';

const Whole = Type.Integer({ minimum: 0 });
const Table = Type.Unsafe<TableName>(Type.Enum(Object.keys(tables)));

/** A part of what one plan loads into one table. `sets`: the files of all its sets from `first` to `last`; `rows`: the rows [from, to) of one. */
export const Piece = Type.Union([
  Type.Object({ kind: Type.Literal('sets'), first: Type.String(), last: Type.String() }),
  Type.Object({ kind: Type.Literal('rows'), set: Type.String(), from: Whole, to: Whole }),
]);
export type Piece = Readonly<Static<typeof Piece>>;

/**
 * The store refused the rows under a token, for their content. What becomes of them is decided there and then: they are tried again in
 * `halves`, or go to quarantine as they are, for `reason` (of a closed list); `details` are for the human.
 */
export const Refusal = Type.Object({
  table: Table,
  token: Type.String(),
  next: Type.Union([
    Type.Object({ kind: Type.Literal('halves'), halves: Type.ReadonlyType(Type.Array(Piece)) }),
    Type.Object({ kind: Type.Literal('quarantine'), reason: Type.String(), details: Type.String() }),
  ]),
});
export type Refusal = Readonly<Static<typeof Refusal>>;
