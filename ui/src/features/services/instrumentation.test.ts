import type { ServiceDetail } from '@sonde/api';
import { expect, test } from 'vitest';
import { instrumentation } from './instrumentation.ts';

test('a host whose CPU nobody measured is not sent', () => {
  const detail = {
    summary: { signals: { traces: true, metrics: true, logs: false } },
    runtime: [],
    hostCpu: [{ name: 'h', unit: '1', values: [null, null] }],
  } as unknown as ServiceDetail;
  expect(instrumentation(detail)).toEqual({ traces: true, runtime: false, host: false, logs: false });
  const measured = { ...detail, hostCpu: [{ name: 'h', unit: '1', values: [null, 0.1] }] };
  expect(instrumentation(measured).host).toBe(true);
});
