import { type Metric, point } from '../metric.ts';

/** USER_HZ: the unit of times in /proc, 100 to the second on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** cpu.mode of the columns of `/proc/stat` (proc(5)), in their order. Guest time is contained in user and nice. */
const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'softirq', 'steal'] as const;

/** `/proc/stat`: the time of all processors together by mode, and how many they are. */
export function cpuMetrics(stat: string): Metric[] {
  const total = /^cpu +([\d ]+)$/m.exec(stat)?.[1]?.split(' ');
  if (total === undefined) return [];
  const points = modes.flatMap((mode, column) => {
    const ticks = total[column];
    return ticks === undefined ? [] : [point(Number(ticks) / ticksPerSecond, { 'cpu.mode': mode })];
  });
  return [
    { name: 'system.cpu.time', unit: 's', type: 'counter', points },
    { name: 'system.cpu.logical.count', unit: '{cpu}', type: 'level', points: [point(stat.match(/^cpu\d+ /gm)?.length ?? 0)] },
  ];
}

/** Seconds since the epoch at which the machine started, from `/proc/stat`. */
export function bootTimeSeconds(stat: string): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(stat)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** `/proc/loadavg`. */
export function loadMetrics(loadavg: string): Metric[] {
  const averages = /^([\d.]+) ([\d.]+) ([\d.]+) /.exec(loadavg);
  if (averages === null) return [];
  return ['1m', '5m', '15m'].map((window, index) => ({
    name: `system.cpu.load_average.${window}`,
    unit: '{thread}',
    type: 'gauge',
    points: [point(Number(averages[index + 1]))],
  }));
}
