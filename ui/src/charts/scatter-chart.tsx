import { useCallback } from 'react';
import type { DrawTooltip } from './common-options.ts';
import { EChart } from './echart.tsx';
import type { Palette } from './palette.ts';
import { type ScatterData, scatterOptions } from './scatter-options.ts';

export interface ScatterChartProps {
  readonly data: ScatterData;
  readonly label: string;
  readonly emptyReason: string;
  readonly heightPx?: number;
}

export function ScatterChart({ data, label, emptyReason, heightPx = 240 }: ScatterChartProps) {
  const build = useCallback((palette: Palette, draw: DrawTooltip) => scatterOptions(data, palette, draw), [data]);
  return (
    <EChart build={build} heightPx={heightPx} label={label} emptyReason={data.points.length === 0 ? emptyReason : undefined} />
  );
}
