import { type Metric, type Point, point } from '../metric.ts';

/** The files of a cgroup (kernel: Documentation/admin-guide/cgroup-v2.rst) as text; empty where there is none. */
export type CgroupFiles = Readonly<Record<(typeof cgroupFiles)[number], string>>;

export const cgroupFiles = ['cpu.stat', 'cpu.max', 'memory.current', 'memory.max', 'memory.stat', 'io.stat'] as const;

/**
 * Names of the semantic conventions ("Container metrics"); where these have none (limits, throttling), of OpenTelemetry's
 * dockerstatsreceiver. No limit is not a limit of 0: it is left out.
 */
export function containerMetrics(files: CgroupFiles, deviceName: (number: string) => string): Metric[] {
  return [...cpuMetrics(files), ...memoryMetrics(files), ...diskMetrics(files['io.stat'], deviceName)];
}

function cpuMetrics(files: CgroupFiles): Metric[] {
  const stat = (key: string): number | undefined => numberAfter(files['cpu.stat'], key);
  const [quota, period] = /^(\d+) (\d+)$/m.exec(files['cpu.max'])?.slice(1).map(Number) ?? [];
  const points = Object.entries({ user: stat('user_usec'), system: stat('system_usec') }).flatMap(([mode, microseconds]) =>
    microseconds === undefined ? [] : [point(microseconds / 1e6, { 'cpu.mode': mode })],
  );
  const throttledMicroseconds = stat('throttled_usec');
  return [
    ...metric('container.cpu.time', 's', 'counter', points),
    ...single('container.cpu.throttling_data.periods', '{periods}', 'counter', stat('nr_periods')),
    ...single('container.cpu.throttling_data.throttled_periods', '{periods}', 'counter', stat('nr_throttled')),
    ...single(
      'container.cpu.throttling_data.throttled_time',
      'ns',
      'counter',
      throttledMicroseconds === undefined ? undefined : throttledMicroseconds * 1000,
    ),
    ...single(
      'container.cpu.limit',
      '{cpus}',
      'gauge',
      quota === undefined || period === undefined ? undefined : quota / period,
    ),
  ];
}

function memoryMetrics(files: CgroupFiles): Metric[] {
  const usage = integer(files['memory.current']);
  const inactiveFile = numberAfter(files['memory.stat'], 'inactive_file');
  // What the kernel would have to take from somebody: as the kubelet counts it.
  const workingSet = usage === undefined || inactiveFile === undefined ? undefined : Math.max(0, usage - inactiveFile);
  return [
    ...single('container.memory.usage', 'By', 'level', usage),
    ...single('container.memory.working_set', 'By', 'level', workingSet),
    ...single('container.memory.usage.limit', 'By', 'level', integer(files['memory.max'])),
  ];
}

/** `8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=0 dios=0` */
function diskMetrics(ioStat: string, deviceName: (number: string) => string): Metric[] {
  const points = [...ioStat.matchAll(/^(\d+:\d+) (.*)$/gm)].flatMap(([, number = '', pairs = '']): Point[] =>
    Object.entries({ read: 'rbytes', write: 'wbytes' }).flatMap(([direction, key]) => {
      const bytes = new RegExp(`\\b${key}=(\\d+)`).exec(pairs)?.[1];
      return bytes === undefined
        ? []
        : [point(Number(bytes), { 'system.device': deviceName(number), 'disk.io.direction': direction })];
    }),
  );
  return metric('container.disk.io', 'By', 'counter', points);
}

function metric(name: string, unit: string, type: Metric['type'], points: readonly Point[]): Metric[] {
  return points.length === 0 ? [] : [{ name, unit, type, points }];
}

function single(name: string, unit: string, type: Metric['type'], value: number | undefined): Metric[] {
  return metric(name, unit, type, value === undefined ? [] : [point(value)]);
}

function numberAfter(text: string, key: string): number | undefined {
  return integer(new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1] ?? '');
}

/** `max` is no number: there is no limit. */
function integer(text: string): number | undefined {
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}
