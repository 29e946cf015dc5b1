import type { NullableFloat64Column } from '../native/nullable.ts';
import type { Reader } from '../protobuf/reader.ts';

/** An `optional double` of the data point that is being read. */
export class OptionalDouble {
  readonly #column: NullableFloat64Column;
  #present = false;
  #low = 0;
  #high = 0;

  constructor(column: NullableFloat64Column) {
    this.#column = column;
  }

  clear(): void {
    this.#present = false;
  }

  read(reader: Reader): void {
    reader.fixed64();
    this.#low = reader.low;
    this.#high = reader.high;
    this.#present = true;
  }

  push(): void {
    if (this.#present) this.#column.push(this.#low, this.#high);
    else this.#column.pushNull();
  }
}
