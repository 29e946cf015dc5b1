/** A decimal integer of up to 64 bits as two words, exact where a JS number is not. */
export class DecimalInteger {
  low = 0;
  high = 0;

  /**
   * Reads ASCII `[-]digits`, or a number with point or exponent whose value is whole (protobuf's JSON mapping allows `1e3` for 1000).
   * False where it is none, or beyond [-2^63, 2^64).
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const negative = bytes[start] === 0x2d;
    let at = negative ? start + 1 : start;
    if (at === end) return false;
    let low = 0;
    let high = 0;
    for (; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return this.#readWhole(bytes, start, end);
      low = low * 10 + digit;
      high = high * 10 + Math.floor(low / 0x1_0000_0000);
      if (high > 0xffffffff) return false;
      low = low >>> 0;
    }
    return this.#set(low, high, negative);
  }

  #set(low: number, high: number, negative: boolean): boolean {
    if (negative && (high > 0x80000000 || (high === 0x80000000 && low > 0))) return false;
    this.low = negative ? -low >>> 0 : low;
    this.high = negative ? (~high + (low === 0 ? 1 : 0)) >>> 0 : high;
    return true;
  }

  #readWhole(bytes: Uint8Array, start: number, end: number): boolean {
    const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
    const value = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
    if (!Number.isInteger(value) || value < -(2 ** 63) || value >= 2 ** 64) return false;
    const size = Math.abs(value);
    return this.#set(size % 0x1_0000_0000, Math.floor(size / 0x1_0000_0000), value < 0);
  }
}
