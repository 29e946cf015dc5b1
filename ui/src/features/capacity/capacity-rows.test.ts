import type { CapacityItem, ScaledItem } from '@sonde/api';
import { expect, test } from 'vitest';
import { boundTone, capacityRows, daysTone, factorText, headroomTone, scaledRows } from './capacity-rows.ts';

const item = (more: Partial<CapacityItem>): CapacityItem => ({
  kind: 'host',
  name: 'shop-a',
  resource: 'cpu',
  part: null,
  utilization: { now: 0.4, peak: 0.6 },
  rate: { now: 10, peak: 20 },
  concurrency: null,
  bound: 0.8,
  fit: null,
  fitUnknown: 'steady rate',
  saturatesAtRate: null,
  headroom: { now: null, peak: null },
  runsOutAtMs: null,
  daysLeft: null,
  trendUnknown: 'by rate',
  utilizations: [],
  rates: [],
  ...more,
});
const cpu = item({});
const disk = item({ resource: 'disk', part: '/data', fitUnknown: 'by time', trendUnknown: 'not growing' });

test('each row says why it knows no end, by what it is judged by', () => {
  expect(capacityRows([cpu, disk], '', undefined).map(({ reason }) => reason)).toEqual(['steady rate', 'not growing']);
  expect(capacityRows([cpu, disk], '', 'fills').map(({ resource }) => resource)).toEqual(['disk']);
  expect(capacityRows([cpu, disk], '', 'rate').map(({ resource }) => resource)).toEqual(['cpu']);
  expect(capacityRows([cpu, disk], ' /DATA', undefined)).toHaveLength(1);
});

test('colour only for what is near its end', () => {
  expect([0.71, 0.73, 0.8, null].map((value) => boundTone(value, 0.8))).toEqual([undefined, 'warn', 'bad', undefined]);
  expect([2, 1.2, 0.9, null].map(headroomTone)).toEqual([undefined, 'warn', 'bad', undefined]);
  expect([31, 12, 3, null].map(daysTone)).toEqual([undefined, 'warn', 'bad', undefined]);
});

test('factors are rounded down', () => {
  expect([1, 1.75, 2.39, 2.3, 12.9, 400].map(factorText)).toEqual(['×1', '×1.7', '×2.3', '×2.3', '×12', '×100+']);
});

test('the first is marked only where it is known when it saturates', () => {
  const scaled: ScaledItem = {
    kind: 'host',
    name: 'a',
    resource: 'cpu',
    part: null,
    rate: { before: 1, after: 2 },
    utilization: { before: 0.1, after: 0.2 },
    bound: 0.8,
    callsPerRequest: 1,
    workShare: 1,
    saturatesAtFactor: 8,
  };
  expect(scaledRows([scaled, { ...scaled, name: 'b' }]).map(({ isFirst }) => isFirst)).toEqual([true, false]);
  expect(scaledRows([{ ...scaled, saturatesAtFactor: null }])[0]?.isFirst).toBe(false);
});
