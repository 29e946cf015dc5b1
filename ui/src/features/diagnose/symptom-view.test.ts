import { expect, test } from 'vitest';
import { areErrorsSame, isSameRate, notKnown, outcomeOf, ruledOut } from './symptom-view.ts';
import { diagnosis, evidence } from './testing/diagnosis.ts';

const { symptom } = diagnosis;
const quiet = (now: number, baseline: number) => ({
  verdicts: [],
  symptom: {
    ...symptom,
    problems: [],
    now: { ...symptom.now, requests: now },
    baseline: { ...symptom.baseline, requests: baseline },
  },
});

test('why there is nothing to say, where there is not', () => {
  expect(outcomeOf(diagnosis)).toBe('caused');
  expect(outcomeOf({ symptom, verdicts: [] })).toBe('no cause');
  expect(outcomeOf(quiet(0, 100))).toBe('no requests');
  expect(outcomeOf(quiet(100, 0))).toBe('no baseline');
  expect(outcomeOf(quiet(100, 19))).toBe('few');
  expect(outcomeOf(quiet(100, 100))).toBe('as before');
});

test('a rate and errors are as before within a bound', () => {
  expect(isSameRate(symptom)).toBe(true);
  expect(isSameRate({ ...symptom, now: { ...symptom.now, rate: 3 } })).toBe(false);
  expect(isSameRate({ ...symptom, now: { ...symptom.now, rate: 1 } })).toBe(false);
  expect(areErrorsSame(symptom)).toBe(true);
  expect(areErrorsSame({ ...symptom, now: { ...symptom.now, errorShare: 0.01 } })).toBe(false);
});

test('ruled out: one entry a kind, its highest figure, every figure in the detail', () => {
  const against = [
    evidence('garbage collection', 'orders', '1', 0.004, 0.004),
    evidence('garbage collection', 'gateway', '1', 0.01, 0.02),
    evidence('CPU utilization', 'orders', '1', 0.3, 0.34),
    evidence('CPU steal', 'orders', '1', null, null),
  ];
  const found = ruledOut({ symptom, ruledOut: against });
  expect(found.map(({ figures, of }) => [of, figures.map(({ now }) => now)])).toEqual([
    ['gc', ['2 %']],
    ['host', ['34 %']],
    ['load', ['2 /s']],
  ]);
  expect(found[0]?.detail).toEqual(['orders: 0.4 % → 0.4 %', 'gateway: 1 % → 2 %']);
});

test('load that rose is not ruled out; what nobody reports is said', () => {
  const busier = { ...symptom, now: { ...symptom.now, rate: 9 } };
  expect(ruledOut({ symptom: busier, ruledOut: [] })).toEqual([]);
  expect(notKnown(diagnosis)).toEqual(['gc', 'loop', 'host']);
  expect(notKnown({ part: null, verdicts: [], ruledOut: [evidence('event loop delay', 'a', 'ns', 1, 1)] })).toEqual([
    'gc',
    'host',
  ]);
});
