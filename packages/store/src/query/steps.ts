import type { TimeRange } from './range.ts';

/** A range cut into steps of equal width, the last one shorter where it does not come out even. */
export interface Steps {
  readonly stepMs: number;
  readonly timesMs: readonly number[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const widths = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 6, 12].map((n) => n * hour),
  ...[1, 7, 30].map((n) => n * day),
];
const stepsMax = 120;

/** Of the usual widths the smallest that needs at most 120 steps and is not below `stepMsMin`. */
export function stepsOf(range: TimeRange, stepMsMin: number): Steps {
  const lengthMs = range.toMs - range.fromMs;
  const stepMs =
    widths.find((width) => width >= stepMsMin && lengthMs / width <= stepsMax) ?? Math.ceil(lengthMs / stepsMax / day) * day;
  return { stepMs, timesMs: Array.from({ length: Math.ceil(lengthMs / stepMs) }, (_, i) => range.fromMs + i * stepMs) };
}

/** How long each step is, in seconds. */
export function stepSeconds(range: TimeRange, steps: Steps): number[] {
  return steps.timesMs.map((fromMs) => (Math.min(fromMs + steps.stepMs, range.toMs) - fromMs) / 1000);
}

/** Trends are drawn small: this many equal steps, whatever the range. */
export const trendSteps = 30;

/** Which step of `{stepNs}` a span began in. */
export const stepIndex = 'toUInt32(intDiv(toUnixTimestamp64Nano(timestamp) - {fromNs:Int64}, {stepNs:Int64}))';
export const stepTypes = { stepNs: 'Int64' } as const;

export function stepParams(steps: Steps) {
  return { stepNs: BigInt(steps.stepMs) * 1_000_000n };
}

/** One value a step out of the rows that there are. */
export function fillSteps<Row, Value>(
  count: number,
  rows: readonly Row[],
  indexOf: (row: Row) => number,
  valueOf: (row: Row) => Value,
  missing: Value,
): Value[] {
  const values = Array.from({ length: count }, () => missing);
  for (const row of rows) values[indexOf(row)] = valueOf(row);
  return values;
}
