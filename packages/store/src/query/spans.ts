/** SQL that several questions about spans share. Kinds and status codes as OTLP numbers them. */

/** A request is what a service was asked to do: SERVER and CONSUMER spans. */
export const isRequest = 'kind IN (2, 5)';

export const hasFailed = 'status_code = 2';

/** The ids of the parameter `traceIds: Array(String)`, 32 hex digits each. */
export const givenTraces = `SELECT toFixedString(unhex(arrayJoin({traceIds:Array(String)})), 16)`;
export const isGivenTrace = `trace_id IN (${givenTraces})`;

export const noParent = `parent_span_id = toFixedString('', 8)`;

/**
 * Percentiles are exact, by nearest rank: the smallest duration that at least p % of the spans do not exceed.
 *
 * ClickHouse's quantileExact takes the element at floor(level * n), counted from 0; nearest rank is at ceil(level * n) - 1. The two
 * differ only where level * n is whole, which a level smaller by 1e-12 mends for every n below 10^9.
 */
export function percentileLevel(percentile: number): number {
  return percentile / 100 - 1e-12;
}

export const usualLevels = [50, 95, 99].map(percentileLevel).join(', ');

/** 50, 95, 99 of a column of durations, as numbers. */
export function usualPercentiles(column: string): string {
  return `arrayMap(x -> toFloat64(x), quantilesExact(${usualLevels})(${column}))`;
}

/** Sixteen digits, as in the API. */
export function hashHex(column: string): string {
  return `leftPad(lower(hex(${column})), 16, '0')`;
}

/** A duration's bucket, exactly as bucketIndex of the model has it. */
export function bucketOf(column: string, perOctave: number): string {
  const guess = `floor(log2(toFloat64(${column})) * ${perOctave})`;
  const lower = (index: string) => `exp2((${index}) / ${perOctave})`;
  return `toInt32(multiIf(${column} < 1, 0, toFloat64(${column}) < ${lower(guess)}, ${guess} - 1, toFloat64(${column}) >= ${lower(`${guess} + 1`)}, ${guess} + 1, ${guess}))`;
}
