import { crc32 } from 'node:zlib';

/** JSON and, on a line of its own, its CRC-32: a torn or flipped record is recognised whatever JSON.parse would make of it. */
export function sealJson(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  return Buffer.from(`${text}\n${hex(crc32(text))}\n`);
}

/** The value, or nothing where the seal does not fit. */
export function unsealJson(bytes: Uint8Array): unknown {
  const [text, seal, rest, ...more] = Buffer.from(bytes).toString('utf8').split('\n');
  if (text === undefined || seal !== hex(crc32(text)) || rest !== '' || more.length > 0) return undefined;
  return JSON.parse(text);
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
