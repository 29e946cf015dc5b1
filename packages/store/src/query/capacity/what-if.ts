import type { CapacityItem, getCapacityWhatIf, ScaledItem } from '@sonde/api';
import { whatIf } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../../engine/types.ts';
import { ask } from '../define.ts';
import type { TimeRange } from '../range.ts';
import { capacityItems, type CapacityPlace } from './capacity.ts';
import { demandQuery } from './queries.ts';
import { capacitySteps } from './steps.ts';

export interface WhatIfOptions extends CapacityPlace {
  readonly service: string;
  readonly name: string;
  readonly factor: number;
}

const placeKey = (kind: string, name: string) => JSON.stringify([kind, name]);
const keyOf = ({ kind, name, part, resource }: CapacityItem) => JSON.stringify([kind, name, resource, part]);

/** Requests use up processors, event loops and connections; disks and memory fill by time. */
const isUsedUp = ({ resource }: CapacityItem) => resource !== 'disk' && resource !== 'memory';

export async function capacityWhatIf(
  engine: Engine,
  range: TimeRange,
  options: WhatIfOptions,
): Promise<Static<typeof getCapacityWhatIf.reply>> {
  const { environment = '', factor, name, namespace = '', service } = options;
  const steps = capacitySteps(range);
  const [items, demands] = await Promise.all([
    capacityItems(engine, steps, { environment, namespace }),
    ask(engine, demandQuery, { ...steps.asked.params, environment, namespace, service, name }),
  ]);
  // An API is entered at one service: there each request counts once, on whichever host it was.
  const requests = demands.find((one) => one.kind === 'service' && one.place === service)?.apiRequests ?? 0;
  const seconds = steps.seconds.reduce((sum, width) => sum + width, 0);
  const demandOf = new Map(
    demands.map(({ allCalls, apiCalls, apiWorkNs, kind, place, workNs }) => [
      placeKey(kind, place),
      {
        callsPerRequest: requests === 0 ? 0 : apiCalls / requests,
        callShare: allCalls === 0 ? 0 : Math.min(1, apiCalls / allCalls),
        workShare: workNs === 0 ? 0 : Math.min(1, apiWorkNs / workNs),
      },
    ]),
  );
  const touched = items.flatMap((item) => {
    const demand = demandOf.get(placeKey(item.kind, item.name));
    return demand !== undefined && isUsedUp(item) ? [{ item, demand, key: keyOf(item) }] : [];
  });
  const api = 'asked';
  const requestsPerSecond = requests / Math.max(1, seconds);
  const scaled = whatIf(
    touched.map(({ item, key }) => ({ ...item, key, rate: item.rate.now ?? 0, utilization: item.utilization.now })),
    // Of the rate now, which is not that of the whole range.
    touched.map(({ demand, item, key }) => ({
      api,
      resource: key,
      callsPerRequest: requestsPerSecond === 0 ? 0 : (demand.callShare * (item.rate.now ?? 0)) / requestsPerSecond,
      workShare: demand.workShare,
    })),
    [{ api, requestsPerSecond, factor }],
  );
  const byKey = new Map(touched.map((one) => [one.key, one]));
  const resources = scaled.flatMap((after): ScaledItem[] => {
    const found = byKey.get(after.key);
    if (!found) return [];
    const { bound, kind, name: place, part, resource } = found.item;
    return [
      {
        kind,
        name: place,
        resource,
        part,
        bound,
        callsPerRequest: found.demand.callsPerRequest,
        workShare: found.demand.workShare,
        rate: { before: after.rateBefore, after: after.rateAfter },
        utilization: { before: after.utilizationBefore, after: after.utilizationAfter },
        saturatesAtFactor: after.saturatesAtFactor,
      },
    ];
  });
  return {
    range: steps.asked.range,
    timesMs: [...steps.timesMs],
    requestsPerSecond,
    resources,
    fitsUpTo: resources[0]?.saturatesAtFactor ?? null,
  };
}
