/** Span kinds by the numbers of OTLP, for columns (names: `spanKinds`). */
export const kindNumber = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/**
 * Spans of whole traces as columns: row i of each array is span i. The rows of a trace lie together. Nothing here is ever written to.
 */
export interface SpanColumns {
  /** Rows of trace t: from `traceOffsets[t]` to before `traceOffsets[t + 1]`; one more entry than there are traces. */
  readonly traceOffsets: Uint32Array;
  /** Span id, as two halves; never all zero. */
  readonly idHigh: Uint32Array;
  readonly idLow: Uint32Array;
  /** Id of the parent; all zero where the span has none. */
  readonly parentHigh: Uint32Array;
  readonly parentLow: Uint32Array;
  /** As OTLP numbers it: `kindNumber`. */
  readonly kind: Uint8Array;
  /** Number of the service: equal numbers, equal services. */
  readonly service: Uint32Array;
  /** Since one moment that the whole batch has in common. Whole ns are exact up to 104 days from it. */
  readonly startNs: Float64Array;
  /** Not negative. */
  readonly durationNs: Float64Array;
}
