import type { HostDetail, HostSummary } from '@sonde/api';
import { errorShare, perSecond } from '../../base/rates.ts';

export function findHosts(items: readonly HostSummary[], find: string): HostSummary[] {
  const wanted = find.trim().toLowerCase();
  return items.filter(({ host, services }) => [host, ...services].some((name) => name.toLowerCase().includes(wanted)));
}

/** Whether anything is known of the machine itself, or only that something runs there. */
export function sendsMetrics({ cpu, memory, filesystem }: HostSummary): boolean {
  return cpu.utilization !== null || memory.utilization !== null || filesystem.utilization !== null;
}

/** Near its end: a resource that has so little left is shown in colour. */
export function utilizationTone(share: number | null): 'bad' | 'warn' | undefined {
  if (share === null || share < 0.75) return undefined;
  return share >= 0.9 ? 'bad' : 'warn';
}

export interface HostServiceRow {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly requestsPerSecond: number;
  readonly errorShare: number | null;
  readonly p95Ns: number | null;
  readonly elsewhereP95Ns: number | null;
  /** p95 here over p95 elsewhere; unknown where it runs nowhere else. */
  readonly factor: number | null;
}

/** The most affected first: what is slowest here against elsewhere, then the busiest. */
export function hostServiceRows({ services, range }: HostDetail): HostServiceRow[] {
  return services
    .map(({ service, instance, version, requests, errors, p95Ns, elsewhereP95Ns }) => ({
      service,
      instance,
      version,
      requestsPerSecond: perSecond(requests, range),
      errorShare: errorShare({ errors, requests }),
      p95Ns,
      elsewhereP95Ns,
      factor: p95Ns === null || elsewhereP95Ns === null || elsewhereP95Ns === 0 ? null : p95Ns / elsewhereP95Ns,
    }))
    .toSorted((a, b) => (b.factor ?? 0) - (a.factor ?? 0) || b.requestsPerSecond - a.requestsPerSecond);
}
