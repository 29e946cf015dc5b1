import { ByteBuffer } from '../native/byte-buffer.ts';
import type { LowCardinalityColumn } from '../native/low-cardinality.ts';
import type { MapColumn } from '../native/map.ts';
import type { Reader } from '../protobuf/reader.ts';
import { pushValue } from './value-column.ts';
import { tooDeep } from './value-text.ts';

/** KeyValue messages into a map column, and the letters of their kinds into the column beside it. */
export class AttributeWriter {
  /** Where the key and the AnyValue that `append` read last stand in its reader's bytes. */
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  readonly #map: MapColumn;
  readonly #types: LowCardinalityColumn;
  readonly #letters = new ByteBuffer();

  constructor(map: MapColumn, types: LowCardinalityColumn) {
    this.#map = map;
    this.#types = types;
  }

  /** The KeyValue from `reader.pos` to `end` into the row that is open. False where its value is nested too deep. */
  append(reader: Reader, end: number): boolean {
    let keyStart = 0;
    let keyEnd = 0;
    let valueStart = end;
    let valueEnd = end;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 0x0a) {
        keyEnd = reader.delimited();
        keyStart = reader.pos;
        reader.pos = keyEnd;
      } else if (tag === 0x12) {
        valueEnd = reader.delimited();
        valueStart = reader.pos;
        reader.pos = valueEnd;
      } else reader.skip(tag);
    }
    reader.finish(end);

    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.valueStart = valueStart;
    this.valueEnd = valueEnd;
    this.#map.keys.push(reader.view, keyStart, keyEnd);
    reader.pos = valueStart;
    const kind = pushValue(this.#map.values, reader, valueEnd);
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
