import type { HostSummary } from '@sonde/api';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { counters, type CounterRow, cpuShare, cpuTrend, equalSteps, processorsByState, wholeRange } from './host-cpu.ts';
import { hostGaugeQuery } from './metric-points.ts';
import { distinct, type Presence, presence } from './presence.ts';
import { rangeParams, type TimeRange } from './range.ts';
import type { Place } from './ranked.ts';
import { rollupRange } from './rollup-range.ts';
import { compare } from './services.ts';
import { stepParams, type Steps, trendSteps } from './steps.ts';

const newest = (key: string) => `argMaxIf(attributes['${key}'], received_at, attributes['${key}'] != '')`;

/** What is known of a host from the resources that name it; of several values the newest. */
export const hostResourceQuery = defineQuery({
  name: 'hostResources',
  params: { hosts: 'Array(String)' },
  row: { host: 'LowCardinality(String)', hostId: 'String', os: 'String' },
  sql: `
SELECT host, ${newest('host.id')} AS hostId, if(${newest('os.description')} != '', ${newest('os.description')}, ${newest('os.type')}) AS os
FROM resources
WHERE host IN {hosts:Array(String)}
GROUP BY host`,
});

export function gauges(engine: Engine, range: TimeRange, steps: Steps, metrics: readonly string[], of: readonly string[]) {
  return ask(engine, hostGaugeQuery, { ...rangeParams(range), ...stepParams(steps), metrics, hosts: of, service: '' });
}

export type GaugeRow = Awaited<ReturnType<typeof gauges>>[number];

const rateMetrics = ['system.cpu.time', 'system.network.io', 'system.network.errors', 'system.disk.io', 'system.disk.io_time'];
const levelMetrics = [
  'system.cpu.logical.count',
  'system.cpu.load_average.1m',
  'system.memory.usage',
  'system.memory.limit',
  'system.filesystem.usage',
];

/** The hosts that sent `system.*` metrics, or on which something ran that sent anything; the busiest first. */
export async function hosts(engine: Engine, range: TimeRange, place: Place): Promise<HostSummary[]> {
  const present = groupBy(
    (await presence(engine, rollupRange(range), place)).filter((row) => row.host !== ''),
    (row) => row.host,
  );
  const names = [...present.keys()];
  if (names.length === 0) return [];
  const trend = equalSteps(range, trendSteps);
  const [resources, rates, cpu, levels] = await Promise.all([
    ask(engine, hostResourceQuery, { hosts: names }),
    counters(engine, range, wholeRange(range), rateMetrics, names),
    counters(engine, range, trend, ['system.cpu.time'], names),
    gauges(engine, range, wholeRange(range), levelMetrics, names),
  ]);
  const resourceOf = new Map(resources.map((row) => [row.host, row]));
  const ratesOf = groupBy(rates, (row) => row.host);
  const cpuOf = groupBy(cpu, (row) => row.host);
  const levelsOf = groupBy(levels, (row) => row.host);
  return names
    .map((name): HostSummary => ({
      host: name,
      hostId: resourceOf.get(name)?.hostId ?? '',
      os: resourceOf.get(name)?.os ?? '',
      ...sightings(present.get(name) ?? []),
      ...resourcesUsed(ratesOf.get(name) ?? [], levelsOf.get(name) ?? []),
      trend: cpuTrend(cpuOf.get(name) ?? [], trendSteps),
    }))
    .toSorted((a, b) => (b.cpu.utilization ?? -1) - (a.cpu.utilization ?? -1) || compare(a.host, b.host));
}

function sightings(rows: readonly Presence[]) {
  return { lastSeenMs: Math.max(...rows.map((row) => row.lastSeenMs)), services: distinct(rows.map((row) => row.service)) };
}

function resourcesUsed(rates: readonly CounterRow[], levels: readonly GaugeRow[]) {
  const ratesOf = (metric: string) => rates.filter((row) => row.metric === metric);
  const levelsOf = (metric: string) => levels.filter((row) => row.metric === metric);
  const processors = processorsByState(ratesOf('system.cpu.time'));
  // What a host says to itself is not network traffic.
  const network = ratesOf('system.network.io').filter((row) => row.device !== 'lo');
  const disk = ratesOf('system.disk.io');
  return {
    cpu: {
      cores: levelsOf('system.cpu.logical.count')[0]?.newest ?? null,
      utilization: cpuShare(processors),
      iowait: cpuShare(processors, 'iowait'),
      steal: cpuShare(processors, 'steal'),
      load1m: levelsOf('system.cpu.load_average.1m')[0]?.mean ?? null,
    },
    memory: memoryUsed(levelsOf('system.memory.usage'), levelsOf('system.memory.limit')),
    network: {
      receiveBytesPerSecond: total(network, 'receive'),
      transmitBytesPerSecond: total(network, 'transmit'),
      errorsPerSecond: total(ratesOf('system.network.errors')),
    },
    disk: {
      readBytesPerSecond: total(disk, 'read'),
      writeBytesPerSecond: total(disk, 'write'),
      busy: largest(ratesOf('system.disk.io_time').map((row) => row.rate)),
    },
    filesystem: fullest(levelsOf('system.filesystem.usage')),
  };
}

function total(rows: readonly CounterRow[], direction?: string): number | null {
  const rates = rows.filter((row) => direction === undefined || row.direction === direction).map((row) => row.rate);
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

function memoryUsed(usage: readonly GaugeRow[], limit: readonly GaugeRow[]) {
  const usedBytes = usage.find((row) => row.state === 'used')?.mean ?? null;
  const states = usage.length === 0 ? null : usage.reduce((sum, row) => sum + row.mean, 0);
  const totalBytes = limit[0]?.mean ?? states;
  return { totalBytes, usedBytes, utilization: ratio(usedBytes, totalBytes) };
}

function ratio(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : part / whole;
}

/** Of a file system's states: what is used, of all there is. */
export function filesystemUsage(rows: readonly GaugeRow[], levelOf: (row: GaugeRow) => number) {
  const totalBytes = rows.reduce((sum, row) => sum + levelOf(row), 0);
  const usedBytes = rows.filter((row) => row.state === 'used').reduce((sum, row) => sum + levelOf(row), 0);
  return { totalBytes, usedBytes, utilization: ratio(usedBytes, totalBytes) };
}

/** The one that is nearest to full, at the end of the range. */
function fullest(usage: readonly GaugeRow[]): HostSummary['filesystem'] {
  const [first] = [...groupBy(usage, (row) => row.mountpoint)]
    .map(([mountpoint, rows]) => ({ mountpoint, ...filesystemUsage(rows, (row) => row.newest) }))
    .toSorted((a, b) => (b.utilization ?? -1) - (a.utilization ?? -1) || compare(a.mountpoint, b.mountpoint));
  return first ?? { mountpoint: null, totalBytes: null, usedBytes: null, utilization: null };
}
