import type { HostDetail, Series } from '@sonde/api';

export interface HostMoment {
  /** CPU utilisation of all states together, over the minutes around. */
  readonly cpu: readonly (number | null)[];
  /** At the moment, or as near to it as a minute; null where that is unknown too. */
  readonly cpuNow: number | null;
  readonly memory: readonly (number | null)[];
  readonly memoryNow: number | null;
  /** Bytes read and written a second, all devices together. */
  readonly disk: readonly (number | null)[];
  readonly diskNow: number | null;
  /** Where the moment stands in the minutes around, 0..1. */
  readonly markShare: number;
}

export function hostMoment(detail: HostDetail, ms: number): HostMoment {
  const cpu = added(detail.cpu);
  const used = detail.memory.find(({ name }) => name === 'used')?.values ?? [];
  const total = detail.summary.memory.totalBytes;
  const memory = used.map((bytes) => (bytes === null || total === null || total === 0 ? null : bytes / total));
  const now = (values: readonly (number | null)[]) => nearest(detail.timesMs, detail.stepMs, values, ms);
  const disk = added(detail.diskIo);
  return {
    cpu,
    cpuNow: now(cpu),
    memory,
    memoryNow: now(memory),
    disk,
    diskNow: now(disk),
    markShare: markShare(detail.timesMs, ms),
  };
}

const nearMs = 60_000;

export function markShare(timesMs: readonly number[], ms: number): number {
  const [first, last] = [timesMs[0] ?? ms, timesMs.at(-1) ?? ms];
  return last > first ? Math.min(1, Math.max(0, (ms - first) / (last - first))) : 1;
}

export function nearest(
  timesMs: readonly number[],
  stepMs: number,
  values: readonly (number | null)[],
  ms: number,
): number | null {
  let best: { readonly value: number; readonly awayMs: number } | undefined;
  values.forEach((value, step) => {
    const startMs = timesMs[step];
    if (value === null || startMs === undefined) return;
    const awayMs = Math.max(0, startMs - ms, ms - startMs - stepMs);
    if (awayMs <= nearMs && (!best || awayMs < best.awayMs)) best = { value, awayMs };
  });
  return best?.value ?? null;
}

/** Unknown where every state is. */
function added(states: readonly Series[]): (number | null)[] {
  const steps = Math.max(0, ...states.map(({ values }) => values.length));
  return Array.from({ length: steps }, (_, step) => {
    const known = states.map(({ values }) => values[step] ?? null).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
