import type { TraceSummary } from '@sonde/api';
import { expect, test } from 'vitest';
import { similarTraces } from './similar-traces.ts';

const trace = (traceId: string, durationNs: number): TraceSummary => ({
  traceId,
  startTimeUnixNano: '0',
  durationNs,
  root: { service: 'web', name: 'GET /' },
  spanCount: 1,
  errorCount: 0,
  services: [],
});

test('the slowest, the median, the fastest, then the last ones, none twice', () => {
  const recent = [trace('r1', 50), trace('r2', 10), trace('r3', 30), trace('r4', 40), trace('r5', 20)];
  const chosen = similarTraces([trace('s', 900)], recent);
  expect(chosen.map(({ role, trace: { traceId } }) => `${role} ${traceId}`)).toEqual([
    'slowest s',
    'typical r3',
    'fastest r2',
    'recent r1',
    'recent r4',
    'recent r5',
  ]);
  expect(similarTraces([], [])).toEqual([]);
  expect(similarTraces([trace('s', 1)], [trace('s', 1)])).toHaveLength(1);
});
