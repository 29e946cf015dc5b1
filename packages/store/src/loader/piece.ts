import { rangeOf } from '../spool/records.ts';
import type { Piece } from '../spool/refusals.ts';
import type { LoadPlan, SpoolFile } from '../spool/spool-set.ts';

export interface PlannedFile {
  readonly setId: string;
  readonly file: SpoolFile;
}

/** All that a plan loads into one table. */
export function wholeOf(plan: LoadPlan): Piece {
  return { kind: 'sets', ...rangeOf(plan.id) };
}

/** The insert token of a piece. It follows from plan, sets and rows alone (the engine keeps the tokens of each table apart). */
export function tokenOf(planId: string, piece: Piece): string {
  if (piece.kind === 'rows') return `${planId}/${piece.set}/${piece.from}-${piece.to}`;
  const { first, last } = piece;
  const whole = rangeOf(planId);
  if (first === whole.first && last === whole.last) return planId;
  return first === last ? `${planId}/${first}` : `${planId}/${first}..${last}`;
}

/** What of a table's files belongs to a piece. */
export function filesOf(piece: Piece, planned: readonly PlannedFile[]): readonly PlannedFile[] {
  if (piece.kind === 'rows') return planned.filter(({ setId }) => setId === piece.set);
  return planned.filter(({ setId }) => setId >= piece.first && setId <= piece.last);
}

/** Two pieces that make up the given one, which holds more than one row. */
export function halvesOf(piece: Piece, files: readonly PlannedFile[]): readonly [Piece, Piece] {
  if (piece.kind === 'rows') return halvesOfRows(piece.set, piece.from, piece.to);
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) return halvesOfRows(only.setId, 0, only.file.rows);
  const middle = files.length >> 1;
  const [lastOfFirst, firstOfLast] = [files[middle - 1], files[middle]];
  if (!lastOfFirst || !firstOfLast) throw new Error('a piece without files has no halves');
  return [
    { kind: 'sets', first: piece.first, last: lastOfFirst.setId },
    { kind: 'sets', first: firstOfLast.setId, last: piece.last },
  ];
}

function halvesOfRows(set: string, from: number, to: number): readonly [Piece, Piece] {
  const middle = from + ((to - from) >> 1);
  return [
    { kind: 'rows', set, from, to: middle },
    { kind: 'rows', set, from: middle, to },
  ];
}
