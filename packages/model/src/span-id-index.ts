import type { SpanColumns } from './span-columns.ts';

/** Which row has which span id; ids are told apart by trace. */
export interface SpanIdIndex {
  /** The first row of that trace with that id, -1 where there is none. */
  find(trace: number, idHigh: number, idLow: number): number;
  /** The next row with the same id, -1 after the last. */
  readonly nextSame: Int32Array;
  /** First rows of the ids that occur more than once. */
  readonly repeated: readonly number[];
}

/** Ids are chosen by senders: nobody must be able to choose ten thousand that fall into one slot. */
const seed = Math.floor(Math.random() * 2 ** 32);

function mixed(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Open addressing with linear probing, at most half full. */
export function indexSpanIds(columns: SpanColumns): SpanIdIndex {
  const { traceOffsets, idHigh, idLow } = columns;
  const rows = idLow.length;
  let capacity = 16;
  while (capacity < rows * 2) capacity *= 2;
  const mask = capacity - 1;
  /** Row + 1; 0 is empty. */
  const slots = new Int32Array(capacity);
  const nextSame = new Int32Array(rows).fill(-1);
  const repeated: number[] = [];
  /** Last row of each repeated id, by its first row: appending to a long chain must not walk it. */
  const lastSame = new Map<number, number>();

  const slotOf = (trace: number, high: number, low: number): number => {
    const from = traceOffsets[trace] as number;
    const to = traceOffsets[trace + 1] as number;
    let hash = mixed(mixed(mixed(seed, trace), high), low);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = (slots[slot] as number) - 1;
      if (idLow[row] === low && idHigh[row] === high && row >= from && row < to) break;
    }
    return slot;
  };

  for (let trace = 0; trace < traceOffsets.length - 1; trace++) {
    for (let row = traceOffsets[trace] as number; row < (traceOffsets[trace + 1] as number); row++) {
      const slot = slotOf(trace, idHigh[row] as number, idLow[row] as number);
      const first = (slots[slot] as number) - 1;
      if (first < 0) {
        slots[slot] = row + 1;
        continue;
      }
      if (nextSame[first] === -1) repeated.push(first);
      nextSame[lastSame.get(first) ?? first] = row;
      lastSame.set(first, row);
    }
  }
  return { find: (trace, high, low) => (slots[slotOf(trace, high, low)] as number) - 1, nextSame, repeated };
}
