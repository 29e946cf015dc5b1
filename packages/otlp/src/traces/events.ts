import { AttributeWriter } from '../attributes/attribute-writer.ts';
import type { ArrayColumn } from '../native/array.ts';
import type { Column } from '../native/column.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';
import { reasons } from '../tally.ts';

/** Span.Event: number << 3 | wire type. */
const field = { time: 0x09, name: 0x12, attributes: 0x1a, droppedAttributesCount: 0x20 } as const;

/** The events of the span that is being read. */
export function createEventDecoder(columns: Table<'spans'>['columns']) {
  const times = columns.events_timestamp;
  const names = columns.events_name;
  const maps = columns.events_attributes;
  const types = columns.events_attribute_types;
  const dropped = columns.events_dropped_attributes_count;
  const attributes = new AttributeWriter(maps.items, types.items);
  const arrays: readonly ArrayColumn<Column>[] = [times, names, maps, types, dropped];
  /** Read since the last row ended. */
  let open = 0;

  return {
    /** One Event, from `reader.pos` to `end`. Why it is not legal, or nothing. */
    decode(reader: Reader, end: number): string {
      let reason = '';
      open++;
      let low = 0;
      let high = 0;
      let nameStart = 0;
      let nameEnd = 0;
      let droppedCount = 0;
      while (reader.pos < end) {
        const tag = reader.tag();
        switch (tag) {
          case field.time:
            reader.fixed64();
            ({ low, high } = reader);
            break;
          case field.name:
            nameEnd = reader.delimited();
            nameStart = reader.pos;
            reader.pos = nameEnd;
            break;
          case field.attributes:
            if (!attributes.append(reader, reader.delimited())) reason = reasons.tooDeep;
            break;
          case field.droppedAttributesCount:
            droppedCount = reader.varint32();
            break;
          default:
            reader.skip(tag);
        }
      }
      reader.finish(end);
      if (high > 0x7fffffff) reason ||= reasons.timeRange;
      times.items.push(low, high);
      names.items.push(reader.view, nameStart, nameEnd);
      dropped.items.push(droppedCount);
      attributes.endRow();
      return reason;
    },

    /** The $events read since the last call are those of the row of this number; rows without any are left out. */
    endRow(row: number): void {
      if (open === 0) return;
      open = 0;
      for (const column of arrays) {
        column.padTo(row);
        column.endRow();
      }
    },

    abandonRow(): void {
      attributes.abandonRow();
      if (open === 0) return;
      open = 0;
      for (const column of arrays) column.abandonRow();
    },
  };
}
