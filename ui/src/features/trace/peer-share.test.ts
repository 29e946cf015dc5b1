import { expect, test } from 'vitest';
import { fasterShare, percentText } from './peer-share.ts';

const bucket = (fromNs: number, toNs: number, count: number) => ({ fromNs, toNs, count, errors: 0 });
const histogram = { count: 100, buckets: [bucket(0, 10, 50), bucket(10, 20, 40), bucket(20, 40, 10)] };

test('counts the buckets below, and of its own the part below', () => {
  expect([0, 10, 15, 20, 30, 40, 900].map((ns) => fasterShare(ns, histogram))).toEqual([0, 0.5, 0.7, 0.9, 0.95, 1, 1]);
});

test('too few peers say nothing', () => {
  expect(fasterShare(15, { count: 19, buckets: [bucket(0, 10, 19)] })).toBeNull();
});

test('is never slower than all: it is one of them', () => {
  expect([0, 0.501, 0.9799, 0.9912, 0.99999, 1].map(percentText)).toEqual(['0', '50', '97', '99.1', '99.9', '99.9']);
});
