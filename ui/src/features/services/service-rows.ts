import type { ServiceSummary } from '@sonde/api';
import type { InventoryState, RegisteredService } from './inventory-state.ts';
import { errorShare, perSecond } from '../../base/rates.ts';
import type { Interval } from '../../base/time-range.ts';

export interface ServiceRow extends Omit<ServiceSummary, 'requests' | 'errors'> {
  /** Out of the inventory; unknown until that is there. */
  readonly state: InventoryState | null;
  /** Instances of which nothing was heard for five minutes. */
  readonly silentInstances: number;
  /** Unknown of a service that sends no traces. */
  readonly requestsPerSecond: number | null;
  /** 0..1; unknown where there was no request. */
  readonly errorShare: number | null;
}

export interface ServiceListFilter {
  readonly find?: string | undefined;
  readonly state?: InventoryState | undefined;
}

/** Those that sent something in the range, then those of which only the inventory knows, the last heard of first. */
export function serviceRows(
  items: readonly ServiceSummary[],
  interval: Interval,
  { find = '', state }: ServiceListFilter,
  known: ReadonlyMap<string, RegisteredService> = new Map(),
): ServiceRow[] {
  const wanted = find.trim().toLowerCase();
  const present = new Set(items.map(({ service }) => service));
  const absent = [...known.values()]
    .filter(({ service }) => !present.has(service))
    .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)
    .map((one) => absentSummary(one));
  return [...items, ...absent]
    .filter(({ service }) => service.toLowerCase().includes(wanted))
    .map(({ requests, errors, ...rest }) => ({
      ...rest,
      state: known.get(rest.service)?.state ?? null,
      silentInstances: known.get(rest.service)?.silentInstances ?? 0,
      requestsPerSecond: rest.signals.traces ? perSecond(requests, interval) : null,
      errorShare: errorShare({ errors, requests }),
    }))
    .filter((row) => state === undefined || row.state === state);
}

function absentSummary({ service, lastSeenMs, instances, hosts, versions }: RegisteredService): ServiceSummary {
  return {
    service,
    lastSeenMs,
    instances,
    hosts: [...hosts],
    versions: [...versions],
    requests: 0,
    errors: 0,
    p50Ns: null,
    p95Ns: null,
    p99Ns: null,
    signals: { traces: false, metrics: false, logs: false },
    instrumentation: { runtime: false, host: false },
    trend: [],
  };
}

/** An error share that wants looking at. */
export function errorTone(share: number | null): 'bad' | 'warn' | 'quiet' {
  if (share === null || share < 0.001) return 'quiet';
  return share >= 0.01 ? 'bad' : 'warn';
}
