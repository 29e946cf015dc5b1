import type { UInt64Column, UInt8Column } from '../native/fixed-width.ts';

interface NumberColumns {
  readonly value: UInt64Column;
  readonly value_int: UInt64Column;
  readonly value_kind: UInt8Column;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The number of a point or exemplar: the bits of a double, or a signed integer of 64 bits, or neither. */
export function pushNumber(columns: NumberColumns, isDouble: boolean, isInt: boolean, low: number, high: number): void {
  if (isInt) {
    double[0] = (high | 0) * 0x1_0000_0000 + low;
    columns.value.push(words[0] ?? 0, words[1] ?? 0);
  } else columns.value.push(low, high);
  columns.value_int.push(isInt ? low : 0, isInt ? high : 0);
  columns.value_kind.push(isDouble ? 1 : isInt ? 2 : 0);
}
