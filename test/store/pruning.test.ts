import { parseSearch } from '@sonde/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filterParams } from '../../packages/store/src/query/filters.ts';
import { latencyBucketsQuery } from '../../packages/store/src/query/latency.ts';
import { everything, searchCondition } from '../../packages/store/src/query/search/condition.ts';
import { newestPart, newestSpans } from '../../packages/store/src/query/search/newest-spans.ts';
import { rangeParams } from '../../packages/store/src/query/range.ts';
import { matchingTraces, traceServicesQuery } from '../../packages/store/src/query/traces.ts';
import { serviceRequestsQuery } from '../../packages/store/src/query/services.ts';
import { traceSpansQuery } from '../../packages/store/src/query/trace-spans.ts';
import { openStore, type Store } from './loaded-store.ts';

/** A question about two minutes must not read half an hour: what the engine itself says it would read. */

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const startMs = Date.UTC(2026, 2, 10);
/** Six buckets of five minutes, twelve granules each. */
const rows = 600_000;
const whole = { fromMs: startMs, toMs: startMs + 1_800_000 };
const range = { fromMs: startMs + 600_000, toMs: startMs + 720_000 };

let store: Store;

beforeAll(async () => {
  store = await openStore();
  await store.engine.command(`
INSERT INTO spans (timestamp, trace_id, span_id, name, kind, service, duration_ns, attributes)
SELECT fromUnixTimestamp64Nano(toInt64(${startMs} * 1000000 + number * ${1_800_000_000_000 / rows})),
  toFixedString(reinterpretAsString(sipHash128(number)), 16), toFixedString(reinterpretAsString(sipHash64(number)), 8),
  concat('n', toString(number % 10)), 2, concat('s', toString(number % 7)), number, map('user.id', toString(number))
FROM numbers(${rows})`);
});
afterAll(() => store.close());

/** Granules that the engine would read, of all there are, by `EXPLAIN indexes = 1`. */
async function granules(sql: string, params: Readonly<Record<string, unknown>>) {
  const plan = await store.engine.query<{ explain: string }>(`EXPLAIN indexes = 1 ${sql}`, params, budget);
  const steps = plan.flatMap((row) => {
    const [, left, all] = /^[│ ]*Granules: (\d+)\/(\d+)$/.exec(row.explain) ?? [];
    return left === undefined ? [] : { left: Number(left), all: Number(all) };
  });
  return { left: steps.at(-1)?.left, all: steps[0]?.all };
}

const all = rows / 8192 + 1;

test('the sort key prunes a range of time', async () => {
  const read = await granules(serviceRequestsQuery.sql, { ...rangeParams(range), service: '' });
  expect(read.all).toBeCloseTo(all, -1);
  expect(read.left).toBeLessThan(all / 4);
});

test('and a service within it', async () => {
  const some = await granules(serviceRequestsQuery.sql, { ...rangeParams(whole), service: '' });
  const one = await granules(serviceRequestsQuery.sql, { ...rangeParams(whole), service: 's3' });
  expect(some.left).toBe(some.all);
  expect(one.left).toBeLessThan(all / 2);
});

test('a trace reads its own buckets', async () => {
  const bounds = rangeParams({ fromMs: range.fromMs + 1000, toMs: range.fromMs + 2000 });
  const read = await granules(traceSpansQuery.sql, { ...bounds, bucketed: 1, traceId: 'ab'.repeat(16), limit: 10 });
  expect(read.left).toBeLessThan(all / 4);
});

test('a page of traces that lie far apart reads their granules, by the index of trace ids or by their buckets', async () => {
  const some = [1000, rows - 1000];
  const rowsOf = await store.engine.query<{ traceIds: string[]; buckets: number[] }>(
    `SELECT groupArray(lower(hex(trace_id))) AS traceIds, groupArray(toUnixTimestamp(toStartOfFiveMinutes(timestamp))) AS buckets
     FROM spans WHERE hasAny(indexed_items, {items:Array(String)})`,
    { items: some.map((number) => `user.id=${number}`) },
    budget,
  );
  const [{ traceIds, buckets }] = rowsOf as [{ traceIds: string[]; buckets: number[] }];
  expect(buckets).toHaveLength(2);
  // One granule each, and what the bloom filter mistakes for theirs.
  expect((await granules(traceServicesQuery.sql, { bucketed: 0, buckets: [], traceIds })).left).toBeLessThan(6);
  const [first] = buckets;
  expect((await granules(traceServicesQuery.sql, { bucketed: 1, buckets: [first], traceIds })).left).toBeLessThan(3);
  expect((await granules(traceServicesQuery.sql, { bucketed: 1, buckets: [0], traceIds })).left).toBe(0);
});

function matching(text: string, asked = whole) {
  const parsed = parseSearch(text);
  if (parsed.kind === 'problem') throw new Error(parsed.problem.message);
  const search = searchCondition(parsed.search.expression);
  return granules(matchingTraces(search), { ...search.params, ...rangeParams(asked), ...filterParams({}), status: '' });
}

describe('a search', () => {
  test('finds a rare attribute by the text index', async () => {
    expect((await matching('user.id = 123456')).left).toBe(1);
    expect((await matching('user.id = 123456 and duration > 1ns and (status = error or name ~ "n.")')).left).toBe(1);
  });

  test('and one of several', async () => {
    expect((await matching('user.id in (123456, 500000)')).left).toBe(2);
    expect((await matching('user.id = 123456 or user.id = 500000')).left).toBe(2);
  });

  test('what no index knows reads the range, and no more', async () => {
    expect((await matching('user.id ~ "^123456$"')).left).toBeCloseTo(all, -1);
    expect((await matching('user.id ~ "^123456$"', range)).left).toBeLessThan(all / 4);
  });

  test('a service is found by the sort key', async () => {
    expect((await matching('service.name = s3')).left).toBeLessThan(all / 2);
  });
});

test('completion looks at the newest part of a range, which holds enough', async () => {
  // 20,000 spans a minute.
  const part = await newestPart(store.engine, whole, 50_000);
  expect(part).toEqual({ fromMs: whole.toMs - 180_000, toMs: whole.toMs });
  const read = await granules(newestSpans('attributes.keys'), rangeParams(part));
  expect(read.left).toBeLessThan(all / 4);
  expect(await newestPart(store.engine, whole, rows + 1)).toEqual(whole);
  const nothing = { fromMs: whole.toMs, toMs: whole.toMs + 60_000 };
  expect(await newestPart(store.engine, nothing)).toEqual(nothing);
});

test('a rare attribute is found by the text index', async () => {
  const params = { ...rangeParams(whole), ...filterParams({ attribute: ['user.id=123456'] }), status: '' };
  const read = await granules(latencyBucketsQuery(everything).sql, params);
  expect(read.left).toBe(1);
});
