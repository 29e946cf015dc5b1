import { availableParallelism, cpus, freemem, loadavg, platform, totalmem, uptime } from 'node:os';
import { type Metric, point } from './metric.ts';

/**
 * What Node itself knows of a machine that is not Linux: CPU, memory, uptime. Disks and network are not among it, so they are left out,
 * and so is what Node answers with a constant (the load on Windows, where it is always 0).
 */
export function readPortably(timeMs: number): { readonly startTimeMs: number; readonly metrics: readonly Metric[] } {
  const times = { user: 0, nice: 0, system: 0, idle: 0, interrupt: 0 };
  for (const { times: one } of cpus()) {
    times.user += one.user;
    times.nice += one.nice;
    times.system += one.sys;
    times.idle += one.idle;
    times.interrupt += one.irq;
  }
  const modes = Object.entries(times).map(([mode, milliseconds]) => point(milliseconds / 1000, { 'cpu.mode': mode }));
  const free = freemem();
  const states = Object.entries({ used: totalmem() - free, free }).map(([state, bytes]) =>
    point(bytes, { 'system.memory.state': state }),
  );
  const [load] = loadavg();
  const metrics: Metric[] = [
    { name: 'system.cpu.time', unit: 's', type: 'counter', points: modes },
    { name: 'system.cpu.logical.count', unit: '{cpu}', type: 'level', points: [point(availableParallelism())] },
    { name: 'system.memory.usage', unit: 'By', type: 'level', points: states },
    { name: 'system.memory.limit', unit: 'By', type: 'level', points: [point(totalmem())] },
    { name: 'system.uptime', unit: 's', type: 'gauge', points: [point(uptime())] },
  ];
  if (platform() !== 'win32' && load !== undefined) {
    metrics.push({ name: 'system.cpu.load_average.1m', unit: '{thread}', type: 'gauge', points: [point(load)] });
  }
  return { startTimeMs: Math.round(timeMs - uptime() * 1000), metrics };
}
