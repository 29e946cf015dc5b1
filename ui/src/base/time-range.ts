import { amount, compact, flag, oneOf, type RawSearch, text } from './search-params.ts';

export const relativeRanges = ['5m', '15m', '1h', '3h', '12h', '24h', '7d'] as const;
export type RelativeRange = (typeof relativeRanges)[number];

const minuteMs = 60_000;
const durationsMs: Record<RelativeRange, number> = {
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '3h': 180 * minuteMs,
  '12h': 720 * minuteMs,
  '24h': 1440 * minuteMs,
  '7d': 10_080 * minuteMs,
};

/** Either the last so-and-so long, or between two moments (epoch ms). */
export type TimeRange =
  | { readonly kind: 'relative'; readonly last: RelativeRange }
  | { readonly kind: 'absolute'; readonly fromMs: number; readonly toMs: number };

/** Short: what one came for has mostly just happened, and a new installation has no more to show. A URL leaves it out. */
const defaultRange: RelativeRange = '15m';
export const defaultTimeRange: TimeRange = { kind: 'relative', last: defaultRange };

/** What every page's URL may hold. `live`: fetch anew every few seconds. */
export interface RangeUrl {
  readonly range?: RelativeRange | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly live?: true | undefined;
  /** Only what runs in this `deployment.environment.name`. */
  readonly environment?: string | undefined;
}

export const rangeUrlKeys = ['range', 'from', 'to', 'live', 'environment'] as const;

export function parseRangeUrl(raw: RawSearch): RangeUrl {
  const from = amount(raw['from']);
  const to = amount(raw['to']);
  const live = flag(raw['live']);
  const environment = text(raw['environment']);
  if (from !== undefined && to !== undefined && from < to) return compact({ from, to, live, environment });
  const range = oneOf(relativeRanges, raw['range']);
  return compact({ range: range === defaultRange ? undefined : range, live, environment });
}

export function timeRangeOf(url: RangeUrl): TimeRange {
  if (url.from !== undefined && url.to !== undefined) return { kind: 'absolute', fromMs: url.from, toMs: url.to };
  return url.range === undefined ? defaultTimeRange : { kind: 'relative', last: url.range };
}

/** Every key, so that it can be laid over another range's URL. */
export function timeRangeUrl(range: TimeRange): Pick<RangeUrl, 'range' | 'from' | 'to'> {
  if (range.kind === 'absolute') return { range: undefined, from: Math.round(range.fromMs), to: Math.round(range.toMs) };
  return { range: range.last === defaultRange ? undefined : range.last, from: undefined, to: undefined };
}

export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export function resolveTimeRange(range: TimeRange, nowMs: number): Interval {
  if (range.kind === 'absolute') return range;
  return { fromMs: nowMs - durationsMs[range.last], toMs: nowMs };
}

/** One window earlier or later; a window that would reach beyond now ends at now. */
export function shiftTimeRange(range: TimeRange, windows: 1 | -1, nowMs: number): TimeRange {
  const { fromMs, toMs } = resolveTimeRange(range, nowMs);
  const lengthMs = toMs - fromMs;
  const shiftedToMs = Math.min(toMs + windows * lengthMs, Math.max(nowMs, toMs));
  return { kind: 'absolute', fromMs: shiftedToMs - lengthMs, toMs: shiftedToMs };
}

/** Around a moment, for "show me this at that time". */
export function timeRangeAround(ms: number, halfWidthMs: number): TimeRange {
  return { kind: 'absolute', fromMs: Math.floor(ms - halfWidthMs), toMs: Math.ceil(ms + halfWidthMs) };
}
