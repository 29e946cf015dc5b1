import { expect, test } from 'vitest';
import { baselineQuery, parseDiagnoseUrl, partOf, partSearch } from './url.ts';

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

test('what changed has a baseline too; the API takes it as text, or not at all', () => {
  const url = parseDiagnoseUrl({ baselineFrom: '1000', baselineTo: '2000', find: 'x' });
  expect(url).toEqual({ baselineFrom: 1000, baselineTo: 2000, find: 'x' });
  expect(baselineQuery(url)).toEqual({ baselineFrom: '1000', baselineTo: '2000' });
  expect(baselineQuery({ baselineFrom: 1000 })).toEqual({});
});

test('half a baseline, or one that ends before it begins, is none', () => {
  expect(parseDiagnoseUrl({ service: 'a', baselineFrom: '1000' })).toEqual({ service: 'a' });
  expect(parseDiagnoseUrl({ service: 'a', baselineFrom: '2000', baselineTo: '1000' })).toEqual({ service: 'a' });
});

test('without a service nothing is diagnosed: only what is looked for counts', () => {
  expect(parseDiagnoseUrl({ name: 'POST /', verdict: 'x', find: 'check' })).toEqual({ find: 'check' });
});

test('one part of the system, the first of several; a service goes before', () => {
  expect(parseDiagnoseUrl({ host: 'node-1', verdict: 'x' })).toEqual({ host: 'node-1', verdict: 'x' });
  expect(parseDiagnoseUrl({ remote: 'pay:443', queue: 'orders' })).toEqual({ queue: 'orders' });
  expect(parseDiagnoseUrl({ service: 'cart', host: 'node-1' })).toEqual({ service: 'cart' });
  expect(parseDiagnoseUrl({ database: 'db:5432/shop', name: 'GET /' })).toEqual({ database: 'db:5432/shop' });
});

test('a statement is known by its hash', () => {
  expect(parseDiagnoseUrl({ statement: '9C5b88f48ec02b0b' })).toEqual({ statement: '9C5b88f48ec02b0b' });
  expect(parseDiagnoseUrl({ statement: 'SELECT 1', find: 'x' })).toEqual({ find: 'x' });
});

test('what is asked for is what the link to it says', () => {
  expect(partOf({ queue: 'orders' })).toEqual({ kind: 'queue', name: 'orders' });
  expect(partOf({ service: 'cart' })).toBeUndefined();
  expect(partSearch({ kind: 'host', name: 'node-1' })).toEqual({ host: 'node-1' });
});
