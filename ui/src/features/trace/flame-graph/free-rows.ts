/** Rows that are busy until some moment: a tree of minima, so that the first free one of many is found in a few steps. */
export class FreeRows {
  /** Leaves are the rows; a row that was never used is free since ever. */
  #size = 4;
  #minima = new Float64Array(8).fill(-Infinity);

  /** The first row, `from` or later, that is free at this moment. */
  firstFree(moment: number, from: number): number {
    while (from >= this.#size) this.#grow();
    for (;;) {
      const found = this.#search(moment, from);
      if (found >= 0) return found;
      this.#grow();
    }
  }

  occupy(row: number, until: number): void {
    while (row >= this.#size) this.#grow();
    let at = row + this.#size;
    this.#minima[at] = until;
    for (at >>= 1; at >= 1; at >>= 1) {
      this.#minima[at] = Math.min(this.#minima[2 * at] as number, this.#minima[2 * at + 1] as number);
    }
  }

  #search(moment: number, from: number): number {
    let at = from + this.#size;
    // Up to the first subtree at or right of the leaf that has a free row, then down to its first.
    while ((this.#minima[at] as number) > moment) {
      while ((at & 1) === 1) at >>= 1;
      if (at === 0) return -1;
      at += 1;
    }
    while (at < this.#size) at = (this.#minima[2 * at] as number) <= moment ? 2 * at : 2 * at + 1;
    return at - this.#size;
  }

  #grow(): void {
    const busy = this.#minima.slice(this.#size);
    this.#size *= 2;
    this.#minima = new Float64Array(2 * this.#size).fill(-Infinity);
    this.#minima.set(busy, this.#size);
    for (let at = this.#size - 1; at >= 1; at--) {
      this.#minima[at] = Math.min(this.#minima[2 * at] as number, this.#minima[2 * at + 1] as number);
    }
  }
}
