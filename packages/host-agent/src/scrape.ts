import { readdir, readFile, realpath, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroupRoot, readContainers } from './container/containers.ts';
import { filesystemMetrics } from './filesystem.ts';
import { type Attributes } from './attributes.ts';
import { type Metric, point, type ResourceMetrics } from './metric.ts';
import { bootTimeSeconds, cpuMetrics, loadMetrics } from './proc/cpu.ts';
import { connectionMetrics, listedConnectionsMax, socketCount } from './proc/connections.ts';
import { diskMetrics } from './proc/disk.ts';
import { memoryMetrics, pagingMetrics } from './proc/memory.ts';
import { diskMounts } from './proc/mounts.ts';
import { networkMetrics } from './proc/network.ts';
import { pressureMetrics } from './proc/pressure.ts';
import { Processes } from './process/processes.ts';
import { identityOf } from './resource.ts';
import { readPortably } from './portable.ts';

/** This machine, asked again and again. */
export class Host {
  readonly #resource: Attributes;
  readonly #processes: Processes | undefined;

  constructor(resource: Attributes, processesMax: number) {
    this.#resource = resource;
    this.#processes = processesMax === 0 ? undefined : new Processes(identityOf(resource), processesMax);
  }

  /** Its state now, and that of its first processes and of its containers. What cannot be read is left out: unknown is not zero. */
  async scrape(): Promise<ResourceMetrics[]> {
    const timeMs = Date.now();
    const resource = this.#resource;
    if (process.platform !== 'linux') return [{ resource, timeMs, ...readPortably(timeMs) }];
    const { metrics, startTimeMs, mountinfo } = await readMachine();
    const { counts = [], processes = [] } = this.#processes?.scrape(timeMs, startTimeMs) ?? {};
    const root = cgroupRoot(mountinfo);
    const containers = root === undefined ? [] : readContainers(root, identityOf(resource), timeMs);
    const machine = { resource, timeMs, startTimeMs: startTimeMs ?? timeMs, metrics: [...metrics, ...counts] };
    return [machine, ...processes, ...containers];
  }
}

async function readMachine() {
  const [stat, loadavg, uptime, meminfo, vmstat, netDev, diskstats, mountinfo, isHardware, connections, ...pressure] =
    await Promise.all([
      read('/proc/stat'),
      read('/proc/loadavg'),
      read('/proc/uptime'),
      read('/proc/meminfo'),
      read('/proc/vmstat'),
      read('/proc/net/dev'),
      read('/proc/diskstats'),
      read('/proc/self/mountinfo'),
      hardware(),
      connectionTables(),
      ...(['cpu', 'memory', 'io'] as const).map(async (one) => pressureMetrics(one, await read(`/proc/pressure/${one}`))),
    ]);
  const mounts = await Promise.all(
    diskMounts(mountinfo).map(async (mount) => {
      const stats = await statfs(mount.mountpoint).catch(() => undefined);
      return stats === undefined ? [] : [{ mount, stats }];
    }),
  );
  const startSeconds = bootTimeSeconds(stat);
  return {
    mountinfo,
    startTimeMs: startSeconds === undefined ? undefined : startSeconds * 1000,
    metrics: [
      ...cpuMetrics(stat),
      ...loadMetrics(loadavg),
      ...memoryMetrics(meminfo),
      ...pagingMetrics(vmstat),
      ...pressure.flat(),
      ...networkMetrics(netDev, isHardware),
      ...connectionMetrics(connections),
      ...diskMetrics(diskstats, isHardware),
      ...filesystemMetrics(mounts.flat()),
      ...uptimeMetrics(uptime),
    ],
  };
}

/** Nothing where there are so many that to list them would cost the machine more than it tells. */
async function connectionTables(): Promise<string[]> {
  const sockets = socketCount(`${await read('/proc/net/sockstat')}\n${await read('/proc/net/sockstat6')}`);
  return sockets > listedConnectionsMax ? [] : Promise.all([read('/proc/net/tcp'), read('/proc/net/tcp6')]);
}

function uptimeMetrics(uptime: string): Metric[] {
  const seconds = /^([\d.]+) /.exec(uptime)?.[1];
  return seconds === undefined ? [] : [{ name: 'system.uptime', unit: 's', type: 'gauge', points: [point(Number(seconds))] }];
}

/** Empty where there is no such file (a container, another kernel), or no right to it. */
async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** What a name was the last time that it was there. */
let knownHardware: ReadonlyMap<string, boolean> = new Map();

/** Which disks and network interfaces are devices of a bus: sysfs keeps all that the kernel made up under /sys/devices/virtual. */
async function hardware(): Promise<(name: string) => boolean> {
  const found = new Map<string, boolean>();
  for (const folder of ['/sys/block', '/sys/class/net']) {
    for (const name of await readdir(folder).catch(() => []))
      found.set(name, knownHardware.get(name) ?? (await isOfBus(join(folder, name))));
  }
  knownHardware = found;
  return (name) => found.get(name) === true;
}

async function isOfBus(link: string): Promise<boolean> {
  const path = await realpath(link).catch(() => '');
  return path !== '' && !path.startsWith('/sys/devices/virtual/');
}
