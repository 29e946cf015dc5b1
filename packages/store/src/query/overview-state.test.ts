import { expect, test } from 'vitest';
import { apiHealth, budgetBurnt, hostHealth, layerOf, middlewareHealth, missed, worstFirst } from './overview-state.ts';

const figures = { requests: 10_000, errors: 0, p95Ns: 1e6, p99Ns: 2e6 };

test('a budget is one request in a thousand; half as many errors are half of it', () => {
  expect(budgetBurnt({ requests: 10_000, errors: 5 })).toBeCloseTo(0.5);
  expect(budgetBurnt({ requests: 0, errors: 0 })).toBeNull();
});

test('an API misses its objective by errors or by its p99, whichever is more', () => {
  expect(apiHealth(figures)).toEqual({ state: 'healthy', reason: null });
  expect(apiHealth({ ...figures, errors: 11 })).toEqual({ state: 'degraded', reason: 'errors' });
  expect(apiHealth({ ...figures, p99Ns: 1_000_000_001 })).toEqual({ state: 'degraded', reason: 'latency' });
  expect(missed({ ...figures, errors: 20, p99Ns: 3e9 })).toBeCloseTo(3);
  expect(missed({ ...figures, errors: 50, p99Ns: 3e9 })).toBeCloseTo(5);
});

test('of too few requests nothing is said, however they went', () => {
  expect(apiHealth({ ...figures, requests: 9, errors: 9 })).toEqual({ state: 'unknown', reason: 'few' });
  expect(apiHealth({ ...figures, requests: 0 })).toEqual({ state: 'unknown', reason: 'silent' });
});

test('a middleware is judged by the share that failed and against the period before', () => {
  expect(middlewareHealth({ ...figures, errors: 100 }, figures).state).toBe('healthy');
  expect(middlewareHealth({ ...figures, errors: 101 }, figures).reason).toBe('errors');
  expect(middlewareHealth({ ...figures, p95Ns: 2e6 }, figures).reason).toBe('latency');
  expect(middlewareHealth({ ...figures, p95Ns: 2e6 }, { ...figures, requests: 9 }).state).toBe('healthy');
  expect(middlewareHealth(undefined, figures)).toEqual({ state: 'unknown', reason: 'silent' });
});

test('a host is silent before it is busy, and unknown without CPU metrics', () => {
  const untilMs = 1_000_000_000;
  expect(hostHealth(0.86, untilMs, untilMs).reason).toBe('busy');
  expect(hostHealth(0.85, untilMs - 180_000, untilMs).state).toBe('healthy');
  expect(hostHealth(0.99, untilMs - 180_001, untilMs).reason).toBe('silent');
  expect(hostHealth(null, untilMs, untilMs)).toEqual({ state: 'unknown', reason: 'few' });
});

test('a layer counts all and shows the worst', () => {
  const items = [
    { state: 'healthy', reason: null, id: 1 },
    { state: 'degraded', reason: 'busy', id: 2 },
    { state: 'unknown', reason: 'few', id: 3 },
  ] as const;
  const layer = layerOf(items.toSorted(worstFirst));
  expect(layer).toMatchObject({ count: 3, healthy: 1, degraded: 1, unknown: 1 });
  expect(layer.items.map(({ id }) => id)).toEqual([2, 3, 1]);
});
