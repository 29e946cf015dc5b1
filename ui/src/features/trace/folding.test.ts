import { expect, test } from 'vitest';
import { byOneLevel, foldedNodes, foldedPattern, type Folding, revealing, turned } from './folding.ts';
import { drawnTrace } from './testing/drawn-trace.ts';
import { type SpanNode, traceView, visibleNodes } from './trace-view.ts';

const view = traceView(
  drawnTrace(`
  gateway  POST /checkout   |==========|
    orders  POST /orders     |=====|
      orders  SELECT          |=|
        postgres  scan        |=|
    payment  POST /charge          |=|
      bank  POST /pay              |=|
`),
);
const nodeOf = (name: string) => view.nodes.find(({ span }) => span.name === name) as SpanNode;
const shown = (folding: Folding) => visibleNodes(view.nodes, foldedNodes(view, folding)).map(({ span }) => span.name);
const all = view.nodes.map(({ span }) => span.name);

test('a subtree is folded and opened again', () => {
  const folding = turned({}, [nodeOf('POST /orders')]);
  expect(folding.folded).toBe(nodeOf('POST /orders').id);
  expect(shown(folding)).toEqual(['POST /checkout', 'POST /orders', 'POST /charge', 'POST /pay']);
  expect(shown(turned(folding, [nodeOf('POST /orders')]))).toEqual(all);
});

test('a level folds what lies below it, but for what was opened', () => {
  expect(shown({ levels: 1 })).toEqual(['POST /checkout']);
  expect(shown({ levels: 2 })).toEqual(['POST /checkout', 'POST /orders', 'POST /charge']);
  expect(shown(turned({ levels: 2 }, [nodeOf('POST /charge')]))).toEqual([
    'POST /checkout',
    'POST /orders',
    'POST /charge',
    'POST /pay',
  ]);
});

test('levels come and go one at a time, down to the roots and up to all', () => {
  expect(byOneLevel(view, {}, 1)).toBeUndefined();
  expect(byOneLevel(view, {}, -1)).toEqual({ levels: 3, folded: undefined });
  expect(byOneLevel(view, { levels: 3 }, 1)).toEqual({ levels: undefined, folded: undefined });
  expect(byOneLevel(view, { levels: 1 }, -1)).toBeUndefined();
  expect(byOneLevel(view, turned({}, [nodeOf('POST /orders')]), 1)).toEqual({ levels: undefined, folded: undefined });
});

test('a span that is to be seen opens what is above it, and nothing else', () => {
  expect(shown(revealing(view, { levels: 1 }, nodeOf('scan')))).toEqual(all.filter((name) => name !== 'POST /pay'));
  expect(revealing(view, { levels: 2 }, nodeOf('POST /charge'))).toEqual({ levels: 2 });
});

test('the latest fifty are kept, and only ids are read', () => {
  const many = Array.from({ length: 60 }, (_, i) => ({ ...nodeOf('scan'), id: String(i).padStart(16, '0') }));
  const { folded = '' } = turned({}, many);
  expect(folded.split('-')).toHaveLength(50);
  expect(folded.endsWith('0059')).toBe(true);
  expect(foldedPattern.test(folded)).toBe(true);
  expect(foldedPattern.test('00f067aa0ba902b7.2-00f067aa0ba902b8')).toBe(true);
  expect(foldedPattern.test(`${folded}-00f067aa0ba902b7`)).toBe(false);
  expect(foldedPattern.test('x')).toBe(false);
});
