import { ByteBuffer } from '../native/byte-buffer.ts';
import type { StringColumn } from '../native/string.ts';
import type { Reader } from '../protobuf/reader.ts';
import { type Kind, kinds, type tooDeep, writeValueText } from './value-text.ts';

const text = new ByteBuffer();

/** The text of the AnyValue from `reader.pos` to `end` as one more value of a column. Leaves the reader at `end`. */
export function pushValue(column: StringColumn, reader: Reader, end: number): Kind | typeof tooDeep {
  const start = reader.pos;
  // What most values are: a string and nothing else. Copied straight into its column.
  if (start < end && reader.bytes[start] === 0x0a) {
    reader.pos++;
    if (reader.delimited() === end) {
      column.push(reader.view, reader.pos, end);
      reader.pos = end;
      return kinds.string;
    }
    reader.pos = start;
  }
  // And what most of the rest are: an int below 2^14, of one or two bytes.
  if (start < end && reader.bytes[start] === 0x18) {
    const low = reader.bytes[start + 1] ?? 0x80;
    const high = reader.bytes[start + 2] ?? 0x80;
    const isOne = low < 0x80 && end === start + 2;
    if (isOne || (low > 0x7f && high < 0x80 && end === start + 3)) {
      column.pushDecimal(isOne ? low : (low & 0x7f) | (high << 7));
      reader.pos = end;
      return kinds.int;
    }
  }
  text.clear();
  const kind = writeValueText(reader, end, text);
  column.push(text.view, 0, text.length);
  return kind;
}
