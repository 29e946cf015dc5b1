import type { ByteBuffer } from '../native/byte-buffer.ts';
import type { JsonScanner } from './scanner.ts';
import { unescape } from './unescape.ts';

/** The string that was read last, with its length before it, as protobuf wants it. `scratch` is overwritten. */
export function appendString(json: JsonScanner, out: ByteBuffer, scratch: ByteBuffer): void {
  if (!json.escaped) {
    out.varint(json.end - json.start);
    out.copy(json.view, json.start, json.end);
    return;
  }
  scratch.clear();
  unescape(json.view, json.start, json.end, scratch);
  out.varint(scratch.length);
  out.append(scratch.written());
}

/**
 * Which of `names` the string that was read last is; -1: none. Senders keep one order, so the search starts at `expected`, the one behind
 * the last that was found. `scratch` is overwritten.
 */
export function nameIndex(
  json: JsonScanner,
  names: readonly { readonly name: Uint8Array }[],
  expected: number,
  scratch: ByteBuffer,
): number {
  let { bytes, start, end } = json;
  if (json.escaped) {
    scratch.clear();
    unescape(json.view, start, end, scratch);
    ({ bytes } = scratch);
    start = 0;
    end = scratch.length;
  }
  for (let i = 0; i < names.length; i++) {
    const index = (expected + i) % names.length;
    const name = names[index]?.name;
    if (name === undefined || name.length !== end - start) continue;
    let same = 0;
    while (same < name.length && name[same] === bytes[start + same]) same++;
    if (same === name.length) return index;
  }
  return -1;
}
