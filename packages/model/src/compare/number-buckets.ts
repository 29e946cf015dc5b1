/**
 * Numbers of any size and sign in buckets of equal ratio, four to a doubling, whose indexes have the order of the numbers: 0 holds zero, i
 * holds [2^((i - 81) / 4), 2^((i - 80) / 4)), and -i holds the same below zero. 1 goes down to zero; 425, from 2^86 on, up to infinity.
 */
export const numberBuckets = { perOctave: 4, offset: 81, max: 425 } as const;

const { perOctave, offset, max } = numberBuckets;

export function numberBucket(number: number): number {
  if (number === 0) return 0;
  const size = Math.floor(Math.log2(Math.abs(number)) * perOctave) + offset;
  return Math.sign(number) * Math.min(Math.max(size, 1), max);
}

/** What a bucket holds: from `from` to `to`, including the bound that is nearer to zero. null: without end. */
export function numberBucketBounds(bucket: number): { readonly from: number | null; readonly to: number | null } {
  if (bucket === 0) return { from: 0, to: 0 };
  const size = Math.abs(bucket);
  const near = size === 1 ? 0 : 2 ** ((size - offset) / perOctave);
  const far = size === max ? null : 2 ** ((size + 1 - offset) / perOctave);
  return bucket > 0 ? { from: near, to: far } : { from: far === null ? null : -far, to: near === 0 ? 0 : -near };
}
