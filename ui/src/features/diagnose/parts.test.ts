import { expect, test } from 'vitest';
import { en } from '../../base/messages/en.ts';
import { changeRows } from './change-rows.ts';
import { impactRows, affectedShare } from './impact-view.ts';
import { causeLine } from './cause-line.ts';
import { sentenceText } from './sentence.ts';
import { diagnosis, slowStatement } from './testing/diagnosis.ts';

const change = { service: '', system: '', atMs: null, baseline: null, now: null } as const;

test('changes read as sentences, the newest first, the undated last', () => {
  const rows = changeRows(
    [
      { ...change, kind: 'new version', service: 'cart', name: '2.8.1' },
      { ...change, kind: 'traffic step', service: 'cart', name: 'cart', atMs: 5, baseline: 10, now: 42 },
      { ...change, kind: 'resource saturated', measure: 'CPU utilization', name: 'node-1', atMs: 9, now: 0.97 },
    ],
    en.diagnose,
  );
  expect(rows.map(({ target, template, values }) => [sentenceText(template, values), target])).toEqual([
    ['Host node-1 is saturated: CPU 97 %', { host: 'node-1' }],
    ['Requests to cart: 10 /s → 42 /s', { service: 'cart' }],
    ['New version 2.8.1 of cart', { service: 'cart' }],
  ]);
});

test('each change of a part leads to the diagnosis of that part', () => {
  const statement = { hash: '9c5b88f48ec02b0b', text: 'SELECT 1' };
  const slower = { ...change, service: 'cart', name: 'db:5432', system: 'mysql', baseline: 8e6, now: 160e6 };
  const rows = changeRows(
    [
      { ...slower, kind: 'statement slower', statement },
      { ...slower, kind: 'statement slower', statement: { ...statement, text: '' } },
      { ...slower, kind: 'database slower' },
      { ...slower, kind: 'remote slower', name: 'pay:443', system: '' },
      { ...slower, kind: 'queue waits longer', name: 'mails', system: 'kafka' },
      { ...slower, kind: 'queue read less', name: 'mails', system: 'kafka', baseline: 1, now: 0.2 },
      { ...slower, kind: 'resource saturated', measure: 'I/O wait', name: 'node-1', system: '', baseline: 0, now: 0.4 },
      { ...slower, kind: 'fails more', name: 'cart', system: '', baseline: 0, now: 0.25 },
      { ...slower, kind: 'passes failures on', service: 'web', name: 'web', system: '', baseline: 0, now: 0.2 },
    ],
    en.diagnose,
  );
  expect(rows.map(({ target, template, values }) => [sentenceText(template, values), target])).toEqual([
    ['Statement SELECT 1 on mysql db:5432 got slower: 8 ms → 160 ms', { statement: statement.hash }],
    ['A statement on mysql db:5432 got slower: 8 ms → 160 ms', { statement: statement.hash }],
    ['Database mysql db:5432 got slower: 8 ms → 160 ms', { database: 'db:5432' }],
    ['Remote pay:443 got slower: 8 ms → 160 ms', { remote: 'pay:443' }],
    ['Messages in kafka mails wait longer: 8 ms → 160 ms', { queue: 'mails' }],
    ['Of the messages in kafka mails fewer are read: 100 % → 20 %', { queue: 'mails' }],
    ['Processors of host node-1 wait for disks: 0 % → 40 %', { host: 'node-1' }],
    ['cart fails more: 0 % → 25 %', { service: 'cart' }],
    ['web passes failures of others on: 0 % → 20 %', { service: 'web' }],
  ]);
});

test('jobs and messages hurt nobody who waits', () => {
  const one = { service: 'a', name: 'GET /', kind: 'api' as const, requests: 120, affectedRequests: 60, share: 0.5 };
  const rest = {
    affectedMessages: 0,
    criticalNs: 0,
    criticalShare: 0,
    waitNs: 0,
    errors: 0,
    p95Ns: null,
    baselineP95Ns: null,
    control: null,
  };
  const apis = [
    { ...one, ...rest },
    { ...one, ...rest, name: 'night', kind: 'job' as const },
    { ...one, ...rest, name: 'mail', affectedRequests: 0 },
  ];
  expect(impactRows(apis, { fromMs: 0, toMs: 60_000 })).toMatchObject([{ name: 'GET /', requestsPerSecond: 2, share: 0.5 }]);
  expect(affectedShare(apis, { count: 3, requests: 600 })).toBe(0.1);
  expect(affectedShare(apis, { count: 3, requests: 0 })).toBeNull();
});

test('the line of a cause spans both periods; a baseline that is not drawn is not shaded', () => {
  const names = { name: 'db', baseline: 'baseline', began: (ms: number) => `began ${ms}` };
  expect(causeLine(diagnosis, slowStatement, names)).toMatchObject({
    interval: { fromMs: 0, toMs: 1_200_000 },
    stepMs: 600_000,
    shade: { interval: diagnosis.baseline },
    marks: [{ ms: 600_000, name: 'began 600000' }],
  });
  const alone = causeLine({ ...diagnosis, timesMs: [600_000, 900_000] }, { ...slowStatement, sinceMs: null }, names);
  expect(alone).not.toHaveProperty('shade');
  expect(alone).not.toHaveProperty('marks');
  expect(causeLine(diagnosis, { ...slowStatement, evidence: [] }, names)).toBeUndefined();
  const failing = { measure: 'error share' as const, of: 'db', unit: '1', baseline: 0, now: 1, says: 'for' as const };
  const ofAnotherUnit = { ...failing, line: { name: 'db', unit: 'ns', values: [1, 1] } };
  expect(causeLine(diagnosis, { ...slowStatement, evidence: [ofAnotherUnit] }, names)).toBeUndefined();
});
