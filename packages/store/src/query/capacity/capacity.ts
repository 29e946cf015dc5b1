import type { CapacityItem, getCapacity } from '@sonde/api';
import { fitLoad, groupBy, levelTrend, newestOf, pressureOf, saturatingRate, saturationBounds } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../../engine/types.ts';
import { ask } from '../define.ts';
import { distinct, presence } from '../presence.ts';
import type { TimeRange } from '../range.ts';
import type { Place } from '../ranked.ts';
import { compare } from '../services.ts';
import { databaseLevels, hostLevels, type Level, serviceLevels } from './levels.ts';
import { loadQuery } from './queries.ts';
import { type CapacitySteps, capacitySteps } from './steps.ts';

export type CapacityPlace = Pick<Place, 'environment' | 'namespace'>;

/** How fast requests came to one host, service or database. */
interface Load {
  readonly rates: readonly number[];
  readonly workSeconds: number;
}

const dayMs = 86_400_000;
const keyOf = ({ kind, name }: { readonly kind: string; readonly name: string }) => JSON.stringify([kind, name]);

export async function capacity(
  engine: Engine,
  range: TimeRange,
  place: CapacityPlace,
  limit: number,
): Promise<Static<typeof getCapacity.reply>> {
  const steps = capacitySteps(range);
  const resources = await capacityItems(engine, steps, place);
  return {
    range: steps.asked.range,
    timesMs: [...steps.timesMs],
    total: resources.length,
    resources: resources.slice(0, limit),
  };
}

/** All there are, the nearest to its end first. */
export async function capacityItems(engine: Engine, steps: CapacitySteps, place: CapacityPlace): Promise<CapacityItem[]> {
  const { environment = '', namespace = '' } = place;
  const [present, rows] = await Promise.all([
    presence(engine, steps.asked, place),
    ask(engine, loadQuery, { ...steps.asked.params, ...steps.params, environment, namespace }),
  ]);
  const loads = new Map<string, Load>();
  const called: string[] = [];
  for (const [key, own] of groupBy(rows, keyOf)) {
    const [first] = own;
    loads.set(key, loadOf(steps, own));
    if (first?.kind === 'database' && own.some(({ here }) => here === 1)) called.push(first.name);
  }
  const hosts = distinct(present.map(({ host }) => host));
  const levels = (
    await Promise.all([
      hostLevels(engine, steps, hosts),
      serviceLevels(engine, steps, present),
      databaseLevels(engine, steps, called),
    ])
  ).flat();
  // Every service is told of, and every database that is called, whether or not it says how busy it is.
  const known = new Set(levels.filter(({ resource }) => resource !== 'memory').map(keyOf));
  const silent = [
    ...distinct(present.map(({ service }) => service)).map(
      (name) => ({ kind: 'service', name, resource: 'event loop' }) as const,
    ),
    ...called.map((name) => ({ kind: 'database', name, resource: 'connections' }) as const),
  ].filter((one) => !known.has(keyOf(one)) && loads.has(keyOf(one)));
  // A server that a receiver asks is in no environment; its callers are.
  const everywhere = environment === '' && namespace === '';
  const shown = levels.filter(({ kind, name }) => everywhere || kind !== 'database' || called.includes(name));
  return [...shown, ...silent.map((one): Level => ({ ...one, part: null, values: [] }))]
    .map((level) => itemOf(steps, level, loads.get(keyOf(level))))
    .map((item) => ({ item, pressure: pressureOf(item) }))
    .toSorted(
      (a, b) => b.pressure - a.pressure || compare(a.item.name, b.item.name) || compare(a.item.resource, b.item.resource),
    )
    .map(({ item }) => item);
}

function loadOf(steps: CapacitySteps, rows: readonly { step: number; requests: number; workNs: number }[]): Load {
  const rates = steps.timesMs.map(() => 0);
  for (const { requests, step } of rows) rates[step] = requests / Math.max(1, steps.seconds[step] ?? 1);
  return { rates, workSeconds: rows.reduce((sum, { workNs }) => sum + workNs, 0) / 1e9 };
}

function itemOf(steps: CapacitySteps, level: Level, load: Load | undefined): CapacityItem {
  const { kind, name, part, resource } = level;
  const bound = saturationBounds[resource];
  const utilizations = steps.timesMs.map((_, i) => level.values[i] ?? null);
  const rates = steps.timesMs.map((_, i) => load?.rates[i] ?? null);
  const utilization = nowAndPeak(steps.whole.map((i) => utilizations[i] ?? null));
  const rate = nowAndPeak(steps.whole.map((i) => rates[i] ?? null));
  const fills = resource === 'memory' || resource === 'disk';
  const fit = fills ? byTime : fitOf(steps, utilizations, rates);
  const trend = fills ? trendOf(steps, utilizations) : byRate;
  const saturatesAtRate = fit.kind === 'fit' ? saturatingRate(fit.fit, bound) : null;
  const headroom = (of: number | null) => (saturatesAtRate === null || of === null || of <= 0 ? null : saturatesAtRate / of);
  const seconds = steps.seconds.reduce((sum, width) => sum + width, 0);
  return {
    kind,
    name,
    resource,
    part,
    utilization,
    rate,
    concurrency: kind === 'database' && load !== undefined ? load.workSeconds / Math.max(1, seconds) : null,
    bound,
    fit: fit.kind === 'fit' ? fit.fit : null,
    fitUnknown: fit.kind === 'fit' ? null : fit.why,
    saturatesAtRate,
    headroom: { now: headroom(rate.now), peak: headroom(rate.peak) },
    runsOutAtMs: trend.kind === 'growing' ? trend.fullAtMs : null,
    daysLeft: trend.kind === 'growing' ? trend.msLeft / dayMs : null,
    trendUnknown: trend.kind === 'growing' ? null : trend.why,
    utilizations,
    rates,
  };
}

const byTime = { kind: 'unknown', why: 'by time' } as const;
const byRate = { kind: 'unknown', why: 'by rate' } as const;
const notMeasured = { kind: 'unknown', why: 'not measured' } as const;
const noRequests = { kind: 'unknown', why: 'no requests' } as const;

function fitOf(steps: CapacitySteps, utilizations: readonly (number | null)[], rates: readonly (number | null)[]) {
  if (utilizations.every((value) => value === null)) return notMeasured;
  if (rates.every((value) => value === null)) return noRequests;
  return fitLoad(
    steps.whole.flatMap((i) => {
      const [utilization, rate] = [utilizations[i] ?? null, rates[i] ?? null];
      return utilization === null || rate === null ? [] : [{ utilization, rate }];
    }),
  );
}

/** Full is all of it: of memory and disks nothing is kept back. */
function trendOf(steps: CapacitySteps, utilizations: readonly (number | null)[]) {
  if (utilizations.every((value) => value === null)) return notMeasured;
  const points = steps.timesMs.flatMap((timeMs, i) => {
    const level = utilizations[i] ?? null;
    return level === null ? [] : [{ timeMs: timeMs + steps.stepMs / 2, level }];
  });
  return levelTrend(points, 1);
}

function nowAndPeak(values: readonly (number | null)[]) {
  const known = values.filter((value) => value !== null);
  return { now: newestOf(known), peak: known.length === 0 ? null : Math.max(...known) };
}
