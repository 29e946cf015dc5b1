import type { ServiceSummary } from '@sonde/api';
import type { Interval } from '../../base/time-range.ts';

export const signals = ['traces', 'metrics', 'logs'] as const;

export interface ServiceRow extends Omit<ServiceSummary, 'requests' | 'errors'> {
  /** Unknown of a service that sends no traces. */
  readonly requestsPerSecond: number | null;
  /** 0..1; unknown where there was no request. */
  readonly errorShare: number | null;
}

export function perSecond(count: number, { fromMs, toMs }: Interval): number {
  return count / Math.max(1e-3, (toMs - fromMs) / 1000);
}

export function serviceRows(items: readonly ServiceSummary[], interval: Interval, find: string): ServiceRow[] {
  const wanted = find.trim().toLowerCase();
  return items
    .filter(({ service }) => service.toLowerCase().includes(wanted))
    .map(({ requests, errors, ...rest }) => ({
      ...rest,
      requestsPerSecond: rest.signals.traces ? perSecond(requests, interval) : null,
      errorShare: requests > 0 ? errors / requests : null,
    }));
}

/** An error share that wants looking at. */
export function errorTone(share: number | null): 'bad' | 'warn' | 'quiet' {
  if (share === null || share < 0.001) return 'quiet';
  return share >= 0.01 ? 'bad' : 'warn';
}
