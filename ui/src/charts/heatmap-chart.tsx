import { useCallback } from 'react';
import type { DrawTooltip } from './common-options.ts';
import { type Brushed, EChart } from './echart.tsx';
import { type HeatmapBox, type HeatmapData, heatmapOptions, isEmptyHeatmap } from './heatmap-options.ts';
import type { Palette } from './palette.ts';

export type { HeatmapBox };

export interface HeatmapChartProps {
  readonly data: HeatmapData;
  readonly label: string;
  readonly emptyReason: string;
  readonly heightPx?: number;
  /** Dragging a box chooses a time and durations. */
  readonly onBox?: (box: HeatmapBox) => void;
}

export function HeatmapChart({ data, label, emptyReason, heightPx = 170, onBox }: HeatmapChartProps) {
  const brushes = onBox !== undefined;
  const build = useCallback(
    (palette: Palette, draw: DrawTooltip) => heatmapOptions(data, palette, draw, brushes),
    [data, brushes],
  );
  const choose =
    onBox &&
    (({ x: [fromMs, toMs], y }: Brushed) => {
      if (y) onBox({ fromMs, toMs, fromNs: y[0], toNs: y[1] });
    });
  return (
    <EChart
      build={build}
      heightPx={heightPx}
      label={label}
      emptyReason={isEmptyHeatmap(data) ? emptyReason : undefined}
      {...(choose && { onBrush: choose })}
    />
  );
}
