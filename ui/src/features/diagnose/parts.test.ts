import { expect, test } from 'vitest';
import { en } from '../../base/messages/en.ts';
import { changeRows } from './change-rows.ts';
import { impactRows, affectedShare } from './impact-view.ts';
import { causeLine } from './cause-line.ts';
import { sentenceText } from './sentence.ts';
import { diagnosis, slowStatement } from './testing/diagnosis.ts';

test('changes read as sentences, the newest first, the undated last', () => {
  const rows = changeRows(
    [
      { kind: 'new version', service: 'cart', name: '2.8.1', atMs: null, baseline: null, now: null },
      { kind: 'traffic step', service: 'cart', name: 'cart', atMs: 5, baseline: 10, now: 42 },
      { kind: 'resource saturated', service: '', name: 'node-1', atMs: 9, baseline: null, now: 0.97 },
    ],
    en.diagnose,
  );
  expect(rows.map(({ target, template, values }) => [sentenceText(template, values), target])).toEqual([
    ['Host node-1 is saturated: CPU 97 %', { host: 'node-1' }],
    ['Requests to cart: 10 /s → 42 /s', { service: 'cart' }],
    ['New version 2.8.1 of cart', { service: 'cart' }],
  ]);
});

test('jobs and messages hurt nobody who waits', () => {
  const one = { service: 'a', name: 'GET /', kind: 'api' as const, requests: 120, affectedRequests: 60, share: 0.5 };
  const rest = { affectedMessages: 0, criticalNs: 0, criticalShare: 0, waitNs: 0, errors: 0, p95Ns: null, baselineP95Ns: null };
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
