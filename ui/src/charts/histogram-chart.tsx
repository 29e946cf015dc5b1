import { useCallback } from 'react';
import type { DrawTooltip } from './common-options.ts';
import { type Brushed, EChart } from './echart.tsx';
import { type HistogramData, histogramOptions } from './histogram-options.ts';
import type { Palette } from './palette.ts';

export interface HistogramChartProps {
  readonly data: HistogramData;
  readonly label: string;
  readonly emptyReason: string;
  readonly heightPx?: number;
  /** Dragging over the plot chooses durations. */
  readonly onDurations?: (fromNs: number, toNs: number) => void;
}

export function HistogramChart({ data, label, emptyReason, heightPx = 180, onDurations }: HistogramChartProps) {
  const brushes = onDurations !== undefined;
  const build = useCallback(
    (palette: Palette, draw: DrawTooltip) => histogramOptions(data, palette, draw, brushes),
    [data, brushes],
  );
  const choose = onDurations && (({ x }: Brushed) => onDurations(...x));
  return (
    <EChart
      build={build}
      heightPx={heightPx}
      label={label}
      emptyReason={data.buckets.length === 0 ? emptyReason : undefined}
      {...(choose && { onBrush: choose })}
    />
  );
}
