import { groupBy } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask } from '../define.ts';
import { cpuUtilizationOverTime } from '../host-cpu.ts';
import { filesystemUsage, gauges } from '../hosts.ts';
import { instanceGaugeQuery } from '../metric-points.ts';
import type { Presence } from '../presence.ts';
import { rangeParams } from '../range.ts';
import { fillSteps, stepParams } from '../steps.ts';
import { connectionsQuery, serverAddressesQuery } from './queries.ts';
import type { CapacitySteps } from './steps.ts';

type Line = readonly (number | null)[];

/** How much of a resource was used in each step, 0..1. */
export interface Level {
  readonly kind: 'host' | 'service' | 'database';
  readonly name: string;
  readonly resource: 'cpu' | 'memory' | 'disk' | 'event loop' | 'connections';
  readonly part: string | null;
  readonly values: Line;
}

function lineOf<Row extends { readonly step: number }>(
  { timesMs }: CapacitySteps,
  rows: readonly Row[],
  of: (rows: readonly Row[]) => number | null,
): Line {
  const inRange = rows.filter(({ step }) => step < timesMs.length);
  const byStep = [...groupBy(inRange, ({ step }) => step)];
  return fillSteps<(typeof byStep)[number], number | null>(
    timesMs.length,
    byStep,
    ([step]) => step,
    ([, own]) => of(own),
    null,
  );
}

export async function hostLevels(engine: Engine, steps: CapacitySteps, hosts: readonly string[]): Promise<Level[]> {
  if (hosts.length === 0) return [];
  const [cpu, levels] = await Promise.all([
    cpuUtilizationOverTime(engine, steps.range, steps, hosts),
    gauges(engine, steps.range, steps, ['system.memory.usage', 'system.memory.limit', 'system.filesystem.usage'], hosts),
  ]);
  const levelsOf = groupBy(levels, ({ host }) => host);
  return hosts.flatMap((name): Level[] => {
    const own = levelsOf.get(name) ?? [];
    const memory = own.filter(({ metric }) => metric !== 'system.filesystem.usage');
    const disks = [
      ...groupBy(
        own.filter(({ metric }) => metric === 'system.filesystem.usage'),
        ({ mountpoint }) => mountpoint,
      ),
    ];
    const host = { kind: 'host', name, part: null } as const;
    return [
      { ...host, resource: 'cpu', values: cpu.get(name) ?? [] },
      ...(memory.length > 0 ? [{ ...host, resource: 'memory' as const, values: lineOf(steps, memory, memoryUsed) }] : []),
      ...disks.map(([part, rows]): Level => ({
        ...host,
        resource: 'disk',
        part,
        values: lineOf(steps, rows, (ofStep) => filesystemUsage(ofStep, (row) => row.mean).utilization),
      })),
    ];
  });
}

/** Of all there is: of the limit, or of the states together where none is told. */
function memoryUsed(
  rows: readonly { readonly metric: string; readonly state: string; readonly mean: number }[],
): number | null {
  const states = rows.filter(({ metric }) => metric === 'system.memory.usage');
  const used = states.find(({ state }) => state === 'used')?.mean;
  const limit =
    rows.find(({ metric }) => metric === 'system.memory.limit')?.mean ?? states.reduce((sum, { mean }) => sum + mean, 0);
  return used === undefined || limit <= 0 ? null : used / limit;
}

/** Names: @opentelemetry/instrumentation-runtime-node. */
const loop = 'nodejs.eventloop.utilization';
const heap = { used: 'v8js.memory.heap.used', limit: 'v8js.memory.heap.limit' } as const;

/**
 * Event loops and heaps of a service's processes. A Node process runs JavaScript on one processor, so its event loop is what its requests use
 * up: the mean of the instances, between which requests are spread. Heaps fill up each for itself: the fullest.
 */
export async function serviceLevels(engine: Engine, steps: CapacitySteps, present: readonly Presence[]): Promise<Level[]> {
  const serviceOf = new Map(
    present.filter(({ instance }) => instance !== '').map(({ instance, service }) => [instance, service]),
  );
  if (serviceOf.size === 0) return [];
  const rows = await ask(engine, instanceGaugeQuery, {
    ...rangeParams(steps.range),
    ...stepParams(steps),
    metrics: [loop, heap.used, heap.limit],
    hosts: [],
    service: '',
  });
  const byService = groupBy(
    rows.filter(({ instance }) => serviceOf.has(instance)),
    ({ instance }) => serviceOf.get(instance) ?? '',
  );
  return [...byService].flatMap(([name, own]): Level[] => {
    const service = { kind: 'service', name, part: null } as const;
    const loops = own.filter(({ metric }) => metric === loop);
    const heaps = own.filter(({ metric }) => metric !== loop);
    return [
      ...(loops.length > 0 ? [{ ...service, resource: 'event loop' as const, values: lineOf(steps, loops, meanOf) }] : []),
      ...(heaps.some(({ metric }) => metric === heap.limit)
        ? [{ ...service, resource: 'memory' as const, values: lineOf(steps, heaps, fullestHeap) }]
        : []),
    ];
  });
}

const meanOf = (rows: readonly { readonly mean: number }[]) => rows.reduce((sum, { mean }) => sum + mean, 0) / rows.length;

function fullestHeap(rows: readonly { readonly instance: string; readonly metric: string; readonly mean: number }[]) {
  const shares = [...groupBy(rows, ({ instance }) => instance).values()].flatMap((own) => {
    const sum = (wanted: string) => own.filter(({ metric }) => metric === wanted).reduce((total, { mean }) => total + mean, 0);
    return sum(heap.limit) > 0 ? [sum(heap.used) / sum(heap.limit)] : [];
  });
  return shares.length === 0 ? null : Math.max(...shares);
}

/** By the address at which clients call it, `host:port`; a client that names no port means the same server. */
export async function databaseLevels(engine: Engine, steps: CapacitySteps, called: readonly string[]): Promise<Level[]> {
  const rows = await ask(engine, connectionsQuery, { ...rangeParams(steps.range), ...stepParams(steps) });
  if (rows.length === 0) return [];
  const resources = [...new Set(rows.map(({ resource }) => resource))];
  const addressOf = new Map(
    (await ask(engine, serverAddressesQuery, { resources })).map(({ address, resource }) => [resource, address]),
  );
  const named = groupBy(rows, ({ resource }) => addressOf.get(resource) ?? '');
  named.delete('');
  return [...named].map(([address, own]): Level => ({
    kind: 'database',
    name: [address, address.replace(/:\d+$/, '')].find((name) => called.includes(name)) ?? address,
    resource: 'connections',
    part: null,
    values: lineOf(steps, own, ([row]) => (row === undefined || row.most <= 0 ? null : row.used / row.most)),
  }));
}
