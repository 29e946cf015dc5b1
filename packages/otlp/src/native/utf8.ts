import { isUtf8 } from 'node:buffer';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Bytes that are not UTF-8 with every bad sequence replaced by U+FFFD; nothing where they are UTF-8 already. ClickHouse would store
 * any bytes, but one such row would make every JSON answer that contains it unreadable.
 */
export function replaceInvalidUtf8(bytes: Uint8Array): Uint8Array | undefined {
  return isUtf8(bytes) ? undefined : encoder.encode(decoder.decode(bytes));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
