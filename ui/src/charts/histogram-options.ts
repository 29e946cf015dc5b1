import type { CustomSeriesOption, CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, EChartsOption } from 'echarts';
import { formatCount, formatDuration, formatRatio, quantityText } from '../base/quantity.ts';
import { axisStyle, baseOption, baseTooltip, brushOption, type DrawTooltip, plotInset } from './common-options.ts';
import { logTicks } from './log-ticks.ts';
import type { Palette } from './palette.ts';

export interface HistogramBucket {
  readonly fromNs: number;
  readonly toNs: number;
  readonly count: number;
  readonly errors: number;
}

export interface HistogramData {
  readonly buckets: readonly HistogramBucket[];
  /** Another distribution upon it, as an outline on the scale of this one: as if it had as many. */
  readonly outline?: readonly HistogramBucket[];
  /** Lines across the plot, each with its name: p50, p95, p99. */
  readonly markers: readonly { readonly name: string; readonly ns: number }[];
  readonly labels: { readonly count: string; readonly errors: string; readonly share: string };
}

/** A logarithmic axis has no zero: what took no time stands at one nanosecond. */
const atLeastNs = 1;

/** The markers' names stand above the plot, in as many rows as it takes for none to cover another. */
const markerRows = 3;

export function histogramOptions(data: HistogramData, palette: Palette, draw: DrawTooltip, brush: boolean): EChartsOption {
  const style = axisStyle(palette);
  const total = data.buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const outline = outlineOf(data);
  const starts = [...data.buckets, ...outline].map((bucket) => bucket.fromNs);
  const ends = [...data.buckets, ...outline].map((bucket) => bucket.toNs);
  const fromNs = Math.max(atLeastNs, starts.length === 0 ? atLeastNs : Math.min(...starts));
  const toNs = Math.max(fromNs * 2, ...ends);
  const bars = data.buckets.map(({ fromNs: from, toNs: to, count, errors }) => [Math.max(atLeastNs, from), to, count, errors]);
  return {
    ...baseOption(palette),
    grid: { ...plotInset, top: data.markers.length > 0 ? 12 * markerRows + 6 : 10, bottom: 22 },
    xAxis: {
      ...style,
      type: 'log',
      logBase: 10,
      min: fromNs,
      max: toNs,
      axisLabel: {
        ...style.axisLabel,
        customValues: logTicks(fromNs, toNs),
        formatter: (ns: number) => quantityText(formatDuration(ns)),
      },
    },
    yAxis: {
      ...style,
      type: 'value',
      minInterval: 1,
      splitNumber: 3,
      axisLine: { show: false },
      splitLine: { show: true, lineStyle: { color: palette.line } },
      axisLabel: { ...style.axisLabel, formatter: (count: number) => quantityText(formatCount(count)) },
    },
    tooltip: {
      ...baseTooltip(palette),
      trigger: 'item',
      formatter: (params: unknown) => {
        const bucket = data.buckets[(params as { readonly dataIndex: number }).dataIndex];
        if (!bucket) return '';
        return draw({
          title: `${quantityText(formatDuration(bucket.fromNs))} – ${quantityText(formatDuration(bucket.toNs))}`,
          rows: [
            { color: palette.accent, name: data.labels.count, value: formatCount(bucket.count) },
            { color: palette.bad, name: data.labels.errors, value: formatCount(bucket.errors) },
            { name: data.labels.share, value: formatRatio(total === 0 ? null : bucket.count / total) },
          ],
        });
      },
    },
    ...(brush && { brush: brushOption(palette, 'lineX') }),
    series: [
      {
        type: 'custom',
        clip: true,
        dimensions: ['from', 'to', 'count', 'errors'],
        encode: { x: [0, 1], y: 2 },
        data: bars,
        renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
          const bar = (height: number, fill: string) => {
            const [left = 0, top = 0] = api.coord([api.value(0), height]);
            const [right = 0, bottom = 0] = api.coord([api.value(1), 0]);
            const shape = { x: left + 0.5, y: top, width: Math.max(1, right - left - 1), height: bottom - top };
            return { type: 'rect' as const, shape, style: { fill } };
          };
          return {
            type: 'group' as const,
            children: [bar(Number(api.value(2)), palette.accent), bar(Number(api.value(3)), palette.bad)],
          };
        },
      },
      ...(outline.length > 0 ? [outlineSeries(outline, palette)] : []),
      {
        type: 'custom',
        silent: true,
        tooltip: { show: false },
        encode: { x: 0, y: -1 },
        data: data.markers.map(({ ns }) => [Math.max(atLeastNs, ns)]),
        renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
          const [x = 0] = api.coord([api.value(0), 0]);
          const plot = params.coordSys as unknown as {
            readonly y: number;
            readonly height: number;
            readonly x: number;
            readonly width: number;
          };
          const marker = data.markers[params.dataIndex];
          const row = 6 + 12 * (params.dataIndex % markerRows);
          const leftwards = x > plot.x + plot.width - 80;
          return {
            type: 'group' as const,
            children: [
              {
                type: 'line' as const,
                shape: { x1: x, x2: x, y1: row + 2, y2: plot.y + plot.height },
                style: { stroke: palette.text2, lineWidth: 1, lineDash: [3, 3] },
              },
              {
                type: 'text' as const,
                x: leftwards ? x - 4 : x + 4,
                y: row,
                style: {
                  text: marker ? `${marker.name} ${quantityText(formatDuration(marker.ns))}` : '',
                  fill: palette.text2,
                  backgroundColor: palette.surface,
                  padding: [1, 2],
                  font: `10px ${palette.font}`,
                  align: leftwards ? ('right' as const) : ('left' as const),
                  verticalAlign: 'middle' as const,
                },
              },
            ],
          };
        },
      },
    ],
  };
}

/** The other distribution as if it had as many as this one: only the shapes are compared. */
export function outlineOf({ buckets, outline = [] }: Pick<HistogramData, 'buckets' | 'outline'>): HistogramBucket[] {
  const count = (all: readonly HistogramBucket[]) => all.reduce((sum, bucket) => sum + bucket.count, 0);
  const [own, other] = [count(buckets), count(outline)];
  const scale = own === 0 || other === 0 ? 1 : own / other;
  return outline.map((bucket) => ({ ...bucket, count: bucket.count * scale }));
}

function outlineSeries(outline: readonly HistogramBucket[], palette: Palette): CustomSeriesOption {
  return {
    type: 'custom',
    clip: true,
    silent: true,
    tooltip: { show: false },
    dimensions: ['from', 'to', 'count'],
    encode: { x: [0, 1], y: 2 },
    data: outline.map(({ fromNs, toNs, count }) => [Math.max(atLeastNs, fromNs), toNs, count]),
    renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
      const [left = 0, top = 0] = api.coord([api.value(0), api.value(2)]);
      const [right = 0, bottom = 0] = api.coord([api.value(1), 0]);
      return {
        type: 'polyline' as const,
        shape: {
          points: [
            [left, bottom],
            [left, top],
            [right, top],
            [right, bottom],
          ],
        },
        style: { stroke: palette.text2, lineWidth: 1, fill: 'none' },
      };
    },
  };
}
