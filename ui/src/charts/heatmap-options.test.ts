import { expect, test } from 'vitest';
import { cellOpacity, type HeatmapData, heatmapCells, heatmapOptions, isEmptyHeatmap } from './heatmap-options.ts';
import { testingPalette } from './testing/palette.ts';
import type { TooltipContent } from './tooltip.ts';

const data: HeatmapData = {
  interval: { fromMs: 0, toMs: 20_000 },
  stepMs: 10_000,
  timesMs: [0, 10_000],
  bucketsNs: [1e6, 2e6, 4e6],
  counts: [
    [0, 100],
    [1, 0],
  ],
  errors: [0, 1],
  labels: { count: 'Spans', errors: 'errors' },
};

function built(input: HeatmapData) {
  const shown: TooltipContent[] = [];
  const option = heatmapOptions(input, testingPalette, (content) => (shown.push(content), ''), true);
  return { option: option as unknown as Record<string, unknown>, shown };
}

test('only cells with something in them are drawn', () => {
  expect(heatmapCells(data)).toEqual([
    [0, 1, 100],
    [1, 0, 1],
  ]);
  const [cells, errors] = built(data).option['series'] as { data: unknown }[];
  expect(cells?.data).toHaveLength(2);
  expect(errors?.data).toEqual([[1, 1]]);
});

test('one request is still seen beside the fullest cell', () => {
  expect(cellOpacity(1, 100_000)).toBeGreaterThan(0.1);
  expect(cellOpacity(100_000, 100_000)).toBe(1);
  expect(cellOpacity(1, 1)).toBe(1);
});

test('the duration axis is logarithmic over the bounds of the buckets, and only the first plot takes a brush', () => {
  const { option } = built(data);
  expect(option['yAxis']).toMatchObject([{ type: 'log', min: 1e6, max: 4e6 }, { type: 'category' }]);
  expect(option['brush']).toMatchObject({ brushType: 'rect', xAxisIndex: 0, yAxisIndex: 0 });
});

test('a cell says its durations, its count and the errors of its time', () => {
  const { option, shown } = built(data);
  (option['tooltip'] as { formatter: (params: unknown) => void }).formatter({ seriesIndex: 0, data: [1, 0, 1] });
  expect(shown[0]?.rows).toMatchObject([
    { name: '1 ms – 2 ms', value: { value: '1' } },
    { name: 'errors', value: { value: '1' } },
  ]);
});

test('errors alone are not nothing', () => {
  expect(isEmptyHeatmap(data)).toBe(false);
  expect(isEmptyHeatmap({ ...data, counts: [[0, 0]], errors: [0] })).toBe(true);
  expect(isEmptyHeatmap({ ...data, counts: [[0, 0]], errors: [2] })).toBe(false);
});
