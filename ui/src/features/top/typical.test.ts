import { expect, test } from 'vitest';
import { typicalDurationsMs } from './typical.ts';

const bucket = (fromNs: number, toNs: number, count: number) => ({ fromNs, toNs, count, errors: 0 });

test('typical is the bucket of the median, rounded outwards', () => {
  const buckets = [bucket(1_000_100, 1_100_200, 1), bucket(1_100_200, 1_200_300, 5), bucket(1_200_300, 1_300_400, 1)];
  expect(typicalDurationsMs({ buckets, p50Ns: 1_150_000 })).toEqual({ minMs: 1.1, maxMs: 1.201 });
  expect(typicalDurationsMs({ buckets, p50Ns: null })).toBeUndefined();
  expect(typicalDurationsMs({ buckets: [], p50Ns: 5 })).toBeUndefined();
});
