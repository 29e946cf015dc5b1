import fc from 'fast-check';
import { expect, test } from 'vitest';
import { criticalTimes } from '../critical-path.ts';
import { selfTimes } from '../self-time.ts';
import { traceFromText } from '../testing/trace-from-text.ts';
import { buildTraceTree } from '../trace-tree.ts';
import { type DiffSpan, diffTraces } from './trace-diff.ts';

function spansOf(text: string): DiffSpan[] {
  const drawn = traceFromText(text);
  const tree = buildTraceTree(drawn);
  const selfNs = selfTimes(tree);
  const criticalNs = criticalTimes(tree);
  return drawn.map(({ service, name, startNs, durationNs }, at) => ({
    service,
    name,
    kind: 'internal',
    startNs,
    durationNs,
    selfNs: selfNs[at] ?? 0,
    criticalNs: criticalNs[at] ?? 0,
    parent: tree.parent[at] ?? -1,
  }));
}

const fast = spansOf(`
  web  GET /cart     |==========|
    cart  list        |====|
      db  SELECT       |==|
    cart  price            |====|
    cart  cached            |=|
`);

const slow = spansOf(`
  web  GET /cart     |======================|
    cart  list        |===============|
      db  SELECT       |==|
      db  SELECT           |==========|
    cart  price                       |====|
    cart  audit                           |=|
`);

test('says what is slower, faster, the same, and in one of the two only; children as they were called', () => {
  const rows = diffTraces(fast, slow);
  const name = ({ a, b }: (typeof rows)[number]) => (fast[a] ?? slow[b])?.name;
  expect(rows.map((row) => [row.depth, name(row), row.verdict, row.durationNs / 1e6])).toEqual([
    [0, 'GET /cart', 'slower', 12],
    [1, 'list', 'slower', 11],
    [2, 'SELECT', 'same', 0],
    [2, 'SELECT', 'onlyInB', 11],
    [1, 'price', 'same', 0],
    [1, 'cached', 'onlyInA', -2],
    [1, 'audit', 'onlyInB', 2],
  ]);
});

test('the critical path says where the difference of the whole comes from', () => {
  const rows = diffTraces(fast, slow);
  const sum = rows.reduce((total, { criticalNs }) => total + criticalNs, 0);
  expect(sum).toBe((slow[0]?.durationNs ?? 0) - (fast[0]?.durationNs ?? 0));
  const most = rows.toSorted((a, b) => b.criticalNs - a.criticalNs)[0];
  expect([slow[most?.b ?? 0]?.name, (most?.criticalNs ?? 0) / 1e6]).toEqual(['SELECT', 11]);
});

test('all that lies below a span of one trace is of that trace only, even where the other has the like elsewhere', () => {
  const rows = diffTraces(
    spansOf(`
      a  root  |====|
        a  x    |==|
          a  y   |=|
    `),
    spansOf(`
      a  root  |====|
        a  z    |==|
          a  y   |=|
    `),
  );
  expect(rows.map(({ verdict }) => verdict)).toEqual(['same', 'onlyInA', 'onlyInA', 'onlyInB', 'onlyInB']);
});

const anyTrace = fc
  .array(
    fc.record({
      service: fc.constantFrom('a', 'b'),
      name: fc.constantFrom('x', 'y', 'z'),
      kind: fc.constantFrom('server', 'client'),
      startNs: fc.nat(1000),
      durationNs: fc.nat(1000),
      selfNs: fc.nat(1000),
      criticalNs: fc.nat(1000),
      above: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    }),
    { maxLength: 24 },
  )
  .map((spans) =>
    spans.map(({ above, ...span }, at): DiffSpan => ({ ...span, parent: at === 0 ? -1 : Math.floor(above * (at + 1)) - 1 })),
  );

test('every span is in one row, matched rows are the same step, the columns add up, and swapping the traces turns the answer round', () => {
  fc.assert(
    fc.property(anyTrace, anyTrace, (a, b) => {
      const rows = diffTraces(a, b);
      const indexes = (key: 'a' | 'b') => rows.map((row) => row[key]).filter((at) => at >= 0);
      expect(indexes('a').toSorted((x, y) => x - y)).toEqual([...a.keys()]);
      expect(indexes('b').toSorted((x, y) => x - y)).toEqual([...b.keys()]);
      for (const row of rows) {
        const [one, other] = [a[row.a], b[row.b]];
        if (one && other) expect([one.service, one.name, one.kind]).toEqual([other.service, other.name, other.kind]);
        const above = rows[row.parent];
        if (one) expect(above?.a ?? -1).toBe(one.parent);
        if (other) expect(above?.b ?? -1).toBe(other.parent);
        expect(row.depth).toBe(above ? above.depth + 1 : 0);
      }
      const total = (spans: readonly DiffSpan[]) => spans.reduce((sum, { selfNs }) => sum + selfNs, 0);
      expect(rows.reduce((sum, { selfNs }) => sum + selfNs, 0)).toBe(total(b) - total(a));

      const turned = { onlyInA: 'onlyInB', onlyInB: 'onlyInA', slower: 'faster', faster: 'slower', same: 'same' } as const;
      const verdictsOf = (list: typeof rows, swapped: boolean) =>
        new Set(
          list.map(
            (row) => `${swapped ? `${row.b} ${row.a}` : `${row.a} ${row.b}`} ${swapped ? turned[row.verdict] : row.verdict}`,
          ),
        );
      expect(verdictsOf(diffTraces(b, a), true)).toEqual(verdictsOf(rows, false));
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
});

test('a trace is the same as itself', () => {
  fc.assert(
    fc.property(anyTrace, (spans) => {
      expect(diffTraces(spans, spans).every(({ verdict, durationNs }) => verdict === 'same' && durationNs === 0)).toBe(true);
    }),
    { seed: 20_261_121, numRuns: 100 },
  );
});
