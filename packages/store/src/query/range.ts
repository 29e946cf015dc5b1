/** Half open, [fromMs, toMs). */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const nsPerMs = 1_000_000n;

export function rangeParams(range: TimeRange) {
  return { fromNs: BigInt(range.fromMs) * nsPerMs, toNs: BigInt(range.toMs) * nsPerMs };
}

export const rangeTypes = { fromNs: 'Int64', toNs: 'Int64' } as const;

/** The period of equal length just before. */
export function before(range: TimeRange): TimeRange {
  return { fromMs: 2 * range.fromMs - range.toMs, toMs: range.fromMs };
}

/** A nanosecond count as a time of the engine. */
export function moment(ns: string): string {
  return `fromUnixTimestamp64Nano(${ns}, 'UTC')`;
}

/** The five-minute buckets that hold [from, to]. The sort key begins with this expression, so this is what prunes. */
export function inBuckets(fromNs: string, toNs: string): string {
  const bucket = 'toStartOfFiveMinutes(timestamp)';
  return `${bucket} >= toStartOfFiveMinutes(${moment(fromNs)}) AND ${bucket} <= toStartOfFiveMinutes(${moment(toNs)})`;
}

/** The same of a question's own range: whole buckets. */
export const isInBuckets = inBuckets('{fromNs:Int64}', '{toNs:Int64}');

/** Spans that began in the range. */
export const spansInRange = `${inBuckets('{fromNs:Int64}', '{toNs:Int64}')}
    AND timestamp >= ${moment('{fromNs:Int64}')} AND timestamp < ${moment('{toNs:Int64}')}`;

/** The sort key's buckets are of whole seconds in 1970..2106; what lies beyond is found without them. */
const bucketsEndNs = 2n ** 32n * 1_000_000_000n;

export function bucketRange(firstNs: bigint, lastNs: bigint) {
  const bucketed = firstNs >= 0n && lastNs < bucketsEndNs ? 1 : 0;
  return { fromNs: firstNs, toNs: lastNs, bucketed };
}
