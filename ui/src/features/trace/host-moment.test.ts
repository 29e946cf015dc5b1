import type { HostDetail } from '@sonde/api';
import { expect, test } from 'vitest';
import { hostMoment } from './host-moment.ts';

const series = (name: string, values: (number | null)[]) => ({ name, unit: '1', values });
const detail = {
  stepMs: 30_000,
  timesMs: [0, 30_000, 60_000, 90_000],
  cpu: [series('user', [0.1, 0.25, null, null]), series('system', [0.1, 0.25, null, null])],
  diskIo: [],
  memory: [series('used', [4, null, null, null])],
  summary: { memory: { totalBytes: 8 } },
} as unknown as HostDetail;

test('states are added up, and unknown where all of them are', () => {
  expect(hostMoment(detail, 0).cpu).toEqual([0.2, 0.5, null, null]);
  expect(hostMoment(detail, 0).memory).toEqual([0.5, null, null, null]);
});

test('the figure is that of the moment, or of the minute around it, or unknown', () => {
  expect(hostMoment(detail, 31_000).cpuNow).toBe(0.5);
  expect(hostMoment(detail, 100_000).cpuNow).toBe(0.5);
  expect(hostMoment(detail, 130_000).cpuNow).toBeNull();
  expect(hostMoment(detail, 29_999).memoryNow).toBe(0.5);
});
