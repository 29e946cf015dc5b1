import type { BrushComponentOption, EChartsOption, TooltipComponentOption } from 'echarts';
import type { Interval } from '../base/time-range.ts';
import { formatClock, formatDate } from '../base/time.ts';
import type { Palette } from './palette.ts';
import type { TooltipContent } from './tooltip.ts';

/** Turns what a tooltip says into what ECharts shows: a DOM node in the browser, the content itself in a test. */
export type DrawTooltip = (content: TooltipContent) => HTMLElement | string;

/** Left and right edge of the plot are the same in every chart, so that charts below each other share their time axis. */
export const plotInset = { left: 60, right: 24 } as const;

export function baseOption(palette: Palette): EChartsOption {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: palette.font, fontSize: 11, color: palette.text3 },
  };
}

export function baseTooltip(palette: Palette): TooltipComponentOption {
  return {
    renderMode: 'html',
    appendTo: 'body',
    confine: false,
    backgroundColor: palette.surface,
    borderColor: palette.lineStrong,
    borderWidth: 1,
    padding: 0,
    transitionDuration: 0,
    textStyle: { color: palette.text, fontFamily: palette.font, fontSize: 12 },
    extraCssText: 'box-shadow: 0 4px 16px rgb(0 0 0 / 18%); border-radius: 6px; pointer-events: none;',
  };
}

export function axisStyle(palette: Palette) {
  return {
    axisLine: { show: true, lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.text3, fontSize: 10, hideOverlap: true },
    splitLine: { show: false, lineStyle: { color: palette.line } },
  };
}

const dayMs = 86_400_000;

/** A tick of the time axis: as much of the clock as tells neighbours apart. */
export function timeTick(ms: number, { fromMs, toMs }: Interval): string {
  const clock = formatClock(ms);
  if (clock === '00:00:00' || toMs - fromMs > 3 * dayMs) return formatDate(ms).slice(5);
  return toMs - fromMs <= 15 * 60_000 && ms % 60_000 !== 0 ? clock : clock.slice(0, 5);
}

export function timeAxis(palette: Palette, interval: Interval) {
  const style = axisStyle(palette);
  return {
    ...style,
    type: 'time' as const,
    min: interval.fromMs,
    max: interval.toMs,
    splitNumber: 6,
    axisLabel: {
      ...style.axisLabel,
      formatter: (ms: number) => timeTick(ms, interval),
      showMinLabel: false,
      showMaxLabel: false,
    },
    axisPointer: { lineStyle: { color: palette.lineStrong, type: 'solid' as const }, label: { show: false } },
  };
}

/** `#rrggbb` with an opacity; any other notation as it is. */
function transparent(color: string, opacity: number): string {
  const alpha = Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0');
  return /^#[0-9a-f]{6}$/i.test(color) ? color + alpha : color;
}

export function brushOption(palette: Palette, brushType: 'lineX' | 'rect'): BrushComponentOption {
  return {
    toolbox: [],
    brushMode: 'single',
    brushType,
    transformable: false,
    xAxisIndex: 0,
    ...(brushType === 'rect' && { yAxisIndex: 0 }),
    brushStyle: { color: transparent(palette.accent, 0.16), borderColor: palette.accent, borderWidth: 1 },
    outOfBrush: { colorAlpha: 1 },
    throttleType: 'debounce',
    throttleDelay: 60,
  };
}
