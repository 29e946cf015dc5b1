/** What the processes and machines of a service report, as one figure for each period: the mean over its instances by what they served. */
import type { Both, InstanceChange, ServiceChange } from './changes.ts';
import type { HostFacts, PeriodFacts, RuntimeFacts } from './facts.ts';
import { slowerBy } from './symptom.ts';
import type { Evidence, Measure } from './verdict.ts';

export interface Pair {
  readonly baseline: number | null;
  readonly now: number | null;
}

export interface Resources {
  readonly gc: Pair;
  readonly loop: Pair;
  readonly loopDelayNs: Pair;
  readonly heap: Pair;
  readonly cpu: Pair;
  readonly steal: Pair;
  readonly ioWait: Pair;
  readonly cpuPressure: Pair;
  readonly ioPressure: Pair;
}

export function resourcesOf(
  { instances }: Pick<ServiceChange, 'instances'>,
  baseline: PeriodFacts,
  now: PeriodFacts,
): Resources {
  const ofRuntime = (valueOf: (runtime: RuntimeFacts) => number | null): Pair =>
    pair(instances, (instance, period) => {
      const runtime = (period === 'now' ? now : baseline).runtimes.get(instance.instance);
      return runtime === undefined ? null : valueOf(runtime);
    });
  const ofHost = (valueOf: (host: HostFacts) => number | null): Pair =>
    pair(instances, (instance, period) => {
      const host = (period === 'now' ? now : baseline).hosts.get(instance.host);
      return host === undefined ? null : valueOf(host);
    });
  return {
    gc: ofRuntime(({ gcShare }) => gcShare),
    loop: ofRuntime(({ loopUtilization }) => loopUtilization),
    loopDelayNs: ofRuntime(({ loopDelayNs }) => loopDelayNs),
    heap: ofRuntime(({ heapBytes }) => heapBytes),
    cpu: ofHost(({ cpu }) => cpu),
    steal: ofHost(({ steal }) => steal),
    ioWait: ofHost(({ ioWait }) => ioWait),
    cpuPressure: ofHost(({ cpuPressure }) => cpuPressure),
    ioPressure: ofHost(({ ioPressure }) => ioPressure),
  };
}

function pair(
  instances: readonly InstanceChange[],
  valueOf: (instance: InstanceChange, period: keyof Both) => number | null,
): Pair {
  const mean = (period: keyof Both) => {
    const known = instances.flatMap((instance) => {
      const value = valueOf(instance, period);
      return value === null ? [] : [{ value, weight: instance.served[period] }];
    });
    const weight = known.reduce((sum, one) => sum + one.weight, 0);
    if (known.length === 0) return null;
    // Of none that served, each counts alike.
    if (weight === 0) return known.reduce((sum, one) => sum + one.value, 0) / known.length;
    return known.reduce((sum, one) => sum + one.value * one.weight, 0) / weight;
  };
  return { baseline: mean('baseline'), now: mean('now') };
}

/** By how much it rose; null: unknown. */
export function rise({ baseline, now }: Pair): number | null {
  return baseline === null || now === null ? null : now - baseline;
}

/** Rose by that much to at least that. */
export function rose(measured: Pair, by: number, to = 0): boolean {
  const risen = rise(measured);
  return risen !== null && risen >= by && (measured.now ?? 0) >= to;
}

/** All processors are busy; or those that may be used are, as where tasks are bound to one of several. */
export function isCpuSaturated({ cpu, cpuPressure }: Pick<Resources, 'cpu' | 'cpuPressure'>): boolean {
  return rose(cpu, bounds.cpuBy, bounds.cpuTo) || rose(cpuPressure, bounds.pressureBy, bounds.pressureTo);
}

/** Processors wait for disks; or tasks do, whatever else the processors have to do. */
export function isIoSaturated({ ioPressure, ioWait }: Pick<Resources, 'ioPressure' | 'ioWait'>): boolean {
  return rose(ioWait, bounds.ioWaitBy) || rose(ioPressure, bounds.pressureBy, bounds.pressureTo);
}

/** The bounds of what counts as a change of state: docs/remedies.md. */
export const bounds = {
  gcBy: 0.05,
  gcTo: 0.08,
  loopBy: 0.2,
  loopTo: 0.6,
  loopDelayNsBy: 10_000_000,
  cpuBy: 0.15,
  cpuTo: 0.9,
  stealBy: 0.1,
  ioWaitBy: 0.15,
  pressureBy: 0.3,
  pressureTo: 0.6,
  rateBy: 1.5,
} as const;

const units: Partial<Record<Measure, string>> = {
  'time on the critical path': 'ns',
  'mean duration': 'ns',
  'wait in queue': 'ns',
  'event loop delay': 'ns',
  'heap in use': 'By',
  requests: '{request}/s',
  instances: '{instance}',
  versions: '{version}',
};

export function evidence(measure: Measure, of: string, { baseline, now }: Pair, says: Evidence['says'] = 'for'): Evidence {
  return { measure, of, unit: units[measure] ?? '1', baseline, now, says };
}

/** Whether each call takes longer than it did: by three tenths, or where there was none before. */
export function isLonger({ baseline, now }: Pair): boolean {
  return now !== null && (baseline === null || now >= slowerBy * baseline);
}

/** Of one call or request; where it is as it was, it speaks against. */
export function meanDuration(of: string, measured: Pair): Evidence {
  return evidence('mean duration', of, measured, isLonger(measured) ? 'for' : 'against');
}

/** Everything that was measured of a service's processes and machines, each for or against being the cause. */
export function resourceEvidence(of: string, resources: Resources): Evidence[] {
  const { cpu, cpuPressure, gc, heap, ioPressure, ioWait, loop, loopDelayNs, steal } = resources;
  const told = (measure: Measure, measured: Pair, isUp: boolean) =>
    measured.now === null ? [] : [evidence(measure, of, measured, isUp ? 'for' : 'against')];
  return [
    ...told('garbage collection', gc, rose(gc, bounds.gcBy, bounds.gcTo)),
    ...told('event loop utilization', loop, rose(loop, bounds.loopBy, bounds.loopTo)),
    ...told('event loop delay', loopDelayNs, rose(loopDelayNs, bounds.loopDelayNsBy)),
    ...told('heap in use', heap, rose(heap, Math.max(50e6, heap.baseline ?? 0))),
    ...told('CPU utilization', cpu, rose(cpu, bounds.cpuBy, bounds.cpuTo)),
    ...told('CPU pressure', cpuPressure, rose(cpuPressure, bounds.pressureBy, bounds.pressureTo)),
    ...told('CPU steal', steal, rose(steal, bounds.stealBy)),
    ...told('I/O wait', ioWait, rose(ioWait, bounds.ioWaitBy)),
    ...told('I/O pressure', ioPressure, rose(ioPressure, bounds.pressureBy, bounds.pressureTo)),
  ];
}
