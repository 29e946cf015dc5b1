import { expect, test } from 'vitest';
import {
  edgeErrorShare,
  edgeWidthPx,
  errorTone,
  headlineOf,
  healthOf,
  isSinglePoint,
  networkNs,
  perSecond,
} from './figures.ts';
import { edge, node, side } from './testing/drawn-map.ts';

const minute = { fromMs: 0, toMs: 60_000 };

test('a ring is whole: failed first, then slow as far as there is room, the rest is well', () => {
  expect(healthOf({ requests: 100, errors: 5, slow: 20 })).toEqual({ failed: 0.05, slow: 0.2, ok: 0.75 });
  expect(healthOf({ requests: 10, errors: 8, slow: 10 })).toEqual({
    failed: 0.8,
    slow: expect.closeTo(0.2),
    ok: expect.closeTo(0),
  });
  expect(healthOf({ requests: 0, errors: 0 })).toBeUndefined();
});

test('the headline is one figure, unknown where nothing was measured', () => {
  const asked = node('service:a', { requests: 120, errors: 3, p95Ns: 2e6 });
  expect(headlineOf(asked, 'rate', minute)).toEqual({ value: '2', unit: '/s' });
  expect(headlineOf(asked, 'p95', minute)).toEqual({ value: '2', unit: 'ms' });
  expect(headlineOf(asked, 'errors', minute)).toEqual({ value: '2.5', unit: '%' });
  expect(headlineOf(node('service:b', { requests: 0 }), 'errors', minute).value).toBe('–');
});

test('an edge grows with the logarithm of its rate, within bounds', () => {
  const width = (requests: number) => edgeWidthPx(edge('a', 'b', { client: side({ requests }) }), minute);
  expect(width(6000) - width(600)).toBeCloseTo(width(60_000) - width(6000));
  expect(width(0)).toBe(1.2);
  expect(width(1e12)).toBe(7);
});

test('the caller says what failed; where it did not report the callee does', () => {
  expect(edgeErrorShare(edge('a', 'b', { client: side({ requests: 10, errors: 1 }), server: side({ requests: 10 }) }))).toBe(
    0.1,
  );
  expect(edgeErrorShare(edge('a', 'b', { server: side({ requests: 4, errors: 1 }) }))).toBe(0.25);
  expect(edgeErrorShare(edge('a', 'b', {}))).toBeNull();
  expect([errorTone(0), errorTone(0.002), errorTone(0.5), errorTone(null)]).toEqual(['ok', 'warn', 'bad', undefined]);
});

test('the network is the difference of the means, and unknown with one side only', () => {
  const client = side({ requests: 10, totalNs: 1000 });
  expect(networkNs({ client, server: side({ requests: 5, totalNs: 400 }) })).toBe(20);
  expect(networkNs({ client, server: null })).toBeNull();
});

test('a single point of failure has much passing it and nobody beside it', () => {
  expect(isSinglePoint({ criticality: 1, requestShare: 0.5, instances: 1 })).toBe(true);
  expect(isSinglePoint({ criticality: 1, requestShare: 0.5, instances: null })).toBe(true);
  expect(isSinglePoint({ criticality: 1, requestShare: 0.5, instances: 3 })).toBe(false);
  expect(isSinglePoint({ criticality: 0, requestShare: 0.5, instances: 1 })).toBe(false);
  expect(perSecond(120, minute)).toBe(2);
});
