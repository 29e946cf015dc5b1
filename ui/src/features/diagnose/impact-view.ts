import type { ImpactedApi } from '@sonde/api';
import type { Interval } from '../../base/time-range.ts';

export interface ImpactRow {
  readonly key: string;
  readonly service: string;
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly share: number;
}

/** APIs whose requests came through, those that lose most time first; jobs nobody waits for are left out. */
export function impactRows(apis: readonly ImpactedApi[], { fromMs, toMs }: Interval): ImpactRow[] {
  const seconds = Math.max(1, (toMs - fromMs) / 1000);
  return apis
    .filter(({ affectedRequests, kind }) => kind === 'api' && affectedRequests > 0)
    .map(({ name, requests, service, share }) => ({
      key: JSON.stringify([service, name]),
      service,
      name,
      requestsPerSecond: requests / seconds,
      share,
    }));
}

export interface AllApis {
  readonly count: number;
  readonly requests: number;
}

/** Their part of all requests; null where there was none at all. */
export function affectedShare(apis: readonly ImpactedApi[], { requests }: AllApis): number | null {
  const affected = apis.filter(({ kind }) => kind === 'api').reduce((sum, one) => sum + one.affectedRequests, 0);
  return requests === 0 ? null : Math.min(1, affected / requests);
}
