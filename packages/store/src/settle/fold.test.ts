import { expect, test } from 'vitest';
import { fold } from './fold.ts';

test('sums up rows of one key, keeps the greatest maximum, and what lies in each bucket', () => {
  const folded = fold(
    { minute: Uint32Array.of(1, 1, 2, 1), name: Uint32Array.of(7, 8, 7, 7) },
    { calls: Float64Array.of(1, 2, 3, 4), maxNs: Float64Array.of(9, 1, 1, 5) },
    Uint32Array.of(30, 40, 50, 60),
  );
  expect(folded).toMatchObject({
    rows: 3,
    keys: { minute: Uint32Array.of(1, 1, 2), name: Uint32Array.of(7, 8, 7) },
    sums: { calls: Float64Array.of(5, 2, 3), maxNs: Float64Array.of(9, 1, 1) },
  });
  expect(folded.histogram(Float64Array.of(1, 2, 3, 4))).toEqual({
    ends: Float64Array.of(2, 3, 4),
    buckets: Uint16Array.of(30, 60, 40, 50),
    counts: Float64Array.of(1, 4, 2, 3),
  });
  // A bucket with nothing in it takes no room.
  expect(folded.histogram(Float64Array.of(0, 0, 0, 2))).toEqual({
    ends: Float64Array.of(1, 1, 1),
    buckets: Uint16Array.of(60),
    counts: Float64Array.of(2),
  });
});

test('of no rows nothing', () => {
  const folded = fold({ minute: new Uint32Array() }, { calls: new Float64Array() }, new Uint32Array());
  expect(folded.rows).toBe(0);
  expect(folded.histogram(new Float64Array()).buckets).toHaveLength(0);
});
