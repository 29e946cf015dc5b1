import type { HostDetail, Series } from '@sonde/api';

export interface HostMoment {
  /** CPU utilisation of all states together, over the minutes around. */
  readonly cpu: readonly (number | null)[];
  /** At the step in which the moment lies; null where it is unknown. */
  readonly cpuNow: number | null;
  readonly memory: readonly (number | null)[];
  readonly memoryNow: number | null;
}

export function hostMoment(detail: HostDetail, ms: number): HostMoment {
  const cpu = added(detail.cpu);
  const used = detail.memory.find(({ name }) => name === 'used')?.values ?? [];
  const total = detail.summary.memory.totalBytes;
  const memory = used.map((bytes) => (bytes === null || total === null || total === 0 ? null : bytes / total));
  const at = detail.timesMs.findLastIndex((startMs) => startMs <= ms);
  return { cpu, cpuNow: cpu[at] ?? null, memory, memoryNow: memory[at] ?? null };
}

/** Unknown where every state is. */
function added(states: readonly Series[]): (number | null)[] {
  const steps = Math.max(0, ...states.map(({ values }) => values.length));
  return Array.from({ length: steps }, (_, step) => {
    const known = states.map(({ values }) => values[step] ?? null).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
