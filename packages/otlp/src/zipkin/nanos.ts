/** A time in nanoseconds as two words. What passes 64 bits stays at their end: no legal time, so the decoder rejects its item. */
export class Nanos {
  low = 0;
  high = 0;

  set(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }

  /** Zipkin counts in microseconds. */
  setMicros(low: number, high: number): void {
    this.set(0, 0);
    this.#add(low * 1000, high * 1000);
  }

  add(other: Nanos): void {
    this.#add(other.low, other.high);
  }

  get isZero(): boolean {
    return (this.low | this.high) === 0;
  }

  isBefore(other: Nanos): boolean {
    return this.high < other.high || (this.high === other.high && this.low < other.low);
  }

  #add(low: number, high: number): void {
    const lowSum = this.low + low;
    const highSum = this.high + high + Math.floor(lowSum / 0x1_0000_0000);
    if (highSum > 0xffffffff) this.set(0xffffffff, 0xffffffff);
    else this.set(lowSum % 0x1_0000_0000, highSum);
  }
}
