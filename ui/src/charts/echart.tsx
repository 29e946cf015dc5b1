import { useComputedColorScheme } from '@mantine/core';
import type { ECharts, EChartsOption } from 'echarts';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import styles from './charts.module.css';
import type { DrawTooltip } from './common-options.ts';
import { type Palette, readPalette } from './palette.ts';
import { tooltipElement } from './tooltip.ts';

/** What was dragged over, in the units of the axes; `y` only of a box. */
export interface Brushed {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number] | undefined;
}

export interface EChartProps {
  /** Pure: palette and tooltip drawing in, option out. Called again when the theme changes. */
  readonly build: (palette: Palette, draw: DrawTooltip) => EChartsOption;
  readonly heightPx: number;
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  /** Charts of one group show their pointers at the same time. */
  readonly group?: string;
  readonly onBrush?: (brushed: Brushed) => void;
  /** The index of the point under the pointer, here or in another chart of the group; undefined when it leaves. */
  readonly onPoint?: (index: number | undefined) => void;
  /** Instead of a plot: why there is none. */
  readonly emptyReason?: string | undefined;
}

/** The only owner of ECharts instances: makes them, sizes them, repaints them with the theme, and disposes of them. */
export function EChart({ build, heightPx, label, group, onBrush, onPoint, emptyReason }: EChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts>();
  const scheme = useComputedColorScheme('dark');
  const empty = emptyReason !== undefined;

  useEffect(() => {
    const host = element.current;
    if (!host || empty) return undefined;
    let made: ECharts | undefined;
    let gone = false;
    const observer = new ResizeObserver(() => made?.resize());
    const start = async () => {
      const { connect, init } = await import('./echarts-modules.ts');
      if (gone) return;
      made = init(host);
      if (group !== undefined) {
        made.group = group;
        connect(group);
      }
      observer.observe(host);
      setChart(made);
    };
    void start();
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
      setChart(undefined);
    };
  }, [empty, group]);

  const brushes = onBrush !== undefined;
  useEffect(() => {
    if (!chart) return;
    chart.setOption(build(readPalette(scheme), tooltipElement), { notMerge: true });
    if (brushes) startBrushing(chart);
  }, [chart, build, brushes, scheme]);

  const onBrushEnd = useEffectEvent((event: unknown) => {
    const brushed = brushedOf(event);
    if (!brushed || !chart) return;
    chart.dispatchAction({ type: 'brush', areas: [] });
    onBrush?.(brushed);
  });
  useEffect(() => {
    if (!chart) return undefined;
    const listener = (event: unknown) => onBrushEnd(event);
    chart.on('brushEnd', listener);
    return () => void chart.off('brushEnd', listener);
  }, [chart]);

  const onAxisPointer = useEffectEvent((event: unknown) => onPoint?.((event as { readonly dataIndex?: number }).dataIndex));
  useEffect(() => {
    if (!chart) return undefined;
    const listener = (event: unknown) => onAxisPointer(event);
    chart.on('updateAxisPointer', listener);
    return () => void chart.off('updateAxisPointer', listener);
  }, [chart]);

  if (empty) {
    return (
      <div className={styles['empty']} style={{ height: heightPx }}>
        {emptyReason}
      </div>
    );
  }
  return <div ref={element} className={styles['chart']} style={{ height: heightPx }} role="img" aria-label={label} />;
}

/** The brush is always in hand: dragging needs no tool to be chosen first. */
function startBrushing(chart: ECharts): void {
  const brush = (chart.getOption()['brush'] as { readonly brushType?: string }[] | undefined)?.[0];
  chart.dispatchAction({
    type: 'takeGlobalCursor',
    key: 'brush',
    brushOption: { ...brush, brushType: brush?.brushType ?? 'lineX' },
  });
}

type Pair = [number, number];

function brushedOf(event: unknown): Brushed | undefined {
  const [area] =
    (event as { readonly areas?: readonly { readonly brushType: string; readonly coordRange?: unknown }[] }).areas ?? [];
  if (!area?.coordRange) return undefined;
  const [x, y] = area.brushType === 'rect' ? (area.coordRange as [Pair, Pair]) : [area.coordRange as Pair, undefined];
  const ordered = ([from, to]: Pair): Pair => (from <= to ? [from, to] : [to, from]);
  return x[0] === x[1] ? undefined : { x: ordered(x), y: y && ordered(y) };
}
