import { readdir, readFile, realpath, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesystemMetrics } from './filesystem.ts';
import { type Attributes } from './attributes.ts';
import { type Metric, point, type ResourceMetrics } from './metric.ts';
import { bootTimeSeconds, cpuMetrics, loadMetrics } from './proc/cpu.ts';
import { diskMetrics } from './proc/disk.ts';
import { memoryMetrics, pagingMetrics } from './proc/memory.ts';
import { diskMounts } from './proc/mounts.ts';
import { networkMetrics } from './proc/network.ts';
import { readPortably } from './portable.ts';

/** The state of this machine now. What cannot be read is left out: unknown is not zero. */
export async function scrapeHost(resource: Attributes): Promise<ResourceMetrics> {
  const timeMs = Date.now();
  if (process.platform !== 'linux') return { resource, timeMs, ...readPortably(timeMs) };
  const [stat, loadavg, uptime, meminfo, vmstat, netDev, diskstats, mountinfo, isHardware] = await Promise.all([
    read('/proc/stat'),
    read('/proc/loadavg'),
    read('/proc/uptime'),
    read('/proc/meminfo'),
    read('/proc/vmstat'),
    read('/proc/net/dev'),
    read('/proc/diskstats'),
    read('/proc/self/mountinfo'),
    hardware(),
  ]);
  const mounts = await Promise.all(
    diskMounts(mountinfo).map(async (mount) => {
      const stats = await statfs(mount.mountpoint).catch(() => undefined);
      return stats === undefined ? [] : [{ mount, stats }];
    }),
  );
  const startSeconds = bootTimeSeconds(stat);
  return {
    resource,
    timeMs,
    startTimeMs: startSeconds === undefined ? timeMs : startSeconds * 1000,
    metrics: [
      ...cpuMetrics(stat),
      ...loadMetrics(loadavg),
      ...memoryMetrics(meminfo),
      ...pagingMetrics(vmstat),
      ...networkMetrics(netDev, isHardware),
      ...diskMetrics(diskstats, isHardware),
      ...filesystemMetrics(mounts.flat()),
      ...uptimeMetrics(uptime),
    ],
  };
}

function uptimeMetrics(uptime: string): Metric[] {
  const seconds = /^([\d.]+) /.exec(uptime)?.[1];
  return seconds === undefined ? [] : [{ name: 'system.uptime', unit: 's', type: 'gauge', points: [point(Number(seconds))] }];
}

/** Empty where there is no such file (a container, another kernel), or no right to it. */
async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Which disks and network interfaces are devices of a bus: sysfs keeps all that the kernel made up under /sys/devices/virtual. */
async function hardware(): Promise<(name: string) => boolean> {
  const names = new Set<string>();
  for (const folder of ['/sys/block', '/sys/class/net']) {
    for (const name of await readdir(folder).catch(() => [])) {
      const path = await realpath(join(folder, name)).catch(() => '');
      if (path !== '' && !path.startsWith('/sys/devices/virtual/')) names.add(basename(path));
    }
  }
  return (name) => names.has(name);
}
