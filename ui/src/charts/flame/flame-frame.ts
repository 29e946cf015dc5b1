/**
 * One rectangle of a flame graph: of time (a span) or of any value that adds up (an aggregated graph, where `from` and `to` are sums).
 * Frames of one depth must not overlap.
 */
export interface FlameFrame {
  /** What a selection is known by; unique. */
  readonly key: string;
  /** 0 is the uppermost row. */
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** A category, 1..8, or any colour as `#rrggbb`: that of a difference, say. */
  readonly color: number | string;
  /** Something is wrong here: an error mark is drawn, also where the frame is narrower than a pixel. */
  readonly marked?: boolean;
  /** The share of the frame to emphasize, 0..1, at its end: its part of the critical path. */
  readonly emphasis?: number;
}
