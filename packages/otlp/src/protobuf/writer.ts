import type { ByteBuffer } from '../native/byte-buffer.ts';
import { MalformedError } from './reader.ts';

/** Lengths are written when their message is: four bytes are kept for each, an unusual varint but a legal one. */
const lengthBytes = 4;
const lengthMax = 2 ** (7 * lengthBytes) - 1;

/** Begins a message in a field; answers what `closeMessage` needs to write its length. */
export function openMessage(out: ByteBuffer, tag: number): number {
  out.varint(tag);
  const at = out.length;
  out.reserve(lengthBytes);
  out.length += lengthBytes;
  return at;
}

export function closeMessage(out: ByteBuffer, at: number): void {
  const length = out.length - at - lengthBytes;
  if (length > lengthMax) throw new MalformedError('a message beyond 256 MiB');
  const { bytes } = out;
  bytes[at] = (length & 0x7f) | 0x80;
  bytes[at + 1] = ((length >>> 7) & 0x7f) | 0x80;
  bytes[at + 2] = ((length >>> 14) & 0x7f) | 0x80;
  bytes[at + 3] = length >>> 21;
}

/** A varint of 64 bits, given as two words. */
export function varint64(out: ByteBuffer, low: number, high: number): void {
  let restLow = low;
  let restHigh = high;
  while (restHigh !== 0 || restLow > 0x7f) {
    out.byte((restLow & 0x7f) | 0x80);
    restLow = ((restLow >>> 7) | (restHigh << 25)) >>> 0;
    restHigh >>>= 7;
  }
  out.byte(restLow);
}
