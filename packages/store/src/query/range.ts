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

/** Spans in these five-minute buckets, which `bucketsOf` made. */
export const inTheBuckets = `({bucketed:UInt8} = 0 OR toStartOfFiveMinutes(timestamp) IN (SELECT toDateTime(arrayJoin({buckets:Array(UInt32)}), 'UTC')))`;
export const theBucketsTypes = { bucketed: 'UInt8', buckets: 'Array(UInt32)' } as const;

const bucketNs = 300_000_000_000n;
/** Five weeks of them. A set that is larger prunes little for what it costs. */
const bucketsMax = 10_000n;

/** The buckets of several spans of time, each [first, last]. */
export function bucketsOf(times: readonly { readonly firstNs: bigint; readonly lastNs: bigint }[]) {
  const inAll = times.reduce((sum, { firstNs, lastNs }) => sum + (lastNs - firstNs) / bucketNs + 2n, 0n);
  const beyond = times.some(({ firstNs, lastNs }) => bucketRange(firstNs, lastNs).bucketed === 0);
  if (beyond || inAll > bucketsMax) return { bucketed: 0, buckets: [] };
  const buckets = new Set<number>();
  for (const { firstNs, lastNs } of times) {
    for (let bucket = firstNs / bucketNs; bucket <= lastNs / bucketNs; bucket++) buckets.add(Number(bucket * 300n));
  }
  return { bucketed: 1, buckets: [...buckets] };
}

/** The sort key's buckets are of whole seconds in 1970..2106; what lies beyond is found without them. */
const bucketsEndNs = 2n ** 32n * 1_000_000_000n;

export function bucketRange(firstNs: bigint, lastNs: bigint) {
  const bucketed = firstNs >= 0n && lastNs < bucketsEndNs ? 1 : 0;
  return { fromNs: firstNs, toNs: lastNs, bucketed };
}
