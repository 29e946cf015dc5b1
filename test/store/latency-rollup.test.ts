/** Distributions out of each rollup, against a count of the spans themselves. */
import { getLatencyHeatmap, getLatencyHistogram } from '@sonde/api';
import { bucketIndex, bucketLowerNs } from '@sonde/model';
import type { SpanFilters } from '@sonde/store';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rollupFor } from '../../packages/store/src/query/latency-rollup.ts';
import { expectNear } from './near.ts';
import { inRange, inSteps, slowHistogram, slowLatencySpans, widened } from './slow-answers.ts';
import { openSystem, ranges, type System } from './system-store.ts';

const histogram = Compile(getLatencyHistogram.reply);
const heatmap = Compile(getLatencyHeatmap.reply);
const statement = 'INSERT INTO orders VALUES (?..)';
let system: System;
let statementHash: string;

beforeAll(async () => {
  system = await openSystem(5, 600);
  const options = { of: 'statement', by: 'volume', time: 'self', percentile: 95, limit: 100 } as const;
  const { items } = await system.store.questions.top(ranges.days, options);
  statementHash = items.find(({ key }) => key.statement === statement)?.key.statementHash as string;
});
afterAll(() => system.store.close());

const cases: readonly (readonly [keyof typeof ranges, 'minutes' | 'services' | 'paths', SpanFilters])[] = [
  ['minutes', 'services', {}],
  ['minutes', 'services', { service: 'orders', status: 'error' }],
  ['hours', 'services', { environment: 'staging' }],
  ['days', 'services', { service: 'stock', namespace: 'shop' }],
  ['days', 'services', { status: 'ok' }],
  ['minutes', 'minutes', { name: 'HTTP' }],
  ['minutes', 'minutes', { host: 'production-shared' }],
  ['minutes', 'minutes', { name: 'GET', status: 'error' }],
  ['minutes', 'minutes', { service: 'orders', name: 'list', status: 'ok' }],
  ['hours', 'paths', { service: 'orders', name: 'list' }],
  ['hours', 'paths', { host: 'production-shared', status: 'error' }],
  ['days', 'paths', { name: 'GET' }],
  ['days', 'paths', { host: 'production-shared', environment: 'production' }],
  ['days', 'paths', { service: 'nobody', name: 'GET' }],
];

const all = [...cases, ['minutes', 'paths', 'statement'], ['days', 'paths', 'statement']] as const;

describe.each(all)('over %s from %s: %o', (name, source, asked) => {
  const range = ranges[name];
  const wide = widened(range);
  const given = () => {
    if (asked !== 'statement') return { filters: asked, spans: slowLatencySpans(system.spans, wide, asked) };
    return { filters: { statementHash }, spans: inRange(system.spans, wide).filter((span) => span.statement === statement) };
  };

  test('histogram', async () => {
    const { filters, spans } = given();
    expect(await rollupFor(system.store.engine, range, filters)).toBe(source);
    const answer = await system.store.questions.latencyHistogram(range, filters);
    expect(histogram.Errors(answer)).toEqual([]);
    const slow = slowHistogram(spans, wide);
    expectNear(answer, filters.status && source !== 'minutes' ? { ...slow, maxNs: null } : slow);
  });

  test('heatmap', async () => {
    const { filters, spans } = given();
    const answer = await system.store.questions.latencyHeatmap(range, filters);
    expect(heatmap.Errors(answer)).toEqual([]);
    const indexes = spans.map((span) => bucketIndex(Number(span.durationNs), 2));
    const first = Math.min(...indexes);
    const count = spans.length === 0 ? 0 : Math.max(...indexes) - first + 1;
    expect(answer.range).toEqual(wide);
    expect(answer.timesMs.length).toBeLessThanOrEqual(121);
    expect(answer.timesMs[0]).toBeLessThanOrEqual(wide.fromMs);
    expect(answer.stepMs).toBe(
      { minutes: 60_000, hours: 3_600_000, days: source === 'services' ? 21_600_000 : 86_400_000 }[name],
    );
    expect(answer.bucketsNs).toEqual(
      count === 0 ? [] : Array.from({ length: count + 1 }, (_, i) => (first + i === 0 ? 0 : bucketLowerNs(first + i, 2))),
    );
    expect(answer.counts).toEqual(
      inSteps(spans, wide, answer, (own) =>
        Array.from(
          { length: count },
          (_, i) => own.filter((span) => bucketIndex(Number(span.durationNs), 2) === first + i).length,
        ),
      ),
    );
    expect(answer.errors).toEqual(inSteps(spans, wide, answer, (own) => own.filter((span) => span.failed).length));
  });
});

test('an hour of few spans is counted to the nanosecond, and so is what only spans know', async () => {
  const { engine } = system.store;
  const hour = { fromMs: ranges.minutes.toMs - 3_600_000, toMs: ranges.minutes.toMs };
  expect(await rollupFor(engine, hour, {})).toBeUndefined();
  for (const filters of [{ attribute: ['user.id=u7'] }, { minDurationMs: 5 }, { maxDurationMs: 5 }] as SpanFilters[])
    expect(await rollupFor(engine, ranges.days, filters)).toBeUndefined();
  const answer = await system.store.questions.latencyHistogram(hour, {});
  expect(answer).toEqual(slowHistogram(slowLatencySpans(system.spans, hour, {}), hour));
});
