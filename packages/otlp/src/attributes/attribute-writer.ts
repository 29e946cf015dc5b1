import { ByteBuffer } from '../native/byte-buffer.ts';
import type { LowCardinalityColumn } from '../native/low-cardinality.ts';
import type { MapColumn } from '../native/map.ts';
import type { Reader } from '../protobuf/reader.ts';
import { KeyValue } from './key-value.ts';
import { pushValue } from './value-column.ts';
import { kinds, tooDeep } from './value-text.ts';

/** KeyValue messages into a map column, and the letters of their kinds into the column beside it. */
export class AttributeWriter {
  /** The number, in the map's dictionary, of the key that `append` read last. */
  lastKey = 0;
  readonly #pair = new KeyValue();
  readonly #map: MapColumn;
  readonly #types: LowCardinalityColumn;
  readonly #letters = new ByteBuffer();

  constructor(map: MapColumn, types: LowCardinalityColumn) {
    this.#map = map;
    this.#types = types;
  }

  /** The KeyValue from `reader.pos` to `end` into the row that is open. False where its value is nested too deep. */
  append(reader: Reader, end: number): boolean {
    if (this.#appendUsual(reader, end)) return true;
    const pair = this.#pair;
    pair.read(reader, end);
    this.lastKey = this.#map.keys.pushNext(reader.view, pair.keyStart, pair.keyEnd);
    const kind = pushValue(this.#map.values, reader, pair.valueEnd);
    this.#letters.byte(kind);
    reader.pos = end;
    return kind !== tooDeep;
  }

  /** What nearly every attribute is: a short key and a short string, as every encoder writes them. False: it is something else. */
  #appendUsual(reader: Reader, end: number): boolean {
    const { bytes, pos, view } = reader;
    const keyLength = bytes[pos + 1] ?? 0x80;
    const keyEnd = pos + 2 + keyLength;
    const text = keyEnd + 4;
    if (keyLength > 0x7f || text > end || bytes[pos] !== 0x0a || bytes[keyEnd] !== 0x12 || bytes[keyEnd + 2] !== 0x0a)
      return false;
    if (bytes[keyEnd + 1] !== end - keyEnd - 2 || end - keyEnd - 2 > 0x7f || bytes[keyEnd + 3] !== end - text) return false;
    this.lastKey = this.#map.keys.pushNext(view, pos + 2, keyEnd);
    this.#map.values.push(view, text, end);
    this.#letters.byte(kinds.string);
    reader.pos = end;
    return true;
  }

  endRow(): void {
    this.#map.endRow();
    this.#types.pushNext(this.#letters.view, 0, this.#letters.length);
    this.#letters.length = 0;
  }

  /** Closes `count` rows with the same attributes. */
  endRows(count: number): void {
    this.#map.endRows(count);
    this.#types.fill(this.#types.indexOf(this.#letters.view, 0, this.#letters.length), count);
    this.#letters.length = 0;
  }

  /** Forgets what was appended since the last row ended. */
  abandonRow(): void {
    this.#map.abandonRow();
    this.#letters.length = 0;
  }
}
