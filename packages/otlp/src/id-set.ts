const initialSlots = 64;

/**
 * A set of 64-bit ids, as two words each; open addressing, at most half full. Ids are removed only newest
 * first. The seed differs in each process: nobody outside can choose ids that collide in it.
 */
export class IdSet {
  size = 0;
  /** Number of the id + 1; 0 is free. */
  #slots = new Uint32Array(initialSlots);
  #lows = new Uint32Array(initialSlots);
  #highs = new Uint32Array(initialSlots);
  #marked = 0;
  readonly #seed = Math.trunc(Math.random() * 0xffffffff);

  #slotOf(low: number, high: number): number {
    const mixed = Math.imul(low ^ this.#seed, 0x2c1b3c6d) ^ Math.imul(high, 0x297a2d39);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  has(low: number, high: number): boolean {
    return this.#slots[this.#find(low, high)] !== 0;
  }

  /** True where the id was not in the set yet. */
  add(low: number, high: number): boolean {
    const slot = this.#find(low, high);
    if (this.#slots[slot] !== 0) return false;
    this.#lows[this.size] = low;
    this.#highs[this.size] = high;
    this.#slots[slot] = ++this.size;
    if (this.size * 2 >= this.#slots.length) this.#grow();
    return true;
  }

  /** Where the id is, or the free slot where it would be. */
  #find(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#slotOf(low, high);
    for (let held = this.#slots[slot] ?? 0; held !== 0; held = this.#slots[slot] ?? 0) {
      if (this.#lows[held - 1] === low && this.#highs[held - 1] === high) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    const [lows, highs] = [this.#lows, this.#highs];
    this.#slots = new Uint32Array(capacity);
    this.#lows = new Uint32Array(capacity);
    this.#highs = new Uint32Array(capacity);
    this.#lows.set(lows);
    this.#highs.set(highs);
    for (let id = 0; id < this.size; id++) this.#slots[this.#find(this.#lows[id] ?? 0, this.#highs[id] ?? 0)] = id + 1;
  }

  mark(): void {
    this.#marked = this.size;
  }

  rollback(): void {
    while (this.size > this.#marked) {
      const id = this.size - 1;
      this.#slots[this.#find(this.#lows[id] ?? 0, this.#highs[id] ?? 0)] = 0;
      this.size = id;
    }
  }

  clear(): void {
    this.size = 0;
    this.#slots = new Uint32Array(initialSlots);
    this.#lows = new Uint32Array(initialSlots);
    this.#highs = new Uint32Array(initialSlots);
  }
}
