import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, EChartsOption } from 'echarts';
import { formatCount, formatDuration, quantityText } from '../base/quantity.ts';
import type { Interval } from '../base/time-range.ts';
import { formatFullMoment } from '../base/time.ts';
import { axisStyle, baseOption, baseTooltip, brushOption, type DrawTooltip, plotInset, timeAxis } from './common-options.ts';
import { logTicks } from './log-ticks.ts';
import type { Palette } from './palette.ts';

export interface HeatmapData {
  readonly interval: Interval;
  readonly stepMs: number;
  readonly timesMs: readonly number[];
  /** One more bound than buckets. */
  readonly bucketsNs: readonly number[];
  /** counts[time][bucket]. */
  readonly counts: readonly (readonly number[])[];
  readonly errors: readonly number[];
  readonly labels: { readonly count: string; readonly errors: string };
  /** What is selected: it stays in sight. */
  readonly box?: HeatmapBox | undefined;
}

export interface HeatmapBox extends Interval {
  readonly fromNs: number;
  readonly toNs: number;
}

export function isEmptyHeatmap(data: HeatmapData): boolean {
  return data.counts.every((row) => row.every((count) => count === 0)) && data.errors.every((count) => count === 0);
}

/** [time, bucket, count] of what is not empty. */
export function heatmapCells(data: HeatmapData): [number, number, number][] {
  return data.counts.flatMap((row, time) =>
    row.flatMap((count, bucket): [number, number, number][] => (count > 0 ? [[time, bucket, count]] : [])),
  );
}

/** 0.14..1: logarithmic, so that one slow request is seen beside a thousand fast ones. */
export function cellOpacity(count: number, max: number): number {
  return 0.14 + 0.86 * (max <= 1 ? 1 : Math.log(count) / Math.log(max));
}

const atLeastNs = 1;
const errorRowHeight = 10;
const errorRowTop = 8;

export function heatmapOptions(data: HeatmapData, palette: Palette, draw: DrawTooltip, brush: boolean): EChartsOption {
  const style = axisStyle(palette);
  const cells = heatmapCells(data);
  const max = Math.max(1, ...cells.map(([, , count]) => count));
  const errors = data.errors.flatMap((count, time): [number, number][] => (count > 0 ? [[time, count]] : []));
  const maxErrors = Math.max(1, ...data.errors);
  const fromNs = Math.max(atLeastNs, data.bucketsNs[0] ?? atLeastNs);
  const toNs = Math.max(fromNs * 2, data.bucketsNs.at(-1) ?? atLeastNs);
  const startOf = (time: number) => data.timesMs[time] ?? data.interval.fromMs;
  const boundOf = (bucket: number) => Math.max(atLeastNs, data.bucketsNs[bucket] ?? atLeastNs);
  const axis = timeAxis(palette, data.interval);
  const { box } = data;
  return {
    ...baseOption(palette),
    grid: [
      { ...plotInset, top: errorRowTop + errorRowHeight + 6, bottom: 22 },
      { ...plotInset, top: errorRowTop, height: errorRowHeight },
    ],
    xAxis: [axis, { ...axis, gridIndex: 1, axisLabel: { show: false }, axisLine: { show: false } }],
    yAxis: [
      {
        ...style,
        type: 'log',
        logBase: 10,
        min: fromNs,
        max: toNs,
        axisLine: { show: false },
        axisTick: { show: false, customValues: logTicks(fromNs, toNs) },
        axisLabel: {
          ...style.axisLabel,
          customValues: logTicks(fromNs, toNs),
          formatter: (ns: number) => quantityText(formatDuration(ns)),
        },
        splitLine: { show: true, lineStyle: { color: palette.line } },
      },
      {
        ...style,
        type: 'category',
        gridIndex: 1,
        data: [data.labels.errors],
        axisLine: { show: false },
        axisLabel: { ...style.axisLabel, color: palette.bad },
      },
    ],
    tooltip: {
      ...baseTooltip(palette),
      trigger: 'item',
      formatter: (params: unknown) => {
        const { seriesIndex, data: item } = params as { readonly seriesIndex: number; readonly data: readonly number[] };
        const [time = 0, second = 0, count = 0] = item;
        const title = formatFullMoment(startOf(time));
        if (seriesIndex === 1) {
          return draw({ title, rows: [{ color: palette.bad, name: data.labels.errors, value: formatCount(second) }] });
        }
        const bounds = [data.bucketsNs[second], data.bucketsNs[second + 1]].map((ns) => quantityText(formatDuration(ns)));
        return draw({
          title,
          rows: [
            { color: palette.accent, name: bounds.join(' – '), value: formatCount(count) },
            { color: palette.bad, name: data.labels.errors, value: formatCount(data.errors[time]) },
          ],
        });
      },
    },
    ...(brush && { brush: brushOption(palette, 'rect') }),
    series: [
      {
        type: 'custom',
        clip: true,
        encode: { x: -1, y: -1 },
        data: cells,
        renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
          const [time, bucket, count] = [0, 1, 2].map((dimension) => Number(api.value(dimension))) as [number, number, number];
          const [left = 0, bottom = 0] = api.coord([startOf(time), boundOf(bucket)]);
          const [right = 0, top = 0] = api.coord([startOf(time) + data.stepMs, boundOf(bucket + 1)]);
          return {
            type: 'rect' as const,
            emphasisDisabled: true,
            shape: { x: left + 0.5, y: top + 0.5, width: Math.max(1, right - left - 1), height: Math.max(1, bottom - top - 1) },
            style: { fill: palette.accent, opacity: cellOpacity(count, max) },
          };
        },
      },
      {
        type: 'custom',
        clip: true,
        xAxisIndex: 1,
        yAxisIndex: 1,
        encode: { x: -1, y: -1 },
        data: errors,
        renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
          const plot = params.coordSys as unknown as { readonly y: number; readonly height: number };
          const time = Number(api.value(0));
          const [left = 0] = api.coord([startOf(time), 0]);
          const [right = 0] = api.coord([startOf(time) + data.stepMs, 0]);
          return {
            type: 'rect' as const,
            emphasisDisabled: true,
            shape: { x: left + 0.5, y: plot.y, width: Math.max(1, right - left - 1), height: plot.height },
            style: { fill: palette.bad, opacity: cellOpacity(Number(api.value(1)), maxErrors) },
          };
        },
      },
      ...(box
        ? [
            {
              type: 'custom' as const,
              clip: true,
              silent: true,
              encode: { x: -1, y: -1 },
              data: [[0]],
              renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
                const [left = 0, bottom = 0] = api.coord([box.fromMs, Math.max(fromNs, box.fromNs)]);
                const [right = 0, top = 0] = api.coord([box.toMs, Math.min(toNs, box.toNs)]);
                return {
                  type: 'rect' as const,
                  emphasisDisabled: true,
                  shape: { x: left, y: top, width: Math.max(2, right - left), height: Math.max(2, bottom - top) },
                  style: { fill: 'none', stroke: palette.text, lineWidth: 1.5, lineDash: [4, 3] },
                };
              },
            },
          ]
        : []),
    ],
  };
}
