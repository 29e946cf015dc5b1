import { expect, test } from 'vitest';
import { type Passing, worstFirst } from './part-symptom.ts';

const ms = 1_000_000;
const passing = (over: Partial<Passing> = {}): Passing => ({
  requests: 100,
  errors: 0,
  criticalNs: 100 * 10 * ms,
  sent: 100,
  read: 0,
  waitNs: 0,
  ...over,
});
const api = (name: string, baseline: Partial<Passing> | null, now: Partial<Passing> | null) => ({
  service: 'shop',
  name,
  baseline: baseline === null ? undefined : passing(baseline),
  now: now === null ? undefined : passing(now),
});
const order = (...apis: ReturnType<typeof api>[]) => worstFirst(apis).map(({ name }) => name);

test('who lost most time there, for each request, is first; more requests lose nothing', () => {
  const busy = api('busy', {}, { requests: 5000, criticalNs: 5000 * 10 * ms });
  const slower = api('slower', {}, { criticalNs: 100 * 30 * ms });
  const slowest = api('slowest', {}, { requests: 50, criticalNs: 50 * 200 * ms });
  expect(order(busy, slower, slowest)).toEqual(['slowest', 'slower', 'busy']);
});

test('what rose by less than counts as slower does not outweigh failures', () => {
  const noise = api('noise', {}, { criticalNs: 100 * 11 * ms });
  const failing = api('failing', { errors: 1 }, { errors: 20 });
  const worse = api('worse', {}, { errors: 40 });
  expect(order(noise, failing, worse)).toEqual(['worse', 'failing', 'noise']);
});

test('messages that wait longer are time lost; those no longer read come next', () => {
  const second = 1000 * ms;
  const late = api('late', { read: 100, waitNs: 100 * second }, { read: 100, waitNs: 100 * 5 * second });
  const unread = api('unread', { read: 100, waitNs: 100 * second }, { read: 10, waitNs: 10 * second });
  const failing = api('failing', {}, { errors: 50 });
  expect(order(failing, unread, late)).toEqual(['late', 'unread', 'failing']);
});

test('where nothing got worse, who spends most time there; who was not there before cannot have got worse', () => {
  const small = api('small', {}, {});
  const large = api('large', { criticalNs: 100 * 40 * ms }, { criticalNs: 100 * 41 * ms });
  const fresh = api('new', null, { criticalNs: 100 * 20 * ms, errors: 50 });
  expect(order(small, fresh, large)).toEqual(['large', 'new', 'small']);
});

test('a part that is gone is told by those that passed before', () => {
  expect(order(api('a', {}, null), api('b', { criticalNs: 100 * 40 * ms }, null))).toEqual(['b', 'a']);
  expect(order()).toEqual([]);
});
