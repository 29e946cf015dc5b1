import { AttributeWriter } from '../attributes/attribute-writer.ts';
import type { FixedStringColumn } from '../native/fixed-string.ts';
import type { ArrayColumn } from '../native/array.ts';
import type { Column } from '../native/column.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';
import { reasons } from '../tally.ts';

/** Span.Link: number << 3 | wire type. */
const field = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  attributes: 0x22,
  droppedAttributesCount: 0x28,
  flags: 0x35,
} as const;

/** An id of the column's width, or zeros for none. False: it has another width. */
function pushId(column: FixedStringColumn, view: DataView, start: number, end: number): boolean {
  if (end - start === column.width) column.push(view, start);
  else column.pushZero();
  return end === start || end - start === column.width;
}

/**
 * The links of the span that is being read. A link may have no ids: the API lets one be made of its attributes alone
 * (specification, "AddLink": "SHOULD record links containing SpanContext with empty TraceId or SpanId").
 */
export function createLinkDecoder(columns: Table<'spans'>['columns']) {
  const traceIds = columns.links_trace_id;
  const spanIds = columns.links_span_id;
  const traceStates = columns.links_trace_state;
  const maps = columns.links_attributes;
  const types = columns.links_attribute_types;
  const dropped = columns.links_dropped_attributes_count;
  const flags = columns.links_flags;
  const attributes = new AttributeWriter(maps.items, types.items);
  const arrays: readonly ArrayColumn<Column>[] = [traceIds, spanIds, traceStates, maps, types, dropped, flags];
  /** Read since the last row ended. */
  let open = 0;

  return {
    /** One Link, from `reader.pos` to `end`. Why it is not legal, or nothing. */
    decode(reader: Reader, end: number): string {
      let reason = '';
      open++;
      let traceIdStart = 0;
      let traceIdEnd = 0;
      let spanIdStart = 0;
      let spanIdEnd = 0;
      let stateStart = 0;
      let stateEnd = 0;
      let droppedCount = 0;
      let flagBits = 0;
      while (reader.pos < end) {
        const tag = reader.tag();
        switch (tag) {
          case field.traceId:
            traceIdEnd = reader.delimited();
            traceIdStart = reader.pos;
            reader.pos = traceIdEnd;
            break;
          case field.spanId:
            spanIdEnd = reader.delimited();
            spanIdStart = reader.pos;
            reader.pos = spanIdEnd;
            break;
          case field.traceState:
            stateEnd = reader.delimited();
            stateStart = reader.pos;
            reader.pos = stateEnd;
            break;
          case field.attributes:
            if (!attributes.append(reader, reader.delimited())) reason = reasons.tooDeep;
            break;
          case field.droppedAttributesCount:
            droppedCount = reader.varint32();
            break;
          case field.flags:
            flagBits = reader.fixed32();
            break;
          default:
            reader.skip(tag);
        }
      }
      reader.finish(end);
      if (!pushId(traceIds.items, reader.view, traceIdStart, traceIdEnd)) reason ||= reasons.linkIds;
      if (!pushId(spanIds.items, reader.view, spanIdStart, spanIdEnd)) reason ||= reasons.linkIds;
      traceStates.items.push(reader.view, stateStart, stateEnd);
      dropped.items.push(droppedCount);
      flags.items.push(flagBits);
      attributes.endRow();
      return reason;
    },

    /** The $links read since the last call are those of the row of this number; rows without any are left out. */
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
