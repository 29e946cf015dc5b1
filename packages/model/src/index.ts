export { type SpanKind, spanKinds, type StatusCode, statusCodes, type TraceSpan } from './trace.ts';
