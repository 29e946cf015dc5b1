import { expect, test } from 'vitest';
import { buildTraceTree, criticalStretches, criticalTimes, selfTimes, skewedSpans } from './index.ts';
import { type DrawnSpan, traceFromText } from './testing/trace-from-text.ts';

const ms = (figures: Float64Array): number[] => Array.from(figures, (ns) => ns / 1e6);
const critical = (spans: DrawnSpan[]): number[] => ms(criticalTimes(buildTraceTree(spans)));
const self = (spans: DrawnSpan[]): number[] => ms(selfTimes(buildTraceTree(spans)));

test('a drawn trace has the tree that the indent shows', () => {
  const tree = buildTraceTree(
    traceFromText(`
      web  GET /cart     |==========|
        cart  list        |===|
          db  SELECT       |=|
        pay  charge            |==!|
    `),
  );
  expect(tree.roots).toEqual([0]);
  expect([...tree.parent]).toEqual([-1, 0, 1, 0]);
  expect([...tree.depth]).toEqual([0, 1, 2, 1]);
});

test('self time counts overlapping children once and nothing beyond the parent', () => {
  const spans = traceFromText(`
    web  GET     |==========|
      a  one      |===|
      b  two        |====|
      c  late               |======|
  `);
  expect(self(spans)).toEqual([4, 4, 5, 7]);
});

test('the critical path follows what was waited for, back from the end', () => {
  const spans = traceFromText(`
    web  GET     |============|
      a  one      |====|
      c  aside      |====|
      b  two           |===|
  `);
  // 13 ms: b ends at 10 (web 3), b from 6 to 10, a ended at 6 and began at 1, web the first.
  expect(critical(spans)).toEqual([4, 5, 0, 4]);
});

test('the critical path does not break where rounded starts make two calls overlap by less than a millisecond', () => {
  const spans = traceFromText(`
    web  GET     |=========|
      a  first   |====|
      b  second       |====|
  `).map((span) => (span.service === 'a' ? { ...span, durationNs: span.durationNs + 0.9e6 } : span));
  expect(critical(spans)).toEqual([0, 5, 5]);
});

test('the critical path descends into the child that was waited for', () => {
  const spans = traceFromText(`
    web  GET       |==========|
      web  call     |========|
        cart  GET    |======|
          db  SELECT   |===|
  `);
  expect(critical(spans)).toEqual([2, 2, 3, 4]);
});

test('the stretches of the critical path are where the drawing has them, and add up to its times', () => {
  const spans = traceFromText(`
    web  GET /cart   |==========|
      a  first        |===|
        db  read       |=|
      b  second            |===|
  `);
  const stretches = criticalStretches(buildTraceTree(spans)).map((one) => one?.map((ns) => ns / 1e6));
  expect(stretches).toEqual([
    [0, 1, 5, 6, 10, 11],
    [1, 2, 4, 5],
    [2, 4],
    [6, 10],
  ]);
  const lengths = stretches.map((one) => (one ?? []).reduce((sum, at, i) => (i % 2 === 0 ? sum - at : sum + at), 0));
  expect(lengths).toEqual(critical(spans));
});

test('a consumer that runs after the entry ended is no part of its path', () => {
  const spans = traceFromText(`
    web  POST        |======|
      web  publish     |=|
        mail  process        |=====|
  `);
  expect(critical(spans)).toEqual([5, 2, 0]);
});

test('a span whose parent was not recorded is a root, and said to be a guess', () => {
  const [first, second] = traceFromText(`
    web  GET    |====|
      db  SQL    |==|
  `) as [DrawnSpan, DrawnSpan];
  const tree = buildTraceTree([first, { ...second, parentSpanId: 'ffffffffffffffff' }]);
  expect(tree.roots).toEqual([0, 1]);
  expect(tree.problems).toEqual([{ problem: 'missing-parent', index: 1 }]);
});

test('a cycle of parents is cut at the span that starts first', () => {
  const spans = traceFromText(`
    a  one    |====|
      b  two   |==|
        c  three |=|
  `);
  const looped = spans.map((span, index) => (index === 0 ? { ...span, parentSpanId: (spans[2] as DrawnSpan).spanId } : span));
  const tree = buildTraceTree(looped);
  expect(tree.roots).toEqual([0]);
  expect(tree.problems).toEqual([{ problem: 'parent-cycle', index: 0 }]);
});

test('a span that is its own parent is a root', () => {
  const tree = buildTraceTree([{ spanId: 'a', parentSpanId: 'a', startNs: 0, durationNs: 1 }]);
  expect(tree.roots).toEqual([0]);
  expect(tree.problems).toEqual([{ problem: 'parent-cycle', index: 0 }]);
});

test('of two spans with one id the first is the parent', () => {
  const spans = [
    { spanId: 'a', parentSpanId: '', startNs: 0, durationNs: 9 },
    { spanId: 'a', parentSpanId: '', startNs: 1, durationNs: 9 },
    { spanId: 'b', parentSpanId: 'a', startNs: 2, durationNs: 1 },
  ];
  const tree = buildTraceTree(spans);
  expect(tree.children).toEqual([[2], [], []]);
  expect(tree.problems).toEqual([{ problem: 'duplicate-span-id', index: 1 }]);
});

test('two sides of a call that share an id are parent and child, and each has its own children', () => {
  // ascend.json of Zipkin: the server takes id and parent from its client.
  const [entry, client, server, inner, beside] = traceFromText(`
    web   GET         |==========|
      web   call       |========|
        cart  GET       |======|
          cart  db        |==|
      web   callback         |=|
  `) as [DrawnSpan, DrawnSpan, DrawnSpan, DrawnSpan, DrawnSpan];
  const sides = { spanId: client.spanId, parentSpanId: entry.spanId };
  const spans = [
    { ...server, ...sides, kind: 'server' as const },
    { ...inner, parentSpanId: client.spanId },
    { ...beside, parentSpanId: client.spanId },
    { ...client, ...sides, kind: 'client' as const },
    entry,
  ];
  const tree = buildTraceTree(spans);
  expect([...tree.parent]).toEqual([3, 0, 3, 4, -1]);
  expect(tree.problems).toEqual([]);
  expect(self(spans)).toEqual([4, 3, 2, 2, 2]);
  expect(critical(spans).reduce((a, b) => a + b)).toBe(11);
});

test('sides of a call that name each other as parents make no cycle', () => {
  const side = { spanId: 'a', parentSpanId: 'a', startNs: 0, durationNs: 9, service: 'x' };
  const tree = buildTraceTree([
    { ...side, kind: 'server' },
    { ...side, kind: 'client' },
    { ...side, kind: 'server', startNs: 1 },
    { ...side, kind: 'client', startNs: 2 },
  ]);
  expect(tree.roots).toEqual([0]);
  expect(tree.problems).toEqual([
    { problem: 'duplicate-span-id', index: 3 },
    { problem: 'parent-cycle', index: 0 },
  ]);
});

test('a child that begins well before its parent shows clocks that disagree', () => {
  const spans = traceFromText(`
    web  GET       |====|
      db  SQL   |==|
  `);
  expect(skewedSpans(buildTraceTree(spans))).toEqual([1]);
});

test('a chain of 100,000 spans needs no deep call stack', () => {
  const spans = Array.from({ length: 100_000 }, (_, i) => ({
    spanId: `${i}`,
    parentSpanId: i === 0 ? '' : `${i - 1}`,
    startNs: i,
    durationNs: 200_000 - 2 * i,
  }));
  const tree = buildTraceTree(spans);
  expect(tree.depth[99_999]).toBe(99_999);
  expect(criticalTimes(tree).reduce((a, b) => a + b)).toBe(200_000);
});
