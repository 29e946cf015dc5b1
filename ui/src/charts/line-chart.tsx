import { useCallback } from 'react';
import type { Quantity } from '../base/quantity.ts';
import type { Interval } from '../base/time-range.ts';
import styles from './charts.module.css';
import type { DrawTooltip } from './common-options.ts';
import { type Brushed, EChart } from './echart.tsx';
import { isEmptyLine, type LineData, lineOptions } from './line-options.ts';
import { type Palette, type Tone } from './palette.ts';

export interface LineChartProps {
  readonly data: LineData;
  readonly label: string;
  readonly emptyReason: string;
  readonly heightPx?: number;
  readonly group?: string;
  /** Dragging over the plot chooses a time range. */
  readonly onZoom?: (interval: Interval) => void;
  readonly onPoint?: (index: number | undefined) => void;
}

export function LineChart({ data, label, emptyReason, heightPx = 150, group, onZoom, onPoint }: LineChartProps) {
  const brushes = onZoom !== undefined;
  const build = useCallback(
    (palette: Palette, draw: DrawTooltip) => lineOptions(data, palette, draw, brushes),
    [data, brushes],
  );
  const zoom = onZoom && (({ x: [fromMs, toMs] }: Brushed) => onZoom({ fromMs, toMs }));
  return (
    <EChart
      build={build}
      heightPx={heightPx}
      label={label}
      emptyReason={isEmptyLine(data) ? emptyReason : undefined}
      {...(group !== undefined && { group })}
      {...(zoom && { onBrush: zoom })}
      {...(onPoint && { onPoint })}
    />
  );
}

export interface LegendProps {
  readonly items: readonly { readonly name: string; readonly tone: Tone; readonly value?: Quantity }[];
}

/** The names of the lines, in a chart's header; with their values at the pointer. */
export function Legend({ items }: LegendProps) {
  return (
    <ul className={styles['legend']}>
      {items.map(({ name, tone, value }) => (
        <li key={name} title={name}>
          <i style={{ background: toneVariable(tone) }} />
          <span>{name}</span>
          {value && (
            <b>
              {value.value} <small>{value.unit}</small>
            </b>
          )}
        </li>
      ))}
    </ul>
  );
}

function toneVariable(tone: Tone): string {
  if (typeof tone === 'number') return `var(--c${((tone - 1) % 8) + 1})`;
  return tone === 'text2' ? 'var(--text-2)' : `var(--${tone})`;
}
