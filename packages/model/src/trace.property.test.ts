import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTraceTree, criticalTimes, selfTimes, type TraceSpan } from './index.ts';

/** Any small trace: parents anywhere (absent, unknown, itself, a later span), whole ns. */
const anyTrace = fc
  .array(
    fc.record({
      // Now and then an id that another span has.
      id: fc.option(fc.nat(12), { freq: 3 }),
      parent: fc.integer({ min: -2, max: 12 }),
      startNs: fc.nat(40),
      durationNs: fc.nat(40),
      kind: fc.constantFrom('client' as const, 'server' as const, 'internal' as const),
      service: fc.constantFrom('a', 'b'),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((rows) =>
    rows.map((row, i): TraceSpan => ({
      spanId: `${row.id ?? i}`,
      parentSpanId: row.parent === -1 ? '' : `${row.parent}`,
      startNs: row.startNs,
      durationNs: row.durationNs,
      kind: row.kind,
      service: row.service,
    })),
  );

test('self time is what a count of uncovered nanoseconds gives', () => {
  fc.assert(
    fc.property(anyTrace, (spans) => {
      const tree = buildTraceTree(spans);
      const slow = spans.map((span, index) => {
        let own = 0;
        for (let t = span.startNs; t < span.startNs + span.durationNs; t++) {
          const covered = (tree.children[index] as number[]).some((i) => {
            const child = spans[i] as TraceSpan;
            return child.startNs <= t && t < child.startNs + child.durationNs;
          });
          if (!covered) own++;
        }
        return own;
      });
      expect([...selfTimes(tree)]).toEqual(slow);
    }),
  );
});

test('the critical path adds up to the duration of the entry, and is nowhere negative', () => {
  fc.assert(
    fc.property(anyTrace, (spans) => {
      const tree = buildTraceTree(spans);
      const critical = [...criticalTimes(tree)];
      expect(Math.min(...critical)).toBeGreaterThanOrEqual(0);
      expect(critical.reduce((a, b) => a + b, 0)).toBe((spans[tree.roots[0] as number] as TraceSpan).durationNs);
    }),
  );
});

test('every span has one place in the tree', () => {
  fc.assert(
    fc.property(anyTrace, (spans) => {
      const tree = buildTraceTree(spans);
      const placed = [...tree.roots, ...tree.children.flat()].toSorted((a, b) => a - b);
      expect(placed).toEqual(spans.map((_, i) => i));
    }),
  );
});
