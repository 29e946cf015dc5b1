import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Piece } from '../spool/refusals.ts';
import { filesOf, halvesOf, type PlannedFile, tokenOf } from './piece.ts';

const planId = 's00--s09';
const whole: Piece = { kind: 'sets', first: 's00', last: 's09' };
const plannedOf = (rows: readonly number[]): PlannedFile[] =>
  rows.map((count, i) => ({
    setId: `s0${i}`,
    file: { name: `s0${i}.spans.${count}.native`, table: 'spans', rows: count, bytes: 1, crc32: 0 },
  }));

/** Every row of a piece, as set and number. */
const rowsOf = (piece: Piece, planned: readonly PlannedFile[]): string[] =>
  filesOf(piece, planned).flatMap(({ setId, file }) => {
    const [from, to] = piece.kind === 'rows' ? [piece.from, piece.to] : [0, file.rows];
    return Array.from({ length: to - from }, (_, i) => `${setId} ${from + i}`);
  });

it('halves hold each row of the whole once, end in single rows, and no two pieces share a token', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 10 }), (rows) => {
      const planned = plannedOf(rows);
      const tokens = new Map<string, string>();
      const check = (piece: Piece): void => {
        const held = rowsOf(piece, planned);
        const token = tokenOf(planId, piece);
        expect(tokens.get(token) ?? String(held)).toBe(String(held));
        tokens.set(token, String(held));
        if (held.length === 1) return;
        const halves = halvesOf(piece, filesOf(piece, planned));
        expect(halves.flatMap((half) => rowsOf(half, planned))).toEqual(held);
        for (const half of halves) expect(rowsOf(half, planned).length).toBeGreaterThan(0);
        halves.forEach(check);
      };
      check(whole);
    }),
  );
});

it('the token of a piece does not change when a file of it is gone', () => {
  const planned = plannedOf([2, 2, 2, 2]);
  const [first] = halvesOf(whole, planned);
  expect(first).toEqual({ kind: 'sets', first: 's00', last: 's01' });
  expect(tokenOf(planId, first)).toBe('s00--s09/s00..s01');
  expect(filesOf(first, planned.slice(1)).map(({ setId }) => setId)).toEqual(['s01']);
});
