import type { LoadFit } from './load-fit.ts';

/** A resource as it is now. `fit`: null where it is not known what a request costs it. */
export interface LoadedResource {
  readonly key: string;
  readonly rate: number;
  readonly utilization: number | null;
  readonly bound: number;
  readonly fit: Pick<LoadFit, 'costPerRequest'> | null;
}

/** What one API asks of one resource. */
export interface ApiDemand {
  readonly api: string;
  readonly resource: string;
  /** Calls there for each request of the API. */
  readonly callsPerRequest: number;
  /** 0..1: of the work that is done there (own time of a host's or service's spans, time in a database) the part that is the API's. */
  readonly workShare: number;
}

export interface ApiScaled {
  readonly api: string;
  readonly requestsPerSecond: number;
  readonly factor: number;
}

export interface ScaledResource {
  readonly key: string;
  readonly rateBefore: number;
  readonly rateAfter: number;
  readonly utilizationBefore: number | null;
  /** Unknown where the cost of a request is; above 1 is more than there is. */
  readonly utilizationAfter: number | null;
  /** With all APIs that are scaled taken so many times as far as they are: the k at which the bound is reached. null: unknown, or never. */
  readonly saturatesAtFactor: number | null;
}

/**
 * What becomes of the resources when APIs get `factor` times their requests.
 *
 *     rate  +=  requests of the API · (factor - 1) · calls per request
 *     utilisation  +=  cost per request · rate now · (factor - 1) · the API's share of the work there
 *
 * The load of a resource is what its fit says its requests cost; the API's share of it is its share of the work, so that an API of few but
 * heavy requests weighs what it weighs. What is idle does not grow. Linear: no cache that gets warmer, no lock that gets hotter.
 * The first to saturate first; then those of which it is not known.
 */
export function whatIf(
  resources: readonly LoadedResource[],
  demands: readonly ApiDemand[],
  scaled: readonly ApiScaled[],
): ScaledResource[] {
  const added = new Map<string, { rate: number; work: number; workAtDouble: number }>();
  for (const { api, factor, requestsPerSecond } of scaled) {
    for (const demand of demands) {
      if (demand.api !== api) continue;
      const sum = added.get(demand.resource) ?? { rate: 0, work: 0, workAtDouble: 0 };
      added.set(demand.resource, {
        rate: sum.rate + requestsPerSecond * (factor - 1) * demand.callsPerRequest,
        work: sum.work + (factor - 1) * demand.workShare,
        workAtDouble: sum.workAtDouble + demand.workShare,
      });
    }
  }
  return resources
    .map(({ bound, fit, key, rate, utilization }): ScaledResource => {
      const more = added.get(key) ?? { rate: 0, work: 0, workAtDouble: 0 };
      const load = fit === null ? null : fit.costPerRequest * rate;
      const known = load === null || utilization === null ? undefined : { load, utilization };
      const untouched = more.workAtDouble === 0 && more.rate === 0;
      return {
        key,
        rateBefore: rate,
        rateAfter: Math.max(0, rate + more.rate),
        utilizationBefore: utilization,
        utilizationAfter: untouched ? utilization : known ? Math.max(0, known.utilization + known.load * more.work) : null,
        saturatesAtFactor: known ? factorAt(bound - known.utilization, known.load * more.workAtDouble) : null,
      };
    })
    .toSorted((a, b) => (a.saturatesAtFactor ?? Infinity) - (b.saturatesAtFactor ?? Infinity));
}

/** 1: it is saturated as it is. */
function factorAt(room: number, loadOfApis: number): number | null {
  if (room <= 0) return loadOfApis > 0 ? 1 : null;
  return loadOfApis > 0 ? 1 + room / loadOfApis : null;
}
