import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitLoad, type LoadPoint, newestOf, saturatingRate } from './load-fit.ts';
import { levelTrend } from './trend.ts';
import { type ApiDemand, type LoadedResource, whatIf } from './what-if.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A day's rates, up and down. */
const rates = Array.from({ length: 48 }, (_, i) => 100 + 80 * Math.sin(i / 5));
const onLine = (idle: number, cost: number): LoadPoint[] => rates.map((rate) => ({ rate, utilization: idle + cost * rate }));

describe('utilisation against rate', () => {
  test('a line is found, and where it meets the bound', () => {
    const outcome = fitLoad(onLine(0.1, 0.002));
    if (outcome.kind !== 'fit') throw new Error(outcome.why);
    expect(outcome.fit.idle).toBeCloseTo(0.1, 9);
    expect(outcome.fit.costPerRequest).toBeCloseTo(0.002, 9);
    expect(outcome.fit).toMatchObject({ points: 48, outliers: 0 });
    expect(outcome.fit.r2).toBeCloseTo(1, 9);
    expect(saturatingRate(outcome.fit, 0.8)).toBeCloseTo(350, 6);
  });

  test('a backup that runs in some of the steps turns nothing', () => {
    const outcome = fitLoad(onLine(0.1, 0.002).map((point, i) => (i % 6 === 0 ? { ...point, utilization: 0.99 } : point)));
    expect(outcome).toMatchObject({ kind: 'fit', fit: { outliers: 8 } });
    if (outcome.kind === 'fit') expect(outcome.fit.costPerRequest).toBeCloseTo(0.002, 4);
  });

  test.each([
    ['few points', onLine(0.1, 0.002).slice(0, 7)],
    ['steady rate', rates.map((_, i) => ({ rate: 100 + (i % 3), utilization: 0.2 + 0.01 * (i % 5) }))],
    ['steady rate', rates.map(() => ({ rate: 0, utilization: 0.2 }))],
    ['no relation', rates.map((rate) => ({ rate, utilization: 0.9 - 0.001 * rate }))],
    ['poor fit', rates.map((rate, i) => ({ rate, utilization: 0.3 + 0.0002 * rate + 0.2 * ((i * 7) % 5) }))],
  ])('%s: unknown', (why, points) => {
    expect(fitLoad(points)).toEqual({ kind: 'unknown', why });
  });

  test('a known line is recovered under noise', () => {
    const noise = fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.double({ min: 0.001, max: 0.003, noNaN: true }),
        noise,
        (idle, cost, noises) => {
          const outcome = fitLoad(
            onLine(idle, cost).map((point, i) => ({ ...point, utilization: point.utilization + (noises[i] ?? 0) })),
          );
          if (outcome.kind !== 'fit') throw new Error(outcome.why);
          expect(Math.abs(outcome.fit.costPerRequest - cost)).toBeLessThan(0.0003);
          expect(Math.abs(outcome.fit.idle - idle)).toBeLessThan(0.03);
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });

  test('now is the median of the newest eighth', () => {
    expect(newestOf([])).toBeNull();
    expect(newestOf([...Array.from({ length: 13 }, () => 9), 1, 50, 3].slice(0, 16))).toBe(26.5);
    expect(newestOf([4])).toBe(4);
  });
});

describe('a level over time', () => {
  const levels = (levelAt: (i: number) => number, count = 24) =>
    Array.from({ length: count }, (_, i) => ({ timeMs: i * hourMs, level: levelAt(i) }));

  test('1 % an hour from 50 %: 27 hours left after 23', () => {
    const trend = levelTrend(
      levels((i) => 0.5 + 0.01 * i),
      1,
    );
    if (trend.kind !== 'growing') throw new Error(trend.why);
    expect(trend.perHour).toBeCloseTo(0.01, 9);
    expect(trend.msLeft / hourMs).toBeCloseTo(27, 6);
    expect(trend.fullAtMs).toBe(50 * hourMs);
  });

  test('what is beyond its limit has no time left', () => {
    expect(
      levelTrend(
        levels((i) => 100 + i),
        90,
      ),
    ).toMatchObject({ kind: 'growing', msLeft: 0 });
  });

  test.each([
    ['few points', levels((i) => i, 7)],
    ['not growing', levels(() => 0.5)],
    ['not growing', levels((i) => 0.5 - i / 100)],
    ['not growing', levels((i) => 0.1 + i * 1e-6)],
    // A heap that is collected every sixth step.
    ['noisy', levels((i) => 100 + 50 * (i % 6) + 0.4 * i)],
  ])('%s: unknown', (why, points) => {
    expect(levelTrend(points, 1000 * (why === 'noisy' ? 1 : 1e-3))).toEqual({ kind: 'unknown', why });
  });
});

/**
 *     checkout 10/s --> gateway 1x --> orders 2x --> db 3x
 *     browse   40/s --> gateway 1x
 */
const shop: readonly LoadedResource[] = [
  { key: 'gateway', rate: 50, utilization: 0.3, bound: 0.8, fit: { costPerRequest: 0.004 } },
  { key: 'orders', rate: 20, utilization: 0.5, bound: 0.8, fit: { costPerRequest: 0.02 } },
  { key: 'db', rate: 30, utilization: 0.2, bound: 0.8, fit: null },
];
const demands: readonly ApiDemand[] = [
  { api: 'checkout', resource: 'gateway', callsPerRequest: 1, workShare: 0.5 },
  { api: 'browse', resource: 'gateway', callsPerRequest: 1, workShare: 0.5 },
  { api: 'checkout', resource: 'orders', callsPerRequest: 2, workShare: 1 },
  { api: 'checkout', resource: 'db', callsPerRequest: 3, workShare: 1 },
];
const apis = { checkout: 10, browse: 40 } as const;
const scale = (factors: Readonly<Partial<Record<keyof typeof apis, number>>>) =>
  whatIf(
    shop,
    demands,
    Object.entries(factors).map(([api, factor]) => ({ api, factor, requestsPerSecond: apis[api as keyof typeof apis] })),
  );

describe('what if', () => {
  test('an API x2: two more calls of each request at orders, which saturates first', () => {
    const [first, ...others] = scale({ checkout: 2 });
    expect(first).toMatchObject({ key: 'orders', rateBefore: 20, rateAfter: 40, utilizationBefore: 0.5 });
    expect(first?.utilizationAfter).toBeCloseTo(0.9, 9);
    expect(first?.saturatesAtFactor).toBeCloseTo(1.75, 9);
    expect(others.map(({ key }) => key)).toEqual(['gateway', 'db']);
    expect(others[0]?.utilizationAfter).toBeCloseTo(0.4, 9);
    expect(others[1]).toMatchObject({ rateAfter: 60, utilizationAfter: null, saturatesAtFactor: null });
  });

  test('what the API does not touch stays, known or not', () => {
    const after = new Map(scale({ browse: 5 }).map((resource) => [resource.key, resource]));
    expect(after.get('db')).toMatchObject({ rateAfter: 30, utilizationAfter: 0.2, saturatesAtFactor: null });
    expect(after.get('orders')).toMatchObject({ rateAfter: 20, utilizationAfter: 0.5, saturatesAtFactor: null });
  });

  test('what is saturated already saturates at 1', () => {
    const full = shop.map((resource) => ({ ...resource, utilization: 0.9 }));
    const [first] = whatIf(full, demands, [{ api: 'checkout', factor: 1, requestsPerSecond: 10 }]);
    expect(first?.saturatesAtFactor).toBe(1);
  });

  const factor = fc.double({ min: 0.1, max: 100, noNaN: true });

  test('all APIs times k: all rates times k', () => {
    fc.assert(
      fc.property(factor, (k) => {
        for (const { rateAfter, rateBefore } of scale({ checkout: k, browse: k }))
          expect(rateAfter).toBeCloseTo(k * rateBefore, 6);
      }),
      { seed: 6 },
    );
  });

  test('more requests never take less, and the bound is met at the factor that was said', () => {
    fc.assert(
      fc.property(factor, factor, (a, b) => {
        const [less, more] = [scale({ checkout: Math.min(a, b) }), scale({ checkout: Math.max(a, b) })];
        for (const [i, { rateAfter, utilizationAfter }] of less.entries()) {
          expect(more[i]?.rateAfter).toBeGreaterThanOrEqual(rateAfter);
          expect(more[i]?.utilizationAfter ?? 0).toBeGreaterThanOrEqual(utilizationAfter ?? 0);
        }
        const at = less[0]?.saturatesAtFactor ?? 1;
        expect(scale({ checkout: at })[0]?.utilizationAfter).toBeCloseTo(0.8, 9);
      }),
      { seed: 6 },
    );
  });
});
