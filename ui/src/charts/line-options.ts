import type { CustomSeriesOption, CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, EChartsOption } from 'echarts';
import { formatterOf, quantityText } from '../base/quantity.ts';
import type { Interval } from '../base/time-range.ts';
import { formatFullMoment } from '../base/time.ts';
import { axisStyle, baseOption, baseTooltip, brushOption, type DrawTooltip, plotInset, timeAxis } from './common-options.ts';
import { valueScale } from './value-axis.ts';
import { type Palette, type Tone, toneColor } from './palette.ts';

export interface LineSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly tone: Tone;
}

export interface LineMark {
  readonly ms: number;
  readonly name: string;
}

/** Lines over one time axis, all of one unit (UCUM). */
export interface LineData {
  readonly interval: Interval;
  readonly timesMs: readonly number[];
  readonly stepMs: number;
  readonly unit: string;
  readonly series: readonly LineSeries[];
  /** Areas upon each other instead of lines. */
  readonly stacked?: boolean;
  /** The top of the value axis at least. */
  readonly max?: number;
  /** What happened when: a line across the plot, its name at the top. */
  readonly marks?: readonly LineMark[];
  /** A time that is set apart: a tinted plot, its name at the top. */
  readonly shade?: { readonly interval: Interval; readonly name: string };
  /** The values under the pointer are shown elsewhere: no tooltip. */
  readonly quiet?: boolean;
}

export function isEmptyLine(data: LineData): boolean {
  return data.series.every((series) => series.values.every((value) => value === null));
}

/** The highest point that is drawn: of all lines, or of the pile of them. */
function highest({ series, timesMs, stacked }: LineData): number {
  return timesMs.reduce((top, _, index) => {
    const values = series.map(({ values: line }) => line[index] ?? 0);
    return Math.max(top, stacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values));
  }, 0);
}

/** A value whose neighbours are unknown would be no line at all: it gets a dot. */
function isLone(values: readonly (number | null)[], index: number): boolean {
  return values[index] !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
}

function points(data: LineData, series: LineSeries) {
  return data.timesMs.map((ms, index) => {
    const value: [number, number | null] = [ms, series.values[index] ?? null];
    return isLone(series.values, index) ? { value, symbol: 'circle' } : { value };
  });
}

export function lineOptions(data: LineData, palette: Palette, draw: DrawTooltip, brush: boolean): EChartsOption {
  const format = formatterOf(data.unit);
  const style = axisStyle(palette);
  return {
    ...baseOption(palette),
    grid: { ...plotInset, top: 10, bottom: 22 },
    xAxis: timeAxis(palette, data.interval),
    yAxis: {
      ...style,
      type: 'value',
      min: 0,
      ...valueScale(highest(data), data.unit, data.max),
      axisLine: { show: false },
      splitLine: { show: true, lineStyle: { color: palette.line } },
      axisLabel: { ...style.axisLabel, formatter: (value: number) => quantityText(format(value)) },
    },
    tooltip: {
      ...baseTooltip(palette),
      trigger: 'axis',
      showContent: !data.quiet,
      formatter: (params: unknown) => {
        const [first] = params as readonly { readonly dataIndex: number }[];
        const index = first?.dataIndex ?? 0;
        return draw({
          title: formatFullMoment(data.timesMs[index] ?? data.interval.fromMs),
          rows: data.series.map((series) => ({
            color: toneColor(palette, series.tone),
            name: series.name,
            value: format(series.values[index] ?? null),
          })),
        });
      },
    },
    ...(brush && { brush: brushOption(palette, 'lineX') }),
    series: [
      ...data.series.map((series) => ({
        type: 'line' as const,
        name: series.name,
        data: points(data, series),
        symbol: 'none',
        symbolSize: 4,
        showSymbol: true,
        color: toneColor(palette, series.tone),
        lineStyle: { width: data.stacked ? 0.5 : 1.5 },
        emphasis: { disabled: true },
        ...(data.stacked && { stack: 'all', areaStyle: { opacity: 0.55 } }),
      })),
      ...(data.marks?.length ? [markSeries(data.marks, palette)] : []),
      ...(data.shade ? [shadeSeries(data.shade, data.interval, palette)] : []),
    ],
  };
}

function markSeries(marks: readonly LineMark[], palette: Palette): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    tooltip: { show: false },
    encode: { x: 0, y: -1 },
    data: marks.map(({ ms }) => [ms]),
    renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
      const [x = 0] = api.coord([api.value(0), 0]);
      const plot = params.coordSys as unknown as Readonly<Record<'x' | 'y' | 'width' | 'height', number>>;
      const leftwards = x > plot.x + plot.width - 90;
      return {
        type: 'group' as const,
        children: [
          {
            type: 'line' as const,
            shape: { x1: x, x2: x, y1: plot.y, y2: plot.y + plot.height },
            style: { stroke: palette.text2, lineWidth: 1, lineDash: [3, 3] },
          },
          {
            type: 'text' as const,
            x: leftwards ? x - 4 : x + 4,
            y: plot.y + 6,
            style: {
              text: marks[params.dataIndex]?.name ?? '',
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
  };
}

/** Under the lines. */
function shadeSeries(
  { interval, name }: NonNullable<LineData['shade']>,
  drawn: Interval,
  palette: Palette,
): CustomSeriesOption {
  const fromMs = Math.max(interval.fromMs, drawn.fromMs);
  const toMs = Math.min(interval.toMs, drawn.toMs);
  return {
    type: 'custom',
    silent: true,
    z: 0,
    tooltip: { show: false },
    encode: { x: [0, 1], y: -1 },
    data: fromMs < toMs ? [[fromMs, toMs]] : [],
    renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
      const [x = 0] = api.coord([api.value(0), 0]);
      const [right = 0] = api.coord([api.value(1), 0]);
      const plot = params.coordSys as unknown as Readonly<Record<'y' | 'height', number>>;
      return {
        type: 'group' as const,
        children: [
          {
            type: 'rect' as const,
            shape: { x, y: plot.y, width: right - x, height: plot.height },
            style: { fill: palette.line, opacity: 0.5 },
          },
          {
            type: 'text' as const,
            x: x + 4,
            y: plot.y + 6,
            style: { text: name, fill: palette.text3, font: `10px ${palette.font}`, verticalAlign: 'middle' as const },
          },
        ],
      };
    },
  };
}
