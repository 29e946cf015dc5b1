import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask } from './define.ts';
import { counterQuery, staleNs } from './metric-points.ts';
import { rangeParams, type TimeRange } from './range.ts';
import { fillSteps, stepParams, type Steps } from './steps.ts';

/** The range as one step. */
export function wholeRange(range: TimeRange): Steps {
  return { stepMs: range.toMs - range.fromMs, timesMs: [range.fromMs] };
}

/** Equal steps, as many as asked; the width is a whole number of ms, so the last may be shorter. */
export function equalSteps(range: TimeRange, count: number): Steps {
  const stepMs = Math.max(1, Math.ceil((range.toMs - range.fromMs) / count));
  return { stepMs, timesMs: Array.from({ length: count }, (_, i) => range.fromMs + i * stepMs) };
}

export function counters(engine: Engine, range: TimeRange, steps: Steps, metrics: readonly string[], hosts: readonly string[]) {
  return ask(engine, counterQuery, { ...rangeParams(range), ...stepParams(steps), metrics, hosts, service: '', staleNs });
}

export type CounterRow = Awaited<ReturnType<typeof counters>>[number];

/** Busy processors by state: how many seconds a second were spent in it. */
export function processorsByState(rows: readonly CounterRow[]): Map<string, number> {
  return new Map(rows.map((row) => [row.state, row.rate]));
}

/** The share of one state; of everything but idle where none is named. null: nothing was measured. */
export function cpuShare(processors: ReadonlyMap<string, number>, state?: string): number | null {
  const total = [...processors.values()].reduce((sum, value) => sum + value, 0);
  if (total <= 0) return null;
  return (state === undefined ? total - (processors.get('idle') ?? 0) : (processors.get(state) ?? 0)) / total;
}

/** Of each of these hosts, over the whole range: 0..1, null where nothing was measured. */
export async function cpuUtilization(engine: Engine, range: TimeRange, hosts: readonly string[]) {
  const overTime = await cpuUtilizationOverTime(engine, range, wholeRange(range), hosts);
  return new Map([...overTime].map(([host, [value = null]]) => [host, value]));
}

/** Of each of these hosts in each step. */
export async function cpuUtilizationOverTime(
  engine: Engine,
  range: TimeRange,
  steps: Steps,
  hosts: readonly string[],
): Promise<Map<string, (number | null)[]>> {
  if (hosts.length === 0) return new Map();
  const byHost = groupBy(await counters(engine, range, steps, ['system.cpu.time'], hosts), (row) => row.host);
  return new Map(hosts.map((host) => [host, cpuTrend(byHost.get(host) ?? [], steps.timesMs.length)]));
}

/** Utilisation in each step, from the counters of one host. */
export function cpuTrend(rows: readonly CounterRow[], steps: number): (number | null)[] {
  const byStep = [...groupBy(rows, (row) => row.step)];
  return fillSteps<(typeof byStep)[number], number | null>(
    steps,
    byStep,
    ([step]) => step,
    ([, stepRows]) => cpuShare(processorsByState(stepRows)),
    null,
  );
}
