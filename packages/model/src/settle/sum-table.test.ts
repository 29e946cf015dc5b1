import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSumTable } from './sum-table.ts';

test('sums by key are those of a map, however often the table grows', () => {
  const anyKey = fc.tuple(fc.nat(40), fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(40));
  fc.assert(
    fc.property(fc.array(fc.tuple(anyKey, fc.integer()), { maxLength: 20_000, size: 'max' }), (additions) => {
      const table = createSumTable(3, 2);
      const slow = new Map<string, number[]>();
      for (const [key, value] of additions) {
        table.key.set(key);
        const row = table.rowOf();
        table.add(row, 0, value);
        table.add(row, 1, 1);
        const before = slow.get(key.join()) ?? [0, 0];
        slow.set(key.join(), [(before[0] as number) + value, (before[1] as number) + 1]);
      }
      const columns = [0, 1, 2].map((column) => table.keyColumn(column));
      const sums = [0, 1].map((sum) => table.sumColumn(sum));
      const found = Array.from({ length: table.size }, (_, row): [string, number[]] => [
        columns.map((column) => column[row]).join(),
        sums.map((sum) => sum[row] as number),
      ]);
      expect(found.length).toBe(slow.size);
      expect(new Map(found)).toEqual(slow);
    }),
    { numRuns: 10 },
  );
});
