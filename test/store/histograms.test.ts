/** Percentiles from the rollups' histograms against those of the durations themselves. */
import { bucketIndex, bucketLowerNs, rollupBucketsPerOctave } from '@sonde/model';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { percentilesNs, usualPercentilesNs } from '../../packages/store/src/query/histograms.ts';
import { randomOf } from './sample-spans.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const percentiles = [50, 95, 99];
const middleNs = (bucket: number) => bucketLowerNs(bucket + 0.5, rollupBucketsPerOctave);

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonde-histograms-'));
  engine = await openEngine({ path: join(folder, 'db'), database: 'sonde_default' });
  await engine.command(
    `CREATE TABLE rows (max_ns UInt64, hist Tuple(Array(UInt16), Array(UInt64))) ENGINE = MergeTree ORDER BY tuple()`,
  );
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
    return `(${Math.max(...durations)}, ([${[...counts.keys()].join()}], [${[...counts.values()].join()}]))`;
  });
  await engine.command(`INSERT INTO rows VALUES ${tuples.join(', ')}`);
  const [row] = await engine.query<{ found: number[] }>(
    `SELECT ${usualPercentilesNs('count()')} AS found FROM rows`,
    {},
    budget,
  );
  const all = rows.flat().toSorted((a, b) => a - b);
  for (const [i, percentile] of percentiles.entries()) {
    const exact = all[Math.max(1, Math.ceil((percentile / 100) * all.length)) - 1] as number;
    const found = row?.found[i] as number;
    expect(Math.abs(found - exact) / exact, `p${percentile} of ${exact}`).toBeLessThan(0.05);
    // The very bucket in which the exact one lies.
    const middle = middleNs(bucketIndex(exact, rollupBucketsPerOctave));
    expect(found).toBeCloseTo(Math.min(middle, all.at(-1) as number), -1);
  }
});

test('bucket by bucket as the model has it, none above the longest', async () => {
  await engine.command('TRUNCATE TABLE rows');
  await engine.command(
    'INSERT INTO rows SELECT if(number % 2 = 0, 18446744073709551615, 1000), ([toUInt16(number)], [toUInt64(1)]) FROM numbers(512)',
  );
  const rows = await engine.query<{ bucket: number; found: number[] }>(
    `SELECT hist.1[1] AS bucket, ${percentilesNs('0.5', 'count()')} AS found FROM rows GROUP BY bucket ORDER BY bucket`,
    {},
    budget,
  );
  expect(rows.length).toBe(512);
  for (const { bucket, found } of rows) {
    const expected = bucket % 2 === 0 ? middleNs(bucket) : Math.min(middleNs(bucket), 1000);
    expect(Math.abs((found[0] as number) / expected - 1)).toBeLessThan(1e-12);
  }
});

test('nothing where nothing was counted', async () => {
  const [row] = await engine.query<{ found: number[] }>(
    `SELECT ${usualPercentilesNs('count()')} AS found FROM rows WHERE 0`,
    {},
    budget,
  );
  expect(row?.found).toEqual([]);
});
