import type { HostDetail, Series } from '@sonde/api';
import { groupBy } from '@sonde/model';
import { type CounterRow, cpuShare, processorsByState } from './host-cpu.ts';
import { filesystemUsage, type GaugeRow } from './hosts.ts';
import { compare } from './services.ts';
import { fillSteps, type Steps } from './steps.ts';

const pressures = {
  'system.cpu.linux.pressure.total': 'cpu',
  'system.memory.linux.pressure.total': 'memory',
  'system.io.linux.pressure.total': 'io',
} as const;
const networkTroubles = { 'system.network.errors': 'errors', 'system.network.packet.dropped': 'dropped' } as const;

export const hostRates = [
  'system.cpu.time',
  'system.network.io',
  'system.disk.io',
  'system.disk.operations',
  'system.disk.weighted_io_time',
  ...Object.keys(pressures),
  ...Object.keys(networkTroubles),
];
export const hostLevels = [
  'system.memory.usage',
  'system.filesystem.usage',
  'system.filesystem.inodes.usage',
  'system.network.connection.count',
  'system.paging.usage',
];

type Lines = Omit<HostDetail, 'range' | 'summary' | 'services' | 'stepMs' | 'timesMs'>;

/** What a host measured in each step, one series for each state, device or mount point. */
export function hostSeries({ timesMs }: Steps, rates: readonly CounterRow[], levels: readonly GaugeRow[]): Lines {
  const lines = <Row extends { readonly step: number }>(
    rows: readonly Row[],
    unit: string,
    nameOf: (row: Row) => string,
    valueOf: (row: Row) => number | null,
  ): Series[] =>
    [...groupBy(rows, nameOf)]
      .map(([name, own]) => ({
        name,
        unit,
        values: fillSteps<Row, number | null>(timesMs.length, own, (row) => row.step, valueOf, null),
      }))
      .toSorted((a, b) => compare(a.name, b.name));
  const rateOf = (metric: string, unit: string, nameOf: (row: CounterRow) => string) =>
    lines(
      rates.filter((row) => row.metric === metric),
      unit,
      nameOf,
      (row) => row.rate,
    );
  const levelOf = (metric: string, unit: string) =>
    lines(
      levels.filter((row) => row.metric === metric),
      unit,
      (row) => row.state,
      (row) => row.mean,
    );
  const usedOf = (metric: string) =>
    lines(
      shares(levels.filter((row) => row.metric === metric)),
      '1',
      (row) => row.mountpoint,
      (row) => row.utilization,
    );
  return {
    cpu: lines(
      cpuShares(rates.filter((row) => row.metric === 'system.cpu.time')),
      '1',
      (row) => row.state,
      (row) => row.share,
    ),
    memory: levelOf('system.memory.usage', 'By'),
    network: rateOf('system.network.io', 'By/s', direction),
    diskIo: rateOf('system.disk.io', 'By/s', direction),
    filesystem: usedOf('system.filesystem.usage'),
    inodes: usedOf('system.filesystem.inodes.usage'),
    pressure: Object.entries(pressures).flatMap(([metric, of]) => rateOf(metric, '1', ({ state }) => `${of} ${state}`)),
    diskOperations: rateOf('system.disk.operations', '{operation}/s', direction),
    // Seconds of waiting a second are operations that wait (Little's law).
    diskQueue: rateOf('system.disk.weighted_io_time', '{operation}', ({ device }) => device),
    networkErrors: Object.entries(networkTroubles).flatMap(([metric, what]) =>
      rateOf(metric, '{packet}/s', (row) => `${direction(row)} ${what}`),
    ),
    connections: levelOf('system.network.connection.count', '{connection}'),
    swap: levelOf('system.paging.usage', 'By'),
  };
}

const direction = (row: CounterRow) => `${row.device} ${row.direction}`;

function cpuShares(rows: readonly CounterRow[]) {
  return [...groupBy(rows, (row) => row.step)].flatMap(([step, ofStep]) => {
    const processors = processorsByState(ofStep);
    return [...processors.keys()]
      .filter((state) => state !== 'idle')
      .map((state) => ({ step, state, share: cpuShare(processors, state) }));
  });
}

/** Of file systems, by mount point. */
function shares(rows: readonly GaugeRow[]) {
  return [...groupBy(rows, (row) => row.mountpoint)].flatMap(([mountpoint, own]) =>
    [...groupBy(own, (row) => row.step)].map(([step, ofStep]) => ({
      step,
      mountpoint,
      utilization: filesystemUsage(ofStep, (row) => row.mean).utilization,
    })),
  );
}
