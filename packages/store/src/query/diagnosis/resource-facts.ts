import { groupBy, type HostFacts, type RuntimeFacts } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask } from '../define.ts';
import { type CounterRow, counters, cpuShare, equalSteps, processorsByState, wholeRange } from '../host-cpu.ts';
import { histogramSumQuery, instanceGaugeQuery, staleNs } from '../metric-points.ts';
import { rangeParams, type TimeRange } from '../range.ts';
import { stepParams } from '../steps.ts';

/** Names: @opentelemetry/instrumentation-runtime-node. */
const utilization = 'nodejs.eventloop.utilization';
const delay = 'nodejs.eventloop.delay.mean';
const heap = 'v8js.memory.heap.used';
const collection = 'v8js.gc.duration';

/** Names: packages/host-agent, docs of the semantic conventions for system metrics. */
const processorTime = 'system.cpu.time';
const [cpuPressure, ioPressure] = ['system.cpu.linux.pressure.total', 'system.io.linux.pressure.total'];
const measured = [processorTime, cpuPressure, ioPressure];

/** What every process reported over the range, by instance. */
export async function runtimeFacts(engine: Engine, range: TimeRange): Promise<Map<string, RuntimeFacts>> {
  const params = { ...rangeParams(range), ...stepParams(wholeRange(range)), hosts: [], service: '' };
  const [gauges, collections] = await Promise.all([
    ask(engine, instanceGaugeQuery, { ...params, metrics: [utilization, delay, heap] }),
    ask(engine, histogramSumQuery, { ...params, metrics: [collection], staleNs }),
  ]);
  const collected = groupBy(collections, ({ instance }) => instance);
  const gauged = groupBy(gauges, ({ instance }) => instance);
  const instances = new Set([...collected.keys(), ...gauged.keys()]);
  return new Map(
    [...instances].map((instance) => {
      const of = (metric: string) => {
        const rows = (gauged.get(instance) ?? []).filter((row) => row.metric === metric);
        return rows.length === 0 ? null : rows.reduce((sum, { mean }) => sum + mean, 0);
      };
      const gc = collected.get(instance);
      const delaySeconds = of(delay);
      return [
        instance,
        {
          gcShare: gc ? gc.reduce((sum, { rate }) => sum + rate, 0) : null,
          loopUtilization: of(utilization),
          loopDelayNs: delaySeconds === null ? null : delaySeconds * 1e9,
          heapBytes: of(heap),
        },
      ] as const;
    }),
  );
}

/** The processors and disks of these machines over the range. */
export async function hostFacts(
  engine: Engine,
  range: TimeRange,
  hosts: readonly string[] | 'all',
): Promise<Map<string, HostFacts>> {
  if (hosts.length === 0) return new Map();
  const rows = await counters(engine, range, wholeRange(range), measured, hosts === 'all' ? [] : hosts);
  return new Map([...groupBy(rows, ({ host }) => host)].map(([host, own]) => [host, factsOf(own)] as const));
}

function factsOf(rows: readonly CounterRow[]): HostFacts {
  const processors = processorsByState(rows.filter(({ metric }) => metric === processorTime));
  const waited = (of: string) => rows.find(({ metric, state }) => metric === of && state === 'some')?.rate ?? null;
  const [notIdle, ioWait] = [cpuShare(processors), cpuShare(processors, 'iowait')];
  // A processor that waits for a disk has nothing to do: whoever wants it gets it.
  const cpu = notIdle === null ? null : notIdle - (ioWait ?? 0);
  const steal = cpuShare(processors, 'steal');
  return { cpu, steal, ioWait, cpuPressure: waited(cpuPressure), ioPressure: waited(ioPressure) };
}

/** The same in each of so many steps; undefined: nothing was measured in it. */
export async function hostLines(engine: Engine, range: TimeRange, hosts: readonly string[], count: number) {
  const steps = equalSteps(range, count);
  const rows = hosts.length === 0 ? [] : await counters(engine, range, steps, measured, hosts);
  const byStep = groupBy(rows, ({ host, step }) => JSON.stringify([host, step]));
  const at = (host: string, step: number) => {
    const own = byStep.get(JSON.stringify([host, step]));
    return own && factsOf(own);
  };
  return { timesMs: steps.timesMs, of: (host: string) => steps.timesMs.map((_, step) => at(host, step)) };
}
