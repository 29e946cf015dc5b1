import { ByteBuffer } from './byte-buffer.ts';
import { replaceInvalidUtf8, viewOf } from './utf8.ts';

const initialSlots = 64;
/** A table that grew beyond this is given back when it is cleared. */
const slotsKeptMax = 16_384;

/**
 * Distinct strings, numbered in order of arrival; number 0 is the empty string, as LowCardinality wants it. A hash table over bytes:
 * open addressing with linear probing, never more than half full.
 *
 *  (1) Entries are removed only newest first, so clearing a removed entry's slot never cuts a probe chain of one that stays.
 *  (2) The seed differs in each process: nobody outside can choose strings that collide.
 */
export class Dictionary {
  /** The entries as Native strings, one after another: length (LEB128) and bytes. */
  readonly data = new ByteBuffer();
  size = 0;
  #slots = new Uint32Array(initialSlots);
  #hashes = new Int32Array(initialSlots);
  /** Where an entry's text starts and ends in `data`. */
  #starts = new Uint32Array(initialSlots);
  #ends = new Uint32Array(initialSlots);
  /** Which entry `indexOfNext` met after each entry; only a guess. */
  #followers = new Uint32Array(initialSlots);
  /** What `classify` said of each entry. */
  #classes = new Uint8Array(initialSlots);
  #last = 0;
  /** Asked once about each new text; the answer is kept with it. 0 is the answer for texts of no interest. */
  classify: (source: DataView, start: number, end: number) => number = () => 0;
  readonly #seed = Math.trunc(Math.random() * 0xffffffff);
  #marked = 1;

  constructor() {
    this.clear();
  }

  /** The number of the text in a range of `source`; a new one where it is new. Text that is not UTF-8 is mended first. */
  indexOf(source: DataView, start: number, end: number): number {
    if (start === end) return 0;
    const hash = this.#hash(source, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0) return this.#add(source, start, end, hash);
      if (this.#hashes[entry] === hash && this.#equals(entry, source, start, end)) return entry;
      slot = (slot + 1) & mask;
    }
  }

  /** As `indexOf`, for texts that tend to come in the same order each time: tries the one that came after the last one before. */
  indexOfNext(source: DataView, start: number, end: number): number {
    const guess = this.#followers[this.#last] ?? 0;
    if (guess !== 0 && this.#equals(guess, source, start, end)) {
      this.#last = guess;
      return guess;
    }
    const entry = this.indexOf(source, start, end);
    this.#followers[this.#last] = entry;
    this.#last = entry;
    return entry;
  }

  classOf(entry: number): number {
    return this.#classes[entry] ?? 0;
  }

  #hash(source: DataView, start: number, end: number): number {
    let hash = this.#seed ^ (end - start);
    let at = start;
    for (; at + 4 <= end; at += 4) {
      hash = Math.imul(hash ^ source.getInt32(at, true), 0x2c1b3c6d);
      hash ^= hash >>> 15;
    }
    for (; at < end; at++) hash = Math.imul(hash ^ source.getUint8(at), 0x297a2d39);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0x1b873593);
    return hash ^ (hash >>> 16);
  }

  #equals(entry: number, source: DataView, start: number, end: number): boolean {
    let own = this.#starts[entry] ?? 0;
    if ((this.#ends[entry] ?? 0) - own !== end - start) return false;
    const { view } = this.data;
    let at = start;
    for (; at + 4 <= end; at += 4, own += 4) {
      if (source.getInt32(at, true) !== view.getInt32(own, true)) return false;
    }
    for (; at < end; at++, own++) {
      if (source.getUint8(at) !== view.getUint8(own)) return false;
    }
    return true;
  }

  #add(source: DataView, start: number, end: number, hash: number): number {
    const { data } = this;
    const before = data.length;
    data.varint(end - start);
    const textStart = data.length;
    if (!data.copy(source, start, end)) {
      const valid = replaceInvalidUtf8(data.bytes.subarray(textStart, data.length));
      if (valid !== undefined) {
        data.length = before;
        return this.indexOf(viewOf(valid), 0, valid.length);
      }
    }
    if (this.size * 2 >= this.#slots.length) this.#grow();
    const entry = this.size++;
    this.#starts[entry] = textStart;
    this.#ends[entry] = data.length;
    this.#hashes[entry] = hash;
    this.#classes[entry] = this.classify(data.view, textStart, data.length);
    this.#slots[this.#freeSlot(hash)] = entry;
    return entry;
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    const [hashes, starts, ends, followers, classes] = [this.#hashes, this.#starts, this.#ends, this.#followers, this.#classes];
    this.#allocate(capacity);
    this.#hashes.set(hashes);
    this.#starts.set(starts);
    this.#ends.set(ends);
    this.#followers.set(followers);
    this.#classes.set(classes);
    for (let entry = 1; entry < this.size; entry++) this.#slots[this.#freeSlot(this.#hashes[entry] ?? 0)] = entry;
  }

  #allocate(capacity: number): void {
    this.#slots = new Uint32Array(capacity);
    this.#hashes = new Int32Array(capacity);
    this.#starts = new Uint32Array(capacity);
    this.#ends = new Uint32Array(capacity);
    this.#followers = new Uint32Array(capacity);
    this.#classes = new Uint8Array(capacity);
  }

  mark(): void {
    this.#marked = this.size;
  }

  rollback(): void {
    const mask = this.#slots.length - 1;
    while (this.size > this.#marked) {
      const entry = --this.size;
      let slot = (this.#hashes[entry] ?? 0) & mask;
      while (this.#slots[slot] !== entry) slot = (slot + 1) & mask;
      this.#slots[slot] = 0;
    }
    this.data.length = this.#ends[this.size - 1] ?? 1;
    this.#followers.fill(0);
    this.#last = 0;
  }

  clear(): void {
    if (this.#slots.length > slotsKeptMax) this.#allocate(initialSlots);
    else if (this.size > 1) {
      this.#slots.fill(0);
      this.#followers.fill(0);
    }
    this.data.clear();
    this.data.byte(0);
    this.#starts[0] = 1;
    this.#ends[0] = 1;
    this.size = 1;
    this.#last = 0;
  }
}
