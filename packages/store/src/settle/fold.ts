import { createSumTable } from '@sonde/model';

/** Rows by key, with what lay in the buckets of each: histograms as ADR 13 stores them. */
export interface Folded<Key extends string, Sum extends string> {
  readonly rows: number;
  readonly keys: Readonly<Record<Key, Uint32Array>>;
  readonly sums: Readonly<Record<Sum, Float64Array>>;
  histogram(of: Float64Array): { readonly ends: Float64Array; readonly buckets: Uint16Array; readonly counts: Float64Array };
}

/** Sums up rows whose keys are equal; of `maxNs` the greatest is kept. `bucket`: of each row that is folded. */
export function fold<Key extends string, Sum extends string>(
  keys: Readonly<Record<Key, Uint32Array>>,
  sums: Readonly<Record<Sum, Float64Array>>,
  bucket: Uint32Array,
): Folded<Key, Sum> {
  const keyNames = Object.keys(keys) as Key[];
  const keyColumns = keyNames.map((name) => keys[name]);
  const table = createSumTable(keyNames.length, 0);
  const foldedTo = new Uint32Array(bucket.length);
  for (let row = 0; row < bucket.length; row++) {
    for (let i = 0; i < keyColumns.length; i++) table.key[i] = (keyColumns[i] as Uint32Array)[row] as number;
    foldedTo[row] = table.rowOf();
  }
  const folded = (name: Sum): Float64Array => {
    const column = sums[name];
    const values = new Float64Array(table.size);
    for (let row = 0; row < column.length; row++) {
      const at = foldedTo[row] as number;
      const value = column[row] as number;
      values[at] = name === 'maxNs' ? Math.max(values[at] as number, value) : (values[at] as number) + value;
    }
    return values;
  };
  return {
    rows: table.size,
    keys: Object.fromEntries(keyNames.map((name, i) => [name, table.keyColumn(i)])) as Record<Key, Uint32Array>,
    sums: Object.fromEntries((Object.keys(sums) as Sum[]).map((name) => [name, folded(name)])) as Record<Sum, Float64Array>,
    histogram(of) {
      const ends = new Float64Array(table.size);
      for (let row = 0; row < bucket.length; row++) if (of[row] !== 0) ends[foldedTo[row] as number]!++;
      for (let at = 1; at < ends.length; at++) ends[at]! += ends[at - 1] as number;
      const next = Float64Array.from(ends, (_, at) => (at === 0 ? 0 : (ends[at - 1] as number)));
      const buckets = new Uint16Array(ends.at(-1) ?? 0);
      const counts = new Float64Array(buckets.length);
      for (let row = 0; row < bucket.length; row++) {
        if (of[row] === 0) continue;
        const at = next[foldedTo[row] as number]!++;
        buckets[at] = bucket[row] as number;
        counts[at] = of[row] as number;
      }
      return { ends, buckets, counts };
    },
  };
}
