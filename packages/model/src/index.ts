export { skewedSpans, timerToleranceNs } from './clock-skew.ts';
export { criticalTimes } from './critical-path.ts';
export { bucketIndex, bucketLowerNs, histogramPercentile, type Log2Histogram } from './log2-histogram.ts';
export * from './search/index.ts';
export { selfTimes } from './self-time.ts';
export { type SpanKind, spanKinds, type StatusCode, statusCodes, type TraceSpan } from './trace.ts';
export { buildTraceTree, type TraceTree, type TreeProblem } from './trace-tree.ts';
