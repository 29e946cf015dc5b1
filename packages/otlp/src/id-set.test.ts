import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

it('an id set knows what a Set knows, through growth, rollback and clearing', () => {
  const id = fc.record({ low: fc.nat(40), high: fc.nat(9) });
  const step = fc.oneof({ weight: 60, arbitrary: id }, { weight: 2, arbitrary: fc.constantFrom('mark', 'rollback', 'clear') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const set = new IdSet();
      let model = new Set<string>();
      let marked = new Set<string>();
      for (const each of steps) {
        if (each === 'mark') {
          set.mark();
          marked = new Set(model);
        } else if (each === 'rollback') {
          set.rollback();
          model = new Set(marked);
        } else if (each === 'clear') {
          set.clear();
          set.mark();
          model = new Set();
          marked = new Set();
        } else if (typeof each === 'object') {
          const key = `${each.low}:${each.high}`;
          expect(set.has(each.low, each.high)).toBe(model.has(key));
          expect(set.add(each.low, each.high)).toBe(!model.has(key));
          model.add(key);
        }
        expect(set.size).toBe(model.size);
      }
    }),
  );
});
