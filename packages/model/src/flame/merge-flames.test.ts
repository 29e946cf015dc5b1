import { expect, test } from 'vitest';
import { traceFromText } from '../testing/trace-from-text.ts';
import { FlameMerge } from './merge-flames.ts';

const fast = `
  web  GET /cart     |==========|
    cart  list        |===|
    db  SELECT             |==|
`;
const slow = `
  web  GET /cart     |====================|
    cart  list        |===|
    db  SELECT             |==========|
    db  SELECT                        |==|
`;

/** One line a frame: `depth service name: traces spans total self | the same of the rest`, in ms. */
function drawn(merge: FlameMerge, limit = 100): string[] {
  const { frames } = merge.frames(limit);
  const depthOf = (index: number | null): number => (index === null ? 0 : 1 + depthOf(frames[index]?.parent ?? null));
  return frames.map(({ service, name, parent, ...sides }) => {
    const [own, others] = [sides.selection, sides.rest].map((side) =>
      [side.traces, side.spans, side.totalNs / 1e6, side.selfNs / 1e6].join(' '),
    );
    return `${depthOf(parent)} ${service} ${name}: ${own} | ${others}`;
  });
}

test('traces of both sides are one tree, with sums on each side', () => {
  const merge = new FlameMerge();
  merge.add('selection', traceFromText(slow));
  merge.add('rest', traceFromText(fast));
  merge.add('rest', traceFromText(fast));
  expect(merge.traces).toEqual({ selection: 1, rest: 2 });
  expect(drawn(merge)).toEqual([
    '0 web GET /cart: 1 1 21 3 | 2 2 22 8',
    '1 db SELECT: 1 2 14 14 | 2 2 6 6',
    '1 cart list: 1 1 4 4 | 2 2 8 8',
  ]);
});

test('the same name below another parent is another frame', () => {
  const merge = new FlameMerge();
  merge.add(
    'selection',
    traceFromText(`
  web  GET /     |==========|
    cart  list    |====|
      db  SELECT   |=|
    db  SELECT          |==|
`),
  );
  expect(drawn(merge).map((line) => line.split(':')[0])).toEqual(['0 web GET /', '1 cart list', '2 db SELECT', '1 db SELECT']);
});

test('the largest frames stay, each with its parents, and what is left out is counted', () => {
  const merge = new FlameMerge();
  merge.add('selection', traceFromText(slow));
  expect(drawn(merge, 2).map((line) => line.split(':')[0])).toEqual(['0 web GET /cart', '1 db SELECT']);
  expect(merge.frames(2).leftOut).toBe(1);
  expect(merge.frames(9).leftOut).toBe(0);
});

test('a frame that only one side has is there with nothing on the other', () => {
  const merge = new FlameMerge();
  merge.add('rest', traceFromText(fast));
  merge.add('selection', traceFromText('  jobs  nightly  |==|\n'));
  expect(drawn(merge)).toContain('0 jobs nightly: 1 1 3 3 | 0 0 0 0');
});

test('what recurs for ever ends', () => {
  const merge = new FlameMerge();
  const spans = Array.from({ length: 500 }, (_, i) => ({
    spanId: `s${i}`,
    parentSpanId: i === 0 ? '' : `s${i - 1}`,
    service: 'a',
    name: 'again',
    startNs: 0,
    durationNs: 500 - i,
  }));
  merge.add('selection', spans);
  expect(merge.frames(1000).frames).toHaveLength(64);
});
