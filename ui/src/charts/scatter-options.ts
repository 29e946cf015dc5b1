import type { EChartsOption } from 'echarts';
import { formatRate, formatRatio, quantityText } from '../base/quantity.ts';
import { axisStyle, baseOption, baseTooltip, type DrawTooltip, plotInset } from './common-options.ts';
import type { Palette } from './palette.ts';

/** Utilisation (0..1) against the rate of requests. */
export interface ScatterData {
  readonly points: readonly { readonly rate: number; readonly utilization: number }[];
  readonly now: { readonly rate: number; readonly utilization: number } | undefined;
  /** utilisation = idle + costPerRequest · rate. */
  readonly line: { readonly idle: number; readonly costPerRequest: number } | undefined;
  readonly bound: number;
  readonly labels: { readonly rate: string; readonly utilization: string; readonly now: string };
}

/** The line is drawn up to the bound unless that is so far that the points would be a speck. */
const extentMax = 4;

export function scatterExtent({ bound, line, points }: Pick<ScatterData, 'points' | 'line' | 'bound'>): number {
  const seen = Math.max(0, ...points.map(({ rate }) => rate));
  const wanted = line === undefined ? 0 : (bound - line.idle) / line.costPerRequest;
  return Math.max(seen, Math.min(wanted, extentMax * seen)) * 1.08 || 1;
}

export function scatterOptions(data: ScatterData, palette: Palette, draw: DrawTooltip): EChartsOption {
  const style = axisStyle(palette);
  const rateMax = scatterExtent(data);
  const utilizationMax = Math.max(1, ...data.points.map(({ utilization }) => utilization));
  const straight = (
    from: readonly [number, number],
    to: readonly [number, number],
    color: string,
    type: 'solid' | 'dashed',
  ) => ({
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    data: [[...from], [...to]],
    lineStyle: { color, width: 1.5, type },
    tooltip: { show: false },
  });
  const dots = (name: string, points: ScatterData['points'], color: string, size: number, opacity: number) => ({
    type: 'line' as const,
    name,
    symbol: 'circle',
    symbolSize: size,
    showSymbol: true,
    showAllSymbol: true,
    lineStyle: { width: 0, opacity: 0 },
    itemStyle: { color, opacity },
    data: points.map(({ rate, utilization }) => [rate, utilization]),
  });
  const { line } = data;
  return {
    ...baseOption(palette),
    grid: { ...plotInset, top: 14, bottom: 36 },
    xAxis: {
      ...style,
      type: 'value',
      min: 0,
      max: rateMax,
      name: data.labels.rate,
      nameLocation: 'middle',
      nameGap: 22,
      nameTextStyle: { color: palette.text3, fontSize: 10 },
      axisLabel: { ...style.axisLabel, showMaxLabel: false, formatter: (rate: number) => quantityText(formatRate(rate)) },
    },
    yAxis: {
      ...style,
      type: 'value',
      min: 0,
      max: utilizationMax,
      ...(utilizationMax === 1 && { interval: 0.25 }),
      axisLine: { show: false },
      splitLine: { show: true, lineStyle: { color: palette.line } },
      axisLabel: { ...style.axisLabel, formatter: (share: number) => quantityText(formatRatio(share)) },
    },
    tooltip: {
      ...baseTooltip(palette),
      trigger: 'item',
      formatter: (params: unknown) => {
        const { data: at, seriesName } = params as { readonly data?: readonly [number, number]; readonly seriesName?: string };
        if (at === undefined) return '';
        return draw({
          title: seriesName ?? '',
          rows: [
            { name: data.labels.rate, value: formatRate(at[0]) },
            { name: data.labels.utilization, value: formatRatio(at[1]) },
          ],
        });
      },
    },
    series: [
      straight([0, data.bound], [rateMax, data.bound], palette.bad, 'dashed'),
      ...(line
        ? [straight([0, line.idle], [rateMax, line.idle + line.costPerRequest * rateMax], palette.accent, 'solid')]
        : []),
      dots(data.labels.utilization, data.points, palette.text2, 5, 0.6),
      ...(data.now ? [dots(data.labels.now, [data.now], palette.warn, 11, 1)] : []),
    ],
  };
}
