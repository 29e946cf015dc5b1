import { expect, test } from 'vitest';
import { changeTone, deployments, type Version, versionRows } from './version-rows.ts';

const version = (name: string, more: Partial<Version> = {}): Version => ({
  version: name,
  requests: 10,
  errors: 1,
  p50Ns: 1,
  p95Ns: 2,
  p99Ns: 3,
  firstSeenMs: null,
  lastSeenMs: null,
  instances: 1,
  trend: [1, 1, 1, 1],
  ...more,
});
const axis = { range: { fromMs: 1000, toMs: 5000 }, timesMs: [1000, 2000, 3000, 4000], stepMs: 1000 };

test('a version came when it was first heard of, or when it began to serve', () => {
  const items = [
    version('3', { firstSeenMs: 4500, trend: [0, 0, 1, 1] }),
    version('2', { firstSeenMs: 2500, trend: [0, 0, 1, 1] }),
    version('1', { firstSeenMs: 10 }),
  ];
  expect(deployments({ ...axis, items })).toEqual([
    { version: '2', atMs: 2500 },
    { version: '3', atMs: 3000 },
  ]);
});

test('the first version that there is was deployed over nothing, and what came before the range is no event of it', () => {
  expect(deployments({ ...axis, items: [version('1', { firstSeenMs: 3000, trend: [0, 0, 1, 1] })] })).toEqual([]);
  expect(deployments({ ...axis, items: [version('2', { firstSeenMs: 900 }), version('1', { firstSeenMs: 10 })] })).toEqual([]);
  expect(deployments({ ...axis, items: [] })).toEqual([]);
});

test('each version stands beside the one before it that served anything', () => {
  const rows = versionRows([version('3'), version('2', { requests: 0, errors: 0 }), version('1', { errors: 5 })]);
  expect(rows.map(({ version: name, errorShare, before }) => [name, errorShare, before?.version])).toEqual([
    ['3', 0.1, '1'],
    ['2', null, '1'],
    ['1', 0.5, undefined],
  ]);
});

test('only a change that matters has a colour', () => {
  expect([changeTone(13, 10), changeTone(12, 10), changeTone(7, 10), changeTone(1, null), changeTone(null, 1)]).toEqual([
    'bad',
    'quiet',
    'ok',
    'quiet',
    'quiet',
  ]);
});
