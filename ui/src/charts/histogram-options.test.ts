import { expect, test } from 'vitest';
import { type HistogramData, histogramOptions } from './histogram-options.ts';
import { testingPalette } from './testing/palette.ts';
import type { TooltipContent } from './tooltip.ts';

const data: HistogramData = {
  buckets: [
    { fromNs: 0, toNs: 1e6, count: 1, errors: 0 },
    { fromNs: 1e6, toNs: 2e6, count: 3, errors: 2 },
  ],
  markers: [{ name: 'p95', ns: 1.5e6 }],
  labels: { count: 'Count', errors: 'Errors', share: 'Share' },
};

function built(input: HistogramData) {
  const shown: TooltipContent[] = [];
  const option = histogramOptions(input, testingPalette, (content) => (shown.push(content), ''), true);
  return { option: option as unknown as Record<string, unknown>, shown };
}

test('the axis is logarithmic and holds a bucket that begins at zero', () => {
  const { option } = built(data);
  expect(option['xAxis']).toMatchObject({ type: 'log', min: 1, max: 2e6 });
  expect((option['series'] as { data: unknown }[])[0]?.data).toEqual([
    [1, 1e6, 1, 0],
    [1e6, 2e6, 3, 2],
  ]);
});

test('a bar says its bounds, its count, its errors and its share', () => {
  const { option, shown } = built(data);
  (option['tooltip'] as { formatter: (params: unknown) => void }).formatter({ dataIndex: 1 });
  expect(shown[0]).toMatchObject({
    title: '1 ms – 2 ms',
    rows: [
      { name: 'Count', value: { value: '3' } },
      { name: 'Errors', value: { value: '2' } },
      { name: 'Share', value: { value: '75', unit: '%' } },
    ],
  });
});

test('no buckets make no broken axis', () => {
  expect(built({ ...data, buckets: [] }).option['xAxis']).toMatchObject({ min: 1, max: 2 });
});

test('another distribution is an outline as high as if it had as many, and the axis holds both', () => {
  const outline = [{ fromNs: 2e6, toNs: 4e6, count: 1, errors: 0 }];
  const { option } = built({ ...data, outline });
  expect(option['xAxis']).toMatchObject({ min: 1, max: 4e6 });
  expect((option['series'] as { data: unknown }[])[1]?.data).toEqual([[2e6, 4e6, 4]]);
  expect((built({ ...data, outline: [] }).option['series'] as unknown[]).length).toBe(2);
});
