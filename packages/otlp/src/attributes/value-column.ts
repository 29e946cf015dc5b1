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
  text.clear();
  const kind = writeValueText(reader, end, text);
  column.push(text.view, 0, text.length);
  return kind;
}
