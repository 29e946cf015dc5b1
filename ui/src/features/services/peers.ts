import type { ServiceInstance } from '@sonde/api';

export const peerMeasures = ['p95', 'errors'] as const;
export type PeerMeasure = (typeof peerMeasures)[number];

/** Below this many requests one slow request makes a percentile. */
const requestsMin = 10;

/** How far above the median of the others a value is apart, and how far it must lie above it at all: 1 ms is not slow, twice or not. */
const limits = {
  p95: { warnFactor: 1.5, badFactor: 2, leastMore: 5e6 },
  errors: { warnFactor: 2, badFactor: 4, leastMore: 0.01 },
} as const;

export type Apart = 'bad' | 'warn' | 'like' | 'unknown';

export interface PeerCell {
  readonly instance: ServiceInstance;
  readonly value: number | null;
  /** Of the other instances; unknown without any. */
  readonly median: number | null;
  readonly apart: Apart;
}

export function peerValue({ errors, p95Ns, requests }: ServiceInstance, measure: PeerMeasure): number | null {
  if (requests < requestsMin) return null;
  return measure === 'p95' ? p95Ns : errors / requests;
}

/** The lower one of two: beside one that is bad, the other must not look good for being halfway. */
function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function apartBy(value: number | null, median: number | null, measure: PeerMeasure): Apart {
  if (value === null || median === null) return 'unknown';
  const { badFactor, leastMore, warnFactor } = limits[measure];
  if (value - median < leastMore || value < warnFactor * median) return 'like';
  return value >= badFactor * median ? 'bad' : 'warn';
}

/** Each instance against the median of its peers, itself left out: one that is apart would move a mean towards itself. */
export function apartFromPeers(instances: readonly ServiceInstance[], measure: PeerMeasure): PeerCell[] {
  const values = instances.map((instance) => peerValue(instance, measure));
  return instances.map((instance, own) => {
    const value = values[own] ?? null;
    const median = medianOf(values.flatMap((other, index) => (index === own || other === null ? [] : [other])));
    return { instance, value, median, apart: apartBy(value, median, measure) };
  });
}

export interface HostRow {
  readonly host: string;
  readonly hostCpu: number | null;
  readonly cells: readonly PeerCell[];
}

/** The cells of each host, the host with the worst of them first. */
export function hostRows(cells: readonly PeerCell[]): HostRow[] {
  const ranks = { bad: 0, warn: 1, like: 2, unknown: 3 } as const;
  const worst = ({ cells: own }: HostRow) => Math.min(...own.map(({ apart }) => ranks[apart]));
  return [...new Set(cells.map(({ instance }) => instance.host))]
    .map((host) => {
      const own = cells.filter(({ instance }) => instance.host === host);
      return { host, hostCpu: own[0]?.instance.hostCpu ?? null, cells: own };
    })
    .toSorted((a, b) => worst(a) - worst(b) || (a.host < b.host ? -1 : 1));
}
