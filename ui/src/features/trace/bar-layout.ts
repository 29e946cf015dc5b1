import type { SpanNode } from './trace-view.ts';

/** Where a span's bar stands on the time axis; shares of its width, 0..1. */
export interface BarLayout {
  readonly left: number;
  readonly width: number;
  /** The part of the bar that is on the critical path, drawn at its end. */
  readonly critical: number;
  readonly label: 'inside' | 'left' | 'right';
}

/** Within this share of the right edge there is no room for a label after the bar. */
const labelShare = 0.1;
const insideShare = 0.2;

export function barLayout({ startNs, durationNs, span }: SpanNode, traceNs: number): BarLayout {
  const left = clamp(startNs / traceNs);
  const width = Math.min(1 - left, clamp(durationNs / traceNs));
  const label = left + width <= 1 - labelShare ? 'right' : width >= insideShare ? 'inside' : 'left';
  return { left, width, critical: durationNs > 0 ? clamp(span.criticalNs / durationNs) : 0, label };
}

/** Where an event stands on the axis. */
export function markAt(ns: number, traceNs: number): number {
  return clamp(ns / traceNs);
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
