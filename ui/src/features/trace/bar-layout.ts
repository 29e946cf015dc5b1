import { shareOf, type TimeWindow } from './time-window.ts';
import type { SpanNode } from './trace-view.ts';

/** Shares of the axis' width, 0..1. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}

/** Where a span's bar stands on the time axis. */
export interface BarLayout extends Stretch {
  /** It lies outside of what is shown: before it or after. */
  readonly outside: boolean;
  /** The parts of the bar that are on the critical path. */
  readonly critical: readonly Stretch[];
  readonly label: 'inside' | 'left' | 'right';
}

/** Within this share of the right edge there is no room for a label after the bar. */
const labelShare = 0.1;
const insideShare = 0.2;
/** Critical parts that stand nearer than this are drawn as one: less is not seen. */
const gapShare = 0.002;

export function barLayout({ startNs, durationNs, critical }: SpanNode, window: TimeWindow): BarLayout {
  const fromShare = shareOf(startNs, window);
  const toShare = shareOf(startNs + durationNs, window);
  const { left, width } = stretch(fromShare, toShare);
  const label = left + width <= 1 - labelShare ? 'right' : width >= insideShare ? 'inside' : 'left';
  return { left, width, outside: toShare < 0 || fromShare > 1, critical: criticalParts(critical, window), label };
}

function criticalParts(bounds: readonly number[], window: TimeWindow): Stretch[] {
  const parts: { fromShare: number; toShare: number }[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const fromShare = shareOf(bounds[i] as number, window);
    const toShare = shareOf(bounds[i + 1] as number, window);
    if (toShare <= 0 || fromShare >= 1) continue;
    const last = parts.at(-1);
    if (last && fromShare - last.toShare < gapShare) last.toShare = toShare;
    else parts.push({ fromShare, toShare });
  }
  return parts.map(({ fromShare, toShare }) => stretch(fromShare, toShare));
}

function stretch(fromShare: number, toShare: number): Stretch {
  const left = clamp(fromShare);
  return { left, width: clamp(toShare) - left };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
