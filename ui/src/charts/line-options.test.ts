import { expect, test } from 'vitest';
import { isEmptyLine, type LineData, lineOptions } from './line-options.ts';
import { testingPalette } from './testing/palette.ts';
import type { TooltipContent } from './tooltip.ts';

const data: LineData = {
  interval: { fromMs: 0, toMs: 40_000 },
  timesMs: [0, 10_000, 20_000, 30_000],
  stepMs: 10_000,
  unit: 'ns',
  series: [
    { name: '<img src=x onerror=alert(1)>', values: [1e6, null, 2e6, 3e6], tone: 'accent' },
    { name: 'p99', values: [null, null, null, null], tone: 2 },
  ],
};

/** The builder's options as the plain data that ECharts reads. */
function built(input: LineData) {
  const shown: TooltipContent[] = [];
  const option = lineOptions(input, testingPalette, (content) => (shown.push(content), ''), true);
  return { option: option as unknown as Record<string, Record<string, never> & never[]>, shown };
}

test('a gap stays a gap, and a value alone between gaps is a dot', () => {
  const series = built(data).option['series'] as unknown as { data: unknown[]; color: string }[];
  expect(series[0]?.data).toEqual([
    { value: [0, 1e6], symbol: 'circle' },
    { value: [10_000, null] },
    { value: [20_000, 2e6] },
    { value: [30_000, 3e6] },
  ]);
  expect(series.map(({ color }) => color)).toEqual(['accent', 'c2']);
});

test('the time axis spans the range that was asked, not the points that came', () => {
  expect(built(data).option['xAxis']).toMatchObject({ type: 'time', min: 0, max: 40_000 });
});

test('the tooltip names every series at that time; unknown is a dash', () => {
  const { option, shown } = built(data);
  (option['tooltip'] as unknown as { formatter: (params: unknown) => void }).formatter([{ dataIndex: 2 }]);
  expect(shown[0]?.rows).toEqual([
    { color: 'accent', name: '<img src=x onerror=alert(1)>', value: { value: '2', unit: 'ms' } },
    { color: 'c2', name: 'p99', value: { value: '–', unit: '' } },
  ]);
});

test('the value axis holds the highest line, or the whole pile of stacked ones', () => {
  const series = [
    { name: 'a', values: [3, 1], tone: 1 },
    { name: 'b', values: [null, 6], tone: 2 },
  ];
  expect(built({ ...data, unit: '1', series }).option['yAxis']).toMatchObject({ min: 0, max: 6, interval: 2 });
  expect(built({ ...data, unit: '1', series, stacked: true }).option['yAxis']).toMatchObject({ max: 8, interval: 2 });
});

test('empty means that nothing is known, not that everything is zero', () => {
  expect(isEmptyLine(data)).toBe(false);
  expect(isEmptyLine({ ...data, series: data.series.slice(1) })).toBe(true);
  expect(isEmptyLine({ ...data, series: [{ name: 'a', values: [0, 0, 0, 0], tone: 1 }] })).toBe(false);
});

test('what happened is a line across the plot at its time; none, and there is no series for it', () => {
  const marked = { ...data, marks: [{ ms: 15_000, name: '1.1.0 deployed' }] };
  const seriesOf = (input: LineData) => built(input).option['series'] as unknown as { type: string; data: unknown[] }[];
  expect(seriesOf(marked).at(-1)).toMatchObject({ type: 'custom', data: [[15_000]] });
  expect(seriesOf({ ...data, marks: [] })).toHaveLength(2);
});

test('a shade lies under the lines, within what is drawn', () => {
  const shade = { interval: { fromMs: -10_000, toMs: 20_000 }, name: 'baseline' };
  const series = built({ ...data, shade }).option['series'] as unknown as { type: string; z: number; data: unknown[] }[];
  expect(series.at(-1)).toMatchObject({ type: 'custom', z: 0, data: [[0, 20_000]] });
});
