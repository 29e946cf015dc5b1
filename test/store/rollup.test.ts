/** The rollup of spans by the minute against a slow count of the same spans in plain TypeScript. */
import { bucketIndex, bucketLowerNs } from '@sonde/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, type Store, traceRequest } from './loaded-store.ts';
import { randomOf, type SampleSpan, sampleSpans } from './sample-spans.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const perOctave = 8;

let store: Store;
let spans: readonly SampleSpan[];

/** Around every bound of a bucket, where a logarithm may err, and all over. */
function withDurations(made: readonly SampleSpan[]): readonly SampleSpan[] {
  const random = randomOf(7);
  return made.map((span, i) => {
    const bound = Math.round(bucketLowerNs(i % 400, perOctave)) + random.below(3) - 1;
    return { ...span, durationNs: BigInt(i % 2 === 0 ? Math.max(0, bound) : random.below(2 ** 31)) };
  });
}

beforeAll(async () => {
  store = await openStore();
  spans = withDurations(sampleSpans(5, 300, 600));
  const half = Math.floor(spans.length / 2);
  // Two loads: what they have in common is added up.
  await store.load('traces', traceRequest(spans.slice(0, half)));
  await store.load('traces', traceRequest(spans.slice(half)));
});
afterAll(() => store.close());

test('counts each span once, in its minute, under its names, in its bucket', async () => {
  const expected = new Map<string, { spans: bigint; total: bigint; max: bigint; buckets: number[] }>();
  for (const { durationNs, failed, host, instance, kind, name, service, startNs, version } of spans) {
    const minute = (startNs / 60_000_000_000n) * 60n;
    const bucket = bucketIndex(Number(durationNs), perOctave);
    const key = [minute, service, name, kind, failed ? 2 : 0, version, instance, host].join('|');
    const sum = expected.get(key) ?? { spans: 0n, total: 0n, max: 0n, buckets: [] };
    const max = durationNs > sum.max ? durationNs : sum.max;
    expected.set(key, { spans: sum.spans + 1n, total: sum.total + durationNs, max, buckets: [...sum.buckets, bucket] });
  }
  const rows = await store.engine.query<{ key: string; spans: string; total: string; max: string; buckets: string[] }>(
    `SELECT concatWithSeparator('|', toString(toUInt32(time)), service, name, toString(kind), toString(status_code), version,
       instance, host) AS key,
       toString(sum(calls)) AS spans, toString(sum(total_ns)) AS total, toString(max(max_ns)) AS max,
       arrayMap((bucket, count) -> concat(toString(bucket), 'x', toString(count)), (sumMap(hist) AS merged).1, merged.2) AS buckets
     FROM span_minutes GROUP BY key`,
    {},
    budget,
  );
  const counted = (buckets: readonly number[]) =>
    [...new Set(buckets)]
      .toSorted((a, b) => a - b)
      .map((bucket) => `${bucket}x${buckets.filter((each) => each === bucket).length}`);
  const found = new Map(rows.map((row) => [row.key, [BigInt(row.spans), BigInt(row.total), BigInt(row.max), row.buckets]]));
  expect(found).toEqual(
    new Map([...expected].map(([key, { spans: count, total, max, buckets }]) => [key, [count, total, max, counted(buckets)]])),
  );
});
