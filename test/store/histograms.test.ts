/** Percentiles from the rollups' histograms against those of the durations themselves. */
import { bucketIndex, rollupBucketsPerOctave } from '@sonde/model';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bucketMiddleNs, histogramPercentiles, middleOfBucket } from '../../packages/store/src/query/histograms.ts';
import { randomOf } from './sample-spans.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const percentiles = [50, 95, 99];

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-histograms-'));
  engine = await openEngine({ path: join(folder, 'db'), database: 'sonde_default' });
  await engine.command(`CREATE TABLE rows (hist Tuple(Array(UInt16), Array(UInt64))) ENGINE = MergeTree ORDER BY tuple()`);
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const { next } = randomOf(13);
const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
const distributions: Readonly<Record<string, () => number>> = {
  'all alike': () => 12_345_678,
  uniform: () => 1e6 + next() * 1e8,
  exponential: () => -Math.log(1 - next()) * 5e7,
  'log-normal': () => Math.exp(17 + normal()),
  'a heavy tail': () => 1e5 / (1 - next()) ** 1.5,
  'two humps': () => (next() < 0.93 ? 2e6 + next() * 1e5 : 3e9 + next() * 1e8),
  'a few ns': () => 8 + next() * 100,
};

test.each(Object.keys(distributions))('within 5 %% of exact: %s', async (name) => {
  const draw = distributions[name] as () => number;
  // Many rows, as minutes are.
  const rows = Array.from({ length: 40 }, () => Array.from({ length: 1 + Math.floor(next() * 200) }, () => Math.round(draw())));
  await engine.command('TRUNCATE TABLE rows');
  const tuples = rows.map((durations) => {
    const counts = new Map<number, number>();
    for (const ns of durations) {
      const bucket = bucketIndex(ns, rollupBucketsPerOctave);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    return `(([${[...counts.keys()].join()}], [${[...counts.values()].join()}]))`;
  });
  await engine.command(`INSERT INTO rows VALUES ${tuples.join(', ')}`);
  const [row] = await engine.query<{ found: number[] }>(
    `SELECT ${histogramPercentiles('hist', percentiles)} AS found FROM rows`,
    {},
    budget,
  );
  const all = rows.flat().toSorted((a, b) => a - b);
  for (const [i, percentile] of percentiles.entries()) {
    const exact = all[Math.max(1, Math.ceil((percentile / 100) * all.length)) - 1] as number;
    const found = row?.found[i] as number;
    expect(Math.abs(found - exact) / exact, `p${percentile} of ${exact}`).toBeLessThan(0.05);
    // The very bucket in which the exact one lies.
    expect(found).toBeCloseTo(bucketMiddleNs(bucketIndex(exact, rollupBucketsPerOctave)), -1);
  }
});

test('the middle of a bucket is the same in SQL', async () => {
  const rows = await engine.query<{ middle: number }>(
    `SELECT ${middleOfBucket('number')} AS middle FROM numbers(513)`,
    {},
    budget,
  );
  for (const [bucket, { middle }] of rows.entries()) {
    expect(Math.abs(middle / bucketMiddleNs(bucket) - 1)).toBeLessThan(1e-12);
    if (middle > 100) expect(bucketIndex(middle, rollupBucketsPerOctave)).toBe(bucket);
  }
});

test('of nothing no percentile is said to be 0 ns long', async () => {
  const [row] = await engine.query<{ found: number[] }>(
    `SELECT ${histogramPercentiles('hist', percentiles)} AS found FROM rows WHERE 0`,
    {},
    budget,
  );
  expect(row?.found).toEqual(percentiles.map(() => bucketMiddleNs(0)));
});
