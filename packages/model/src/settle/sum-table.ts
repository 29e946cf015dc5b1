/** Sums (or maxima) by key: a key is `keyWidth` numbers below 2^32, a row of sums `sumWidth` doubles. */
export interface SumTable {
  readonly size: number;
  /** Row of the key that lies in `key`, new with sums of 0 where it is the first of its kind. */
  rowOf(): number;
  /** To be filled before `rowOf`. */
  readonly key: Uint32Array;
  add(row: number, sum: number, value: number): void;
  /** Of what is not negative: the largest value is kept. */
  raise(row: number, sum: number, value: number): void;
  keyColumn(column: number): Uint32Array;
  sumColumn(sum: number): Float64Array;
}

/** Open addressing with linear probing, at most half full; grows by doubling. */
export function createSumTable(keyWidth: number, sumWidth: number): SumTable {
  const key = new Uint32Array(keyWidth);
  let capacity = 1024;
  let size = 0;
  let slots = new Int32Array(capacity * 2);
  let keys = new Uint32Array(capacity * keyWidth);
  let hashes = new Int32Array(capacity);
  let sums = new Float64Array(capacity * sumWidth);

  const grow = (): void => {
    capacity *= 2;
    const wider = new Uint32Array(capacity * keyWidth);
    wider.set(keys);
    keys = wider;
    const widerSums = new Float64Array(capacity * sumWidth);
    widerSums.set(sums);
    sums = widerSums;
    const widerHashes = new Int32Array(capacity);
    widerHashes.set(hashes);
    hashes = widerHashes;
    slots = new Int32Array(capacity * 2);
    for (let row = 0; row < size; row++) {
      let slot = (hashes[row] as number) & (capacity * 2 - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (capacity * 2 - 1);
      slots[slot] = row + 1;
    }
  };

  const isKeyOf = (row: number): boolean => {
    for (let i = 0, at = row * keyWidth; i < keyWidth; i++, at++) if (keys[at] !== key[i]) return false;
    return true;
  };

  return {
    key,
    get size() {
      return size;
    },
    rowOf() {
      let hash = 0x9e3779b9 | 0;
      for (let i = 0; i < keyWidth; i++) {
        hash = Math.imul(hash ^ (key[i] as number), 0x85ebca6b);
        hash ^= hash >>> 15;
      }
      hash = Math.imul(hash, 0xc2b2ae35);
      hash ^= hash >>> 16;
      let slot = hash & (capacity * 2 - 1);
      for (; slots[slot] !== 0; slot = (slot + 1) & (capacity * 2 - 1)) {
        const row = (slots[slot] as number) - 1;
        if (hashes[row] === hash && isKeyOf(row)) return row;
      }
      if (size === capacity) {
        grow();
        return this.rowOf();
      }
      keys.set(key, size * keyWidth);
      hashes[size] = hash;
      slots[slot] = ++size;
      return size - 1;
    },
    add(row, sum, value) {
      sums[row * sumWidth + sum]! += value;
    },
    raise(row, sum, value) {
      const at = row * sumWidth + sum;
      if (value > (sums[at] as number)) sums[at] = value;
    },
    keyColumn(column) {
      const values = new Uint32Array(size);
      for (let row = 0, at = column; row < size; row++, at += keyWidth) values[row] = keys[at] as number;
      return values;
    },
    sumColumn(sum) {
      const values = new Float64Array(size);
      for (let row = 0, at = sum; row < size; row++, at += sumWidth) values[row] = sums[at] as number;
      return values;
    },
  };
}
