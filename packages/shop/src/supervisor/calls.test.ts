import { expect, test } from 'vitest';
import { calls, type Call } from './calls.ts';

function take(count: number, seed: number): Call[] {
  return Array.from(
    { length: count },
    (
      (sequence) => () =>
        sequence.next().value
    )(calls(seed, 10)),
  );
}

test('a seed decides every call and its time', () => {
  expect(take(500, 1)).toEqual(take(500, 1));
  expect(take(500, 1)).not.toEqual(take(500, 2));
});

test('calls come at the rate that was asked for, in the shares of their APIs', () => {
  const taken = take(20_000, 3);
  const meanMs = taken.reduce((sum, { afterMs }) => sum + afterMs, 0) / taken.length;
  expect(meanMs).toBeCloseTo(100, -1);
  const shareOf = (api: string): number => taken.filter((call) => call.api === api).length / taken.length;
  expect(shareOf('GET /products')).toBeCloseTo(0.3, 1);
  expect(shareOf('POST /checkout')).toBeCloseTo(0.2, 1);
  expect(shareOf('GET /orders/:id')).toBeCloseTo(0.1, 1);
});

test('a checkout names each product once', () => {
  for (const { body } of take(2_000, 4).filter(({ api }) => api === 'POST /checkout')) {
    const skus = (body as { items: { sku: string }[] }).items.map(({ sku }) => sku);
    expect(skus.length).toBeGreaterThan(0);
    expect(new Set(skus).size).toBe(skus.length);
  }
});
