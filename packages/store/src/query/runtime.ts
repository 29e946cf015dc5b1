import type { Series } from '@sonde/api';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask } from './define.ts';
import { instanceGaugeQuery, histogramSumQuery, staleNs } from './metric-points.ts';
import { rangeParams, type TimeRange } from './range.ts';
import { fillSteps, stepParams, type Steps } from './steps.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How the instances of a service become one line. */
const gauges = [
  /** The worst instance: one stalled event loop is an incident. */
  { metric: 'nodejs.eventloop.delay.p99', unit: 's', ofInstances: (values: readonly number[]) => Math.max(...values) },
  /** An instance's heap spaces are added up before. */
  { metric: 'v8js.memory.heap.used', unit: 'By', ofInstances: mean },
] as const;

/** Seconds spent in it a second, the mean of the instances. */
const collection = { metric: 'v8js.gc.duration', unit: 's/s' } as const;

export const runtimeMetrics: readonly string[] = [...gauges, collection].map(({ metric }) => metric);

/**
 * What the JavaScript runtime of a service reports, in each step; none of a metric that it does not send.
 * Names: @opentelemetry/instrumentation-runtime-node.
 */
export async function runtimeSeries(engine: Engine, range: TimeRange, steps: Steps, service: string): Promise<Series[]> {
  const params = { ...rangeParams(range), ...stepParams(steps), hosts: [], service };
  const [gaugeRows, collectionRows] = await Promise.all([
    ask(engine, instanceGaugeQuery, { ...params, metrics: gauges.map((gauge) => gauge.metric) }),
    ask(engine, histogramSumQuery, { ...params, metrics: [collection.metric], staleNs }),
  ]);
  const series: Series[] = [];
  for (const { metric, unit, ofInstances } of gauges) {
    const rows = gaugeRows.filter((row) => row.metric === metric);
    const byStep = [...groupBy(rows, (row) => row.step)].map(([step, ofStep]) => ({
      step,
      value: ofInstances(
        [...groupBy(ofStep, (row) => row.instance).values()].map((own) => own.reduce((sum, row) => sum + row.mean, 0)),
      ),
    }));
    if (byStep.length > 0) series.push({ name: metric, unit, values: lineOf(steps, byStep) });
  }
  const collectedByStep = [...groupBy(collectionRows, (row) => row.step)].map(([step, rows]) => ({
    step,
    value: mean(rows.map((row) => row.rate)),
  }));
  if (collectedByStep.length > 0) {
    series.push({ name: collection.metric, unit: collection.unit, values: lineOf(steps, collectedByStep) });
  }
  return series;
}

function lineOf(steps: Steps, points: readonly { step: number; value: number }[]): (number | null)[] {
  return fillSteps<(typeof points)[number], number | null>(
    steps.timesMs.length,
    points,
    (point) => point.step,
    (point) => point.value,
    null,
  );
}
