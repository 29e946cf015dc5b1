const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

function avalanche(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * A 64-bit hash over words and bytes, in two lanes of 32 bits that feed each other, after MurmurHash3 (Appleby, public domain).
 *
 * It names resources and series in the store for good: its answers must never change. It is no defence against a sender who wants
 * two resources to look like one; such a sender could name his service as he likes anyway.
 */
export class Fingerprint {
  /** The answer of `finish`, unsigned. */
  low = 0;
  high = 0;
  #a = 0;
  #b = 0;
  #words = 0;

  start(): this {
    this.#a = 0x5bd1e995;
    this.#b = 0x1b873593;
    this.#words = 0;
    return this;
  }

  word(word: number): this {
    let k = Math.imul(rotate(Math.imul(word, 0x239b961b), 15), 0xab0e9789);
    this.#a = (Math.imul((rotate(this.#a ^ k, 19) + this.#b) | 0, 5) + 0x561ccd1b) | 0;
    k = Math.imul(rotate(Math.imul(word, 0xab0e9789), 16), 0x38b34ae5);
    this.#b = (Math.imul((rotate(this.#b ^ k, 17) + this.#a) | 0, 5) + 0x0bcaa747) | 0;
    this.#words++;
    return this;
  }

  /** A range of bytes and its length, so that two ranges never read as one. */
  bytes(source: DataView, start: number, end: number): this {
    let at = start;
    for (; at + 4 <= end; at += 4) this.word(source.getInt32(at, true));
    let rest = 0;
    for (; at < end; at++) rest = (rest << 8) | source.getUint8(at);
    this.word(rest);
    return this.word(end - start);
  }

  finish(): void {
    let a = this.#a ^ this.#words;
    let b = this.#b ^ this.#words;
    a = (a + b) | 0;
    b = (b + a) | 0;
    a = avalanche(a);
    b = avalanche(b);
    a = (a + b) | 0;
    this.low = a >>> 0;
    this.high = (b + a) >>> 0;
  }
}
