import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { type Attributes } from '../attributes.ts';
import { containerOf } from '../container/container-of.ts';
import { type Metric, point, type ResourceMetrics } from '../metric.ts';
import { commandOf } from './command.ts';
import { parseProcessStat, processCountMetrics, type ProcessStat } from './stat.ts';
import { keyOf, Top } from './top.ts';

/** USER_HZ, as in proc/cpu.ts. */
const ticksPerSecond = 100;

/**
 * The processes of this machine: how many in which state, and the first ones as resources of their own. Files in /proc are read one after
 * the other and without waiting: they are made in memory, and a thousand detours through the thread pool cost more than what is in them.
 */
export class Processes {
  readonly #host: Attributes;
  readonly #top: Top;
  readonly #pageBytes = readPageBytes();
  /** What does not change while a process runs, of those that are sent. */
  #resources = new Map<string, Attributes>();

  constructor(host: Attributes, countMax: number) {
    this.#host = host;
    this.#top = new Top(countMax);
  }

  scrape(timeMs: number, bootTimeMs: number | undefined): { readonly counts: Metric[]; readonly processes: ResourceMetrics[] } {
    const all = processIds().flatMap((pid) => parseProcessStat(read(`/proc/${pid}/stat`)) ?? []);
    const users = new Map<number, string>();
    const resources = new Map<string, Attributes>();
    const processes = this.#top.choose(all).map((process): ResourceMetrics => {
      const key = keyOf(process);
      const resource = this.#resources.get(key) ?? { ...this.#host, ...identify(process, users) };
      resources.set(key, resource);
      const startTimeMs = bootTimeMs === undefined ? undefined : bootTimeMs + (process.startTicks * 1000) / ticksPerSecond;
      return { resource, timeMs, startTimeMs, metrics: this.#metricsOf(process) };
    });
    this.#resources = resources;
    return { counts: processCountMetrics(all), processes };
  }

  #metricsOf({ pid, userTicks, systemTicks, residentPages, threads }: ProcessStat): Metric[] {
    const metrics: Metric[] = [
      {
        name: 'process.cpu.time',
        unit: 's',
        type: 'counter',
        points: [
          point(userTicks / ticksPerSecond, { 'cpu.mode': 'user' }),
          point(systemTicks / ticksPerSecond, { 'cpu.mode': 'system' }),
        ],
      },
      { name: 'process.memory.usage', unit: 'By', type: 'level', points: [point(residentPages * this.#pageBytes)] },
      { name: 'process.thread.count', unit: '{thread}', type: 'level', points: [point(threads)] },
    ];
    return [...metrics, ...diskMetrics(read(`/proc/${pid}/io`))];
  }
}

/** `/proc/<pid>/io`, which only root and the process's own user may read. */
function diskMetrics(io: string): Metric[] {
  const points = (['read', 'write'] as const).flatMap((direction) => {
    const bytes = new RegExp(`^${direction}_bytes: (\\d+)$`, 'm').exec(io)?.[1];
    return bytes === undefined ? [] : [point(Number(bytes), { 'disk.io.direction': direction })];
  });
  return points.length === 0 ? [] : [{ name: 'process.disk.io', unit: 'By', type: 'counter', points }];
}

function identify({ pid, name }: ProcessStat, users: Map<number, string>): Attributes {
  const executable = link(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  const command = commandOf(executable, read(`/proc/${pid}/cmdline`).split('\0'));
  const userId = /^Uid:\t\d+\t(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
  const container = containerOf(read(`/proc/${pid}/cgroup`));
  return {
    'process.pid': pid,
    'process.executable.name': executable === '' ? name : basename(executable),
    ...(command === '' ? {} : { 'process.command': command }),
    ...(userId === undefined ? {} : { 'process.owner': ownerOf(Number(userId), users) }),
    ...(container === undefined ? {} : { 'container.id': container.id }),
  };
}

/** The name of a user of this machine; a number where it is one of a container's. */
function ownerOf(userId: number, users: Map<number, string>): string {
  if (users.size === 0) {
    for (const [, name = '', id] of read('/etc/passwd').matchAll(/^([^:\n]+):[^:]*:(\d+):/gm)) users.set(Number(id), name);
  }
  return users.get(userId) ?? String(userId);
}

/** `/proc/self/auxv`: AT_PAGESZ. */
function readPageBytes(): number {
  try {
    const auxiliary = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer);
    for (let index = 0; index + 1 < auxiliary.length; index += 2)
      if (auxiliary[index] === 6n) return Number(auxiliary[index + 1]);
  } catch {
    return 4096; // Another system, or none of its eight bytes: what nearly all have.
  }
  return 4096;
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // Not Linux.
  }
}

/** Empty where the process has ended meanwhile, or is another user's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
