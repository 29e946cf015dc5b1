import { describe, expect, test } from 'vitest';
import { idlePart, type PathPart } from './facts.ts';
import { hostEvidence, partEvidence } from './part-evidence.ts';

const second = 1_000_000_000;
const ms = 1_000_000;
/** A minute. */
const during = (...parts: Partial<PathPart>[]) => ({
  fromMs: 0,
  toMs: 60_000,
  parts: parts.map((part): PathPart => ({ ...idlePart, kind: 'statement', name: 'orders', hash: 'aa', ...part })),
});
const told = (...given: Parameters<typeof partEvidence>) =>
  partEvidence(...given).map(({ baseline, measure, now, of, says }) => [measure, of, baseline, now, says]);

describe('a statement', () => {
  const statement = { kind: 'statement', name: 'aa' } as const;
  const usual = during({ calls: 60, totalNs: 60 * 5 * ms });

  test('what was asked for, each call in the mean over all that asked', () => {
    const now = during({ calls: 20, totalNs: 20 * 2 * ms }, { service: 'mail', calls: 40, totalNs: 40 * 32 * ms });
    expect(told(statement, usual, now, 'SELECT 1')).toEqual([
      ['mean duration', 'SELECT 1', 5 * ms, 22 * ms, 'for'],
      ['requests', 'SELECT 1', 1, 1, 'against'],
      ['error share', 'SELECT 1', 0, 0, 'against'],
    ]);
  });

  test('half as often again is a step; a fiftieth more that fails is failing', () => {
    const now = during({ calls: 90, totalNs: 90 * 5 * ms, errors: 9 });
    expect(told(statement, usual, now)).toEqual([
      ['mean duration', 'aa', 5 * ms, 5 * ms, 'against'],
      ['requests', 'aa', 1, 1.5, 'for'],
      ['error share', 'aa', 0, 0.1, 'for'],
    ]);
  });

  test('where it was not asked before, nothing is compared', () => {
    expect(told(statement, during({ hash: 'bb', calls: 60 }), usual)).toEqual([
      ['mean duration', 'aa', null, 5 * ms, 'against'],
      ['requests', 'aa', 0, 1, 'against'],
      ['error share', 'aa', null, 0, 'against'],
    ]);
  });

  test('where it is not asked in either period, there is none', () => {
    expect(told(statement, during(), during({ hash: 'bb', calls: 60 }))).toEqual([]);
  });
});

describe('a queue', () => {
  const queue = { kind: 'queue', name: 'orders' } as const;
  const sent = { kind: 'queue', service: 'shop', calls: 60 } as const;
  const read = (messages: number, waitedNs: number) =>
    ({ kind: 'queue', service: 'mail', calls: messages, messages, waitNs: messages * waitedNs }) as const;
  const usual = during(sent, read(60, second));

  test('messages that wait longer', () => {
    expect(told(queue, usual, during(sent, read(60, 5 * second)))).toEqual([
      ['wait in queue', 'orders', second, 5 * second, 'for'],
      ['requests', 'orders: sent', 1, 1, 'against'],
      ['requests', 'orders: read', 1, 1, 'against'],
    ]);
  });

  test('messages that nobody reads', () => {
    expect(told(queue, usual, during(sent))).toEqual([
      ['wait in queue', 'orders', second, null, 'against'],
      ['requests', 'orders: sent', 1, 1, 'against'],
      ['requests', 'orders: read', 1, 0, 'for'],
    ]);
  });

  test('fewer that are sent are fewer that are read', () => {
    expect(told(queue, usual, during({ ...sent, calls: 30 }, read(30, second))).at(-1)).toEqual([
      'requests',
      'orders: read',
      1,
      0.5,
      'against',
    ]);
  });
});

test('a host: what it reports in both periods, by whether it rose to where it hurts', () => {
  const usual = { cpu: 0.3, steal: 0, ioWait: 0.01, cpuPressure: 0.15, ioPressure: 0.05 };
  const saysOf = (...given: Parameters<typeof hostEvidence>) =>
    Object.fromEntries(hostEvidence(...given).map(({ measure, says }) => [measure, says]));
  expect(saysOf('node-1', usual, { cpu: 0.97, steal: 0.01, ioWait: 0.01, cpuPressure: 0.8, ioPressure: 0.7 })).toEqual({
    'CPU utilization': 'for',
    'CPU pressure': 'for',
    'CPU steal': 'against',
    'I/O wait': 'against',
    'I/O pressure': 'for',
  });
  expect(saysOf('node-1', undefined, { cpu: 0.97, steal: null, ioWait: null, cpuPressure: null, ioPressure: null })).toEqual({
    'CPU utilization': 'against',
  });
  expect(hostEvidence('node-1', usual, undefined)).toEqual([]);
});
