import { ByteBuffer } from '../native/byte-buffer.ts';
import type { LowCardinalityColumn } from '../native/low-cardinality.ts';
import type { MapColumn } from '../native/map.ts';
import type { Reader } from '../protobuf/reader.ts';
import { KeyValue } from './key-value.ts';
import { pushValue } from './value-column.ts';
import { tooDeep } from './value-text.ts';

/** KeyValue messages into a map column, and the letters of their kinds into the column beside it. */
export class AttributeWriter {
  /** The pair that `append` read last. */
  readonly pair = new KeyValue();
  readonly #map: MapColumn;
  readonly #types: LowCardinalityColumn;
  readonly #letters = new ByteBuffer();

  constructor(map: MapColumn, types: LowCardinalityColumn) {
    this.#map = map;
    this.#types = types;
  }

  /** The KeyValue from `reader.pos` to `end` into the row that is open. False where its value is nested too deep. */
  append(reader: Reader, end: number): boolean {
    const { pair } = this;
    pair.read(reader, end);
    this.#map.keys.pushNext(reader.view, pair.keyStart, pair.keyEnd);
    const kind = pushValue(this.#map.values, reader, pair.valueEnd);
    this.#letters.byte(kind);
    reader.pos = end;
    return kind !== tooDeep;
  }

  endRow(): void {
    this.#map.endRow();
    this.#types.push(this.#letters.view, 0, this.#letters.length);
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
