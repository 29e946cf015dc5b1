import { expect, test } from 'vitest';
import { addedBar } from './bar-view.ts';
import { diagnosis, slowStatement } from './testing/diagnosis.ts';

test('what was added is a whole: the unknown is a part, what got faster stands beside it', () => {
  const { addedNs, bar, faster } = addedBar(diagnosis, slowStatement);
  expect(addedNs).toBe(200e6);
  expect(bar.map(({ share, tone }) => [tone, share])).toEqual([
    ['cause', 0.76],
    [2, 0.19],
    ['unknown', 0.05],
  ]);
  expect(bar.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(faster.map(({ deltaNs, subject }) => [subject?.service, deltaNs])).toEqual([['gateway', -20e6]]);
});

test('no verdict blames a part, so none is drawn as a cause', () => {
  expect(addedBar(diagnosis, undefined).bar.map(({ tone }) => tone)).toEqual([2, 2, 'unknown']);
});

test('where nothing was added there is no bar', () => {
  const decomposition = { deltaNs: -1e6, unknownNs: -1e6, parts: [] };
  expect(addedBar({ decomposition }, undefined)).toEqual({ addedNs: 0, bar: [], faster: [] });
});
