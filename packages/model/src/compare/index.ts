export {
  type Difference,
  isFurther,
  numbersDifference,
  type PairCount,
  shareDifference,
  valuesDifference,
} from './difference.ts';
export { numberBucket, numberBucketBounds, numberBuckets } from './number-buckets.ts';
