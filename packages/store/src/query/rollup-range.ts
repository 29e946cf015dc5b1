import type { TimeRange } from './range.ts';
import { type Bounds, unionOf } from './rollup-parts.ts';

/**
 * A range as it is read from rollups: whole days from the middle, whole hours beside them, whole minutes at both ends.
 *
 *     minutes   hours         days          hours   minutes
 *     |.....|-----------|===============|-----------|.....|
 *   minuteFrom hourFrom dayFrom     dayTo       hourTo  minuteTo
 *
 * So an answer over a month costs some 50 rows of each key. A range of less than a day is exact to the minute; the ends of a longer one move
 * outwards to whole hours, at most a 24th of it: the minutes there would cost more than all the hours between.
 */
export interface RollupRange {
  readonly params: Bounds;
  /** What is answered for: the range that was asked for, its ends moved outwards to whole minutes or hours; not into the future. */
  readonly range: TimeRange;
  /** Of the coarsest part: no step of a chart may be finer. */
  readonly stepMsMin: number;
}

export const rollupTypes = {
  minuteFrom: 'UInt32',
  hourFrom: 'UInt32',
  dayFrom: 'UInt32',
  dayTo: 'UInt32',
  hourTo: 'UInt32',
  minuteTo: 'UInt32',
} as const;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Up to here minutes are few enough to be read one by one, and hours up to there. */
const minutesOnlyMs = 3 * hourMs;
const hoursOnlyMs = 7 * dayMs;
/** From here on ends are whole hours. */
const wholeHoursMs = dayMs;
/** The engine's times begin in 1970, and end in February 2106. */
const lastSecond = 2 ** 32 - 1;

/** Of what the ends of a range are made whole. */
export function rollupGrainMs({ fromMs, toMs }: TimeRange): number {
  return toMs - fromMs < wholeHoursMs ? minuteMs : hourMs;
}

export function rollupRange({ fromMs, toMs }: TimeRange, nowMs = Date.now()): RollupRange {
  const grainMs = rollupGrainMs({ fromMs, toMs });
  const from = Math.floor(fromMs / grainMs) * grainMs;
  const to = Math.ceil(toMs / grainMs) * grainMs;
  const length = to - from;
  const [hourFrom, hourTo] = length <= minutesOnlyMs ? [to, to] : inside(from, to, hourMs);
  const [dayFrom, dayTo] = length <= hoursOnlyMs ? [hourTo, hourTo] : inside(hourFrom, hourTo, dayMs);
  const second = (ms: number) => Math.max(0, Math.min(ms / 1000, lastSecond));
  return {
    params: {
      minuteFrom: second(from),
      hourFrom: second(hourFrom),
      dayFrom: second(dayFrom),
      dayTo: second(dayTo),
      hourTo: second(hourTo),
      minuteTo: second(to),
    },
    // The hour that is not over yet has rows until now: counted as a whole one it would look quieter than it is.
    range: { fromMs: from, toMs: Math.min(to, Math.max(Math.ceil(toMs / minuteMs), Math.ceil(nowMs / minuteMs)) * minuteMs) },
    stepMsMin: dayTo > dayFrom ? dayMs : hourTo > hourFrom ? hourMs : minuteMs,
  };
}

/** The largest part of [from, to) that consists of whole units. */
function inside(from: number, to: number, unitMs: number): [number, number] {
  const first = Math.ceil(from / unitMs) * unitMs;
  return [first, Math.max(first, Math.floor(to / unitMs) * unitMs)];
}

type Bound = keyof typeof rollupTypes;
const second = (bound: Bound) => `toDateTime({${bound}:UInt32}, 'UTC')`;
const between = (from: Bound, to: Bound) => `time >= ${second(from)} AND time < ${second(to)}`;
/** Minutes are sorted by a longer time first, and only a condition on that very expression prunes. */
const minutesBetween = (sortedBy: 'toStartOfTenMinutes' | 'toStartOfHour', from: Bound, to: Bound) =>
  `${between(from, to)} AND ${sortedBy}(time) >= ${sortedBy}(${second(from)}) AND ${sortedBy}(time) <= ${sortedBy}(${second(to)})`;

const parts = {
  minutes: `(${minutesBetween('toStartOfTenMinutes', 'minuteFrom', 'hourFrom')} OR ${minutesBetween('toStartOfTenMinutes', 'hourTo', 'minuteTo')})`,
  hours: `(${between('hourFrom', 'dayFrom')} OR ${between('dayTo', 'hourTo')})`,
  days: between('dayFrom', 'dayTo'),
} as const;

const widthS = { minutes: 60, hours: 3600, days: 86_400 } as const;

/**
 * What has hours and days. `operation` is `path` for whoever asks for no API, version, instance or host; `instance` knows nothing but in which
 * services which instances and hosts were. Both have the minutes of `path`.
 */
type Rollup = 'path' | 'edge' | 'operation' | 'instance';
const minutesOf = { path: 'path_minutes', edge: 'edge_minutes', operation: 'path_minutes', instance: 'path_minutes' } as const;

/** The rows of a range out of a rollup, each once, with the width of the time that each stands for. */
export function fromRollup(rollup: Rollup, columns: string, condition: string): string {
  return unionOf(
    (['days', 'hours', 'minutes'] as const).map((resolution) => {
      const table = resolution === 'minutes' ? minutesOf[rollup] : `${rollup}_${resolution}`;
      return [
        resolution,
        `SELECT ${columns}, ${widthS[resolution]} AS width_s FROM ${table} WHERE ${parts[resolution]} AND ${condition}`,
      ];
    }),
  );
}

/** Out of `service_*`, which has no days: hours take their part. */
export function fromServices(columns: string, condition: string): string {
  return unionOf([
    ['daysOrHours', `SELECT ${columns} FROM service_hours WHERE ${between('hourFrom', 'hourTo')} AND ${condition}`],
    ['minutes', `SELECT ${columns} FROM service_minutes WHERE ${parts.minutes} AND ${condition}`],
  ]);
}

/** Out of `span_minutes`, which knows what was loaded a second ago. */
export function fromSpanMinutes(columns: string, condition: string): string {
  return `SELECT ${columns}, ${widthS.minutes} AS width_s FROM span_minutes WHERE ${minutesBetween('toStartOfHour', 'minuteFrom', 'minuteTo')} AND ${condition}`;
}

/** Which step of `stepS` seconds, counted from `stepBase` (Unix seconds), a row lies in. */
export const rollupStep = 'toUInt32(intDiv(toUnixTimestamp(time) - {stepBase:UInt32}, {stepS:UInt32}))';
export const rollupStepTypes = { stepBase: 'UInt32', stepS: 'UInt32' } as const;

export interface RollupSteps {
  readonly stepMs: number;
  /** Start of each step; the first may begin before the range. */
  readonly timesMs: readonly number[];
  /** How much of each lies in the range. */
  readonly seconds: readonly number[];
  readonly params: { readonly stepBase: number; readonly stepS: number };
}

const widths = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 7 * 1440, 30 * 1440].map((minutes) => minutes * minuteMs);

/** Steps of a usual width at whole multiples of it, at most so many and one. */
export function rollupSteps({ range, stepMsMin }: Pick<RollupRange, 'range' | 'stepMsMin'>, countMax: number): RollupSteps {
  const { fromMs, toMs } = range;
  const lengthMs = toMs - fromMs;
  const stepMs =
    widths.find((width) => width >= stepMsMin && lengthMs / width <= countMax) ??
    Math.ceil(lengthMs / countMax / dayMs) * dayMs;
  const baseMs = Math.floor(fromMs / stepMs) * stepMs;
  const timesMs = Array.from({ length: Math.ceil((toMs - baseMs) / stepMs) }, (_, i) => baseMs + i * stepMs);
  return {
    stepMs,
    timesMs,
    seconds: timesMs.map((timeMs) => (Math.min(timeMs + stepMs, toMs) - Math.max(timeMs, fromMs)) / 1000),
    params: { stepBase: baseMs / 1000, stepS: stepMs / 1000 },
  };
}
