import type { HostFacts, RuntimeFacts } from '@sonde/model';
import type { Engine } from '../../engine/types.ts';
import { ask } from '../define.ts';
import { groupBy } from '../group-by.ts';
import { counters, cpuShare, processorsByState, wholeRange } from '../host-cpu.ts';
import { histogramSumQuery, instanceGaugeQuery, staleNs } from '../metric-points.ts';
import { rangeParams, type TimeRange } from '../range.ts';
import { stepParams } from '../steps.ts';

/** Names: @opentelemetry/instrumentation-runtime-node. */
const utilization = 'nodejs.eventloop.utilization';
const delay = 'nodejs.eventloop.delay.mean';
const heap = 'v8js.memory.heap.used';
const collection = 'v8js.gc.duration';

/** What every process reported over the range, by instance. */
export async function runtimeFacts(engine: Engine, range: TimeRange): Promise<Map<string, RuntimeFacts>> {
  const params = { ...rangeParams(range), ...stepParams(wholeRange(range)), hosts: [], service: '' };
  const [gauges, collections] = await Promise.all([
    ask(engine, instanceGaugeQuery, { ...params, metrics: [utilization, delay, heap] }),
    ask(engine, histogramSumQuery, { ...params, metrics: [collection], staleNs }),
  ]);
  const collected = groupBy(collections, ({ instance }) => instance);
  const measured = groupBy(gauges, ({ instance }) => instance);
  const instances = new Set([...collected.keys(), ...measured.keys()]);
  return new Map(
    [...instances].map((instance) => {
      const of = (metric: string) => {
        const rows = (measured.get(instance) ?? []).filter((row) => row.metric === metric);
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

/** The processors of these machines over the range. */
export async function hostFacts(engine: Engine, range: TimeRange, hosts: readonly string[]): Promise<Map<string, HostFacts>> {
  if (hosts.length === 0) return new Map();
  const rows = await counters(engine, range, wholeRange(range), ['system.cpu.time'], hosts);
  return new Map(
    [...groupBy(rows, ({ host }) => host)].map(([host, own]) => {
      const processors = processorsByState(own);
      return [
        host,
        { cpu: cpuShare(processors), steal: cpuShare(processors, 'steal'), ioWait: cpuShare(processors, 'iowait') },
      ] as const;
    }),
  );
}
