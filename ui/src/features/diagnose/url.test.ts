import { expect, test } from 'vitest';
import { parseDiagnoseUrl } from './url.ts';

test('a symptom, its baseline and the verdict looked at', () => {
  const raw = { service: 'gateway', name: 'POST /', baselineFrom: '1000', baselineTo: '2000', verdict: 'own code/gateway/' };
  expect(parseDiagnoseUrl(raw)).toEqual({
    service: 'gateway',
    name: 'POST /',
    baselineFrom: 1000,
    baselineTo: 2000,
    verdict: 'own code/gateway/',
  });
});

test('half a baseline, or one that ends before it begins, is none', () => {
  expect(parseDiagnoseUrl({ service: 'a', baselineFrom: '1000' })).toEqual({ service: 'a' });
  expect(parseDiagnoseUrl({ service: 'a', baselineFrom: '2000', baselineTo: '1000' })).toEqual({ service: 'a' });
});

test('without a service nothing is diagnosed: only what is looked for counts', () => {
  expect(parseDiagnoseUrl({ name: 'POST /', verdict: 'x', find: 'check' })).toEqual({ find: 'check' });
});
