/** The rankings against plain sums over what settling says of each span. */
import { countedTimes, getTop, rankedKinds } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNear } from './near.ts';
import { sum, widened } from './slow-answers.ts';
import { keyText, slowTop, type TopAsked } from './slow-top.ts';
import { openSystem, ranges, type System } from './system-store.ts';

const reply = Compile(getTop.reply);
let system: System;

beforeAll(async () => {
  system = await openSystem(20_261_121, 700);
});
afterAll(() => system.store.close());

test('the sample holds what it is meant to hold', () => {
  const { messages, spans } = system.settled;
  expect(spans.length).toBeGreaterThan(2000);
  expect(messages.length).toBeGreaterThan(100);
  expect(new Set(messages.map(({ consumer }) => consumer)).size).toBeLessThan(messages.length);
  expect(spans.filter((one) => one.asynchronous).length).toBeGreaterThan(200);
  expect(spans.filter((one) => one.isEntry && one.span.kind === 1).length).toBeGreaterThan(50);
});

const trendMeasures = { volume: 'exact', latency: 'percentile', hotspot: 'time' } as const;

async function check(range: { readonly fromMs: number; readonly toMs: number }, asked: TopAsked, countMin: number) {
  const answer = await system.store.questions.top(range, { ...asked, limit: 1000 });
  expect(reply.Errors(answer)).toEqual([]);
  expect(answer.range).toEqual(widened(range));
  const slow = slowTop(system.settled, asked, answer);
  expect(slow.length).toBeGreaterThanOrEqual(countMin);
  const items = answer.items.map((item) => ({ ...item, key: keyText(item.key) }));
  const inOrder = <Item extends { readonly key: string }>(list: readonly Item[]) =>
    list.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  // What messages waited is part of a queue's total.
  const total = asked.of === 'queue' ? [[/totalNs$/, 'time'] as const] : [];
  expectNear(inOrder(items), inOrder(slow), [[/\.trend\[\d+\]$/, trendMeasures[asked.by]], ...total]);
  const timeOf = { inclusive: 'totalNs', self: 'selfNs', critical: 'criticalNs' } as const;
  expectNear(answer.total, {
    items: slow.length,
    requests: sum(slow.map((item) => item.requests)),
    timeNs: sum(slow.map((item) => item[timeOf[asked.time]])),
  });
  const ranks = answer.items.map((item) =>
    asked.by === 'volume' ? item.requests : asked.by === 'latency' ? (item.percentileNs ?? 0) : item[timeOf[asked.time]],
  );
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  return answer;
}

describe.each(Object.entries(ranges))('over %s', (name, range) => {
  const times = name === 'days' ? countedTimes : (['critical'] as const);
  const asked = rankedKinds.flatMap((of) => [
    { of, by: 'volume', time: 'critical', percentile: 90 } as const,
    { of, by: 'latency', time: 'self', percentile: 90 } as const,
    ...times.map((time) => ({ of, by: 'hotspot', time, percentile: 90 }) as const),
  ]);
  test.each(asked)('$of by $by, $time', async (options) => {
    const answer = await check(range, options, 2);
    expect(answer.items.some(({ previous }) => previous !== null)).toBe(true);
  });
});

describe('in a place', () => {
  const places: readonly Partial<TopAsked>[] = [
    { environment: 'staging' },
    { namespace: 'edge' },
    { service: 'orders' },
    { host: 'production-shared' },
    { service: 'orders', host: 'production-shared', environment: 'production', namespace: 'shop' },
  ];
  test.each(places)('%o', async (place) => {
    const kinds = place.service || place.namespace ? (['endpoint', 'service'] as const) : rankedKinds;
    for (const of of kinds) {
      await check(ranges.hours, { of, by: 'hotspot', time: 'self', percentile: 99, ...place }, 1);
    }
  });

  test('where nothing is', async () => {
    const answer = await check(ranges.hours, { of: 'api', by: 'volume', time: 'self', percentile: 99, service: 'nobody' }, 0);
    expect(answer.items).toEqual([]);
  });
});

test('the asked percentile decides', async () => {
  for (const percentile of [1, 50, 95, 99.9])
    await check(ranges.hours, { of: 'endpoint', by: 'latency', time: 'inclusive', percentile }, 5);
});

test('steps are of a usual width, and cover the range', async () => {
  for (const [name, stepMs, stepsMax] of [
    ['minutes', 5 * 60_000, 15],
    ['hours', 2 * 3_600_000, 28],
    ['days', 24 * 3_600_000, 12],
  ] as const) {
    const range = ranges[name];
    const answer = await system.store.questions.top(range, { of: 'api', by: 'volume', time: 'self', percentile: 95, limit: 1 });
    expect(answer.stepMs).toBe(stepMs);
    expect(answer.timesMs.length).toBeLessThanOrEqual(stepsMax);
    expect(answer.timesMs).toEqual(answer.timesMs.map((_, i) => Math.floor(range.fromMs / stepMs) * stepMs + i * stepMs));
    expect(answer.timesMs.at(-1)).toBe(Math.floor((widened(range).toMs - 1) / stepMs) * stepMs);
  }
});

test('the first of many, and the totals of all', async () => {
  const options = { of: 'endpoint', by: 'volume', time: 'inclusive', percentile: 95 } as const;
  const all = await system.store.questions.top(ranges.days, { ...options, limit: 1000 });
  const some = await system.store.questions.top(ranges.days, { ...options, limit: 3 });
  expect(some).toEqual({ ...all, items: all.items.slice(0, 3) });
});

test('nothing in the range, and nothing before 1970', async () => {
  const options = { of: 'api', by: 'hotspot', time: 'self', percentile: 95, limit: 5 } as const;
  const nothing = await system.store.questions.top({ fromMs: 0, toMs: 1 }, options);
  expect(nothing.items).toEqual([]);
  expect(nothing.total).toEqual({ items: 0, requests: 0, timeNs: 0 });
});
