import type { ByteBuffer } from '../native/byte-buffer.ts';
import { tags } from './fields.ts';
import { Nanos } from './nanos.ts';

/**
 * The times of the spans of one list. A span may come without its start (a tracer that reports one half of a span early does so); stored
 * as 1970 it would stretch its trace over decades and be the first to be deleted. It gets the earliest time that the list names, or that
 * of its arrival, when the list was read.
 */
export class Times {
  readonly #out: ByteBuffer;
  readonly #start = new Nanos();
  readonly #end = new Nanos();
  readonly #earliest = new Nanos();
  /** Where the starts that are missing stand in `out`. */
  #missing: number[] = [];

  constructor(out: ByteBuffer) {
    this.#out = out;
  }

  clear(): void {
    this.#missing = [];
    this.#earliest.set(0, 0);
  }

  /** A time that the list names. One that is not legal dates no other span. */
  see(time: Nanos): void {
    if (!time.isZero && time.high <= 0x7fffffff && (this.#earliest.isZero || time.isBefore(this.#earliest)))
      this.#earliest.set(time.low, time.high);
  }

  /** A start of zero: none was given. */
  write(start: Nanos, duration: Nanos): void {
    this.see(start);
    if (start.isZero) this.#missing.push(this.#out.length + 1);
    this.#end.set(start.low, start.high);
    this.#end.add(duration);
    this.#out.varint(tags.span.startTime);
    this.#out.word64(start.low, start.high);
    this.#out.varint(tags.span.endTime);
    this.#out.word64(this.#end.low, this.#end.high);
  }

  /** Gives the spans without a start theirs; their ends hold their durations till then. */
  fillMissing(receivedAtMs: number): void {
    if (this.#missing.length === 0) return;
    if (this.#earliest.isZero) {
      const micros = receivedAtMs * 1000;
      this.#earliest.setMicros(micros % 0x1_0000_0000, Math.floor(micros / 0x1_0000_0000));
    }
    const { view } = this.#out;
    for (const at of this.#missing) {
      this.#start.set(this.#earliest.low, this.#earliest.high);
      view.setUint32(at, this.#start.low, true);
      view.setUint32(at + 4, this.#start.high, true);
      // Behind the start: the tag of the end, one byte.
      this.#end.set(view.getUint32(at + 9, true), view.getUint32(at + 13, true));
      this.#end.add(this.#start);
      view.setUint32(at + 9, this.#end.low, true);
      view.setUint32(at + 13, this.#end.high, true);
    }
  }
}
