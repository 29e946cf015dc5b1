import { parseSearch } from '@sonde/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filterParams } from '../../packages/store/src/query/filters.ts';
import { latencyBucketsQuery } from '../../packages/store/src/query/latency.ts';
import { everything, searchCondition } from '../../packages/store/src/query/search/condition.ts';
import { newestPart, newestSpans } from '../../packages/store/src/query/search/newest-spans.ts';
import { rangeParams, type TimeRange } from '../../packages/store/src/query/range.ts';
import { traceContentsQuery } from '../../packages/store/src/query/trace-contents.ts';
import { matchingTraces } from '../../packages/store/src/query/traces.ts';
import { fromRollup, fromServices, fromSpanMinutes, rollupRange } from '../../packages/store/src/query/rollup-range.ts';
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

/** Granules that the engine would read of a table, of all there are, by `EXPLAIN indexes = 1`. */
async function granules(sql: string, params: Readonly<Record<string, unknown>>, table = 'spans') {
  const plan = await store.engine.query<{ explain: string }>(`EXPLAIN indexes = 1 ${sql}`, params, budget);
  const lines = plan.map((row) => row.explain);
  const from = lines.findIndex((line) => line.includes(`ReadFromMergeTree (sonde_default.${table})`));
  const next = lines.findIndex((line, i) => i > from && line.includes('ReadFrom'));
  const steps = lines.slice(from, next === -1 ? undefined : next).flatMap((line) => {
    const [, left, of] = /^[│ ]*Granules: (\d+)\/(\d+)$/.exec(line) ?? [];
    return left === undefined ? [] : { left: Number(left), all: Number(of) };
  });
  return { left: steps.at(-1)?.left, all: steps[0]?.all };
}

const all = rows / 8192 + 1;

const requests = latencyBucketsQuery(everything).sql;
const latencyParams = (asked: TimeRange, service = '') => ({
  ...rangeParams(asked),
  ...filterParams({ service }),
  status: '',
});

test('the sort key prunes a range of time', async () => {
  const read = await granules(requests, latencyParams(range));
  expect(read.all).toBeCloseTo(all, -1);
  expect(read.left).toBeLessThan(all / 4);
});

test('and a service within it', async () => {
  const some = await granules(requests, latencyParams(whole));
  const one = await granules(requests, latencyParams(whole, 's3'));
  expect(some.left).toBe(some.all);
  expect(one.left).toBeLessThan(all / 2);
});

describe('rollups', () => {
  /** A day of 250 rows a minute in each of the tables of minutes, and as many in those of hours. */
  const rowsOfDay = 360_000;
  const names = `concat('s', toString(number % 50)), concat('n', toString(intDiv(number, 50) % 5))`;
  const tables = [
    ['span_minutes', 'service, name'],
    ['path_minutes', 'service, name'],
    ['service_minutes', 'service, environment'],
    ['edge_minutes', 'caller_service, caller_name'],
    ['path_hours', 'service, name'],
  ] as const;

  beforeAll(async () => {
    for (const [table, columns] of tables) {
      const time = `toDateTime(${startMs / 1000}, 'UTC') + intDiv(number * 86400, ${rowsOfDay})`;
      const unit = table.endsWith('hours') ? 'Hour' : 'Minute';
      await store.engine.command(
        `INSERT INTO ${table} (time, ${columns}, calls) SELECT toStartOf${unit}(${time}), ${names}, 1 FROM numbers(${rowsOfDay})`,
      );
      await store.engine.command(`OPTIMIZE TABLE ${table} FINAL`);
    }
  });

  const tenMs = 600_000;
  const hour = rollupRange({ fromMs: startMs + 61 * tenMs, toMs: startMs + 67 * tenMs }).params;
  const day = rollupRange({ fromMs: startMs + 19 * tenMs, toMs: startMs + 127 * tenMs }).params;
  const isAsked = `({service:String} = '' OR service = {service:String})`;
  const questions = {
    span_minutes: fromSpanMinutes('calls', isAsked),
    path_minutes: fromRollup('path', 'calls', isAsked),
    service_minutes: fromServices('calls', isAsked),
    edge_minutes: fromRollup('edge', 'calls', isAsked.replaceAll('service =', 'caller_service =')),
    path_hours: fromRollup('path', 'calls', isAsked),
  } as const;

  test.each(['span_minutes', 'path_minutes', 'service_minutes', 'edge_minutes'] as const)('an hour of %s', async (table) => {
    const read = await granules(questions[table], { ...hour, service: '' }, table);
    expect(read.all).toBeGreaterThan(40);
    // Two hours of the key, of 24.
    expect(read.left).toBeLessThanOrEqual(read.all! / 12 + 2);
  });

  test.each(['span_minutes', 'service_minutes', 'edge_minutes'] as const)('an hour of one service of %s', async (table) => {
    const read = await granules(questions[table], { ...hour, service: 's7' }, table);
    expect(read.left).toBeLessThanOrEqual(4);
  });

  test('hours within a range, and the minutes beside them', async () => {
    const hours = await granules(questions.path_hours, { ...day, service: '' }, 'path_hours');
    expect(hours.left).toBeLessThanOrEqual((hours.all! * 18) / 24 + 2);
    const minutes = await granules(questions.path_minutes, { ...day, service: '' }, 'path_minutes');
    expect(minutes.left).toBeLessThanOrEqual(minutes.all! / 6 + 4);
  });
});

test('a trace reads its own buckets', async () => {
  const bounds = rangeParams({ fromMs: range.fromMs + 1000, toMs: range.fromMs + 2000 });
  const read = await granules(traceSpansQuery(false).sql, { ...bounds, bucketed: 1, traceId: 'ab'.repeat(16), limit: 10 });
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
  expect((await granules(traceContentsQuery.sql, { bucketed: 0, buckets: [], traceIds })).left).toBeLessThan(6);
  const [first] = buckets;
  expect((await granules(traceContentsQuery.sql, { bucketed: 1, buckets: [first], traceIds })).left).toBeLessThan(3);
  expect((await granules(traceContentsQuery.sql, { bucketed: 1, buckets: [0], traceIds })).left).toBe(0);
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
