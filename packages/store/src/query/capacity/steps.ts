import type { TimeRange } from '../range.ts';
import { type RollupRange, rollupRange, type RollupSteps, rollupSteps } from '../rollup-range.ts';

const hourMs = 3_600_000;
const stepsMax = 96;
/** Spans of the last minute are not all settled: it would look quieter than it is. */
const settlingMs = 60_000;

export interface CapacitySteps extends RollupSteps {
  readonly asked: RollupRange;
  /** As long as the steps are: where metrics are read. */
  readonly range: TimeRange;
  /** Those that the range covers: what is cut off at its ends says nothing of a rate. */
  readonly whole: readonly number[];
}

/** A fit needs points: a day is read by its minutes, where other questions read hours. */
export function capacitySteps({ fromMs, toMs }: TimeRange, nowMs = Date.now()): CapacitySteps {
  const settledMs = Math.floor((nowMs - settlingMs) / 60_000) * 60_000;
  const end = settledMs > fromMs ? Math.min(toMs, settledMs) : toMs;
  const usual = rollupRange({ fromMs, toMs: end }, nowMs);
  const isShort = usual.range.toMs - usual.range.fromMs <= 24 * hourMs;
  const { minuteTo } = usual.params;
  const asked = isShort
    ? {
        ...usual,
        stepMsMin: 60_000,
        params: { ...usual.params, hourFrom: minuteTo, dayFrom: minuteTo, dayTo: minuteTo, hourTo: minuteTo },
      }
    : usual;
  const steps = rollupSteps(asked, stepsMax);
  const [first = fromMs] = steps.timesMs;
  return {
    ...steps,
    asked,
    range: { fromMs: first, toMs: asked.range.toMs },
    whole: steps.timesMs.flatMap((_, i) => ((steps.seconds[i] ?? 0) * 1000 >= steps.stepMs ? [i] : [])),
  };
}
