/** Span kinds as OTLP numbers them (opentelemetry/proto/trace/v1/trace.proto, Span.SpanKind). */
export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof spanKinds)[number];

/** Status codes as OTLP numbers them (Status.StatusCode). */
export const statusCodes = ['unset', 'ok', 'error'] as const;
export type StatusCode = (typeof statusCodes)[number];

/** What the trace algorithms need of a span. Times in ns since the start of the trace, so that a double holds them exactly. */
export interface TraceSpan {
  /** 16 lower-case hex digits; unique within its trace, but for the two sides of a call that share one (Zipkin's B3 does so). */
  readonly spanId: string;
  /** Empty where the span has no parent. */
  readonly parentSpanId: string;
  readonly startNs: number;
  readonly durationNs: number;
  /** These two tell the sides of a shared span id apart; without them the first of several is taken for all. */
  readonly kind?: SpanKind;
  readonly service?: string;
}
