import { AttributeWriter } from '../attributes/attribute-writer.ts';
import { enumByte } from '../enums.ts';
import type { Context, ItemDecoder } from '../envelope.ts';
import { isZero } from '../ids.ts';
import type { UInt32Column } from '../native/fixed-width.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';
import { createEventDecoder } from './events.ts';
import { createLinkDecoder } from './links.ts';
import { PromotedColumns } from './promoted.ts';
import { reasons } from '../tally.ts';

/** Span (opentelemetry/proto/trace/v1/trace.proto): number << 3 | wire type. */
const field = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  startTime: 0x39,
  endTime: 0x41,
  attributes: 0x4a,
  droppedAttributesCount: 0x50,
  events: 0x5a,
  droppedEventsCount: 0x60,
  links: 0x6a,
  droppedLinksCount: 0x70,
  status: 0x7a,
  flags: 0x85,
} as const;

const statusField = { message: 0x12, code: 0x18 } as const;

function pushAt(column: UInt32Column, row: number, value: number): void {
  column.padTo(row);
  column.push(value);
}

/**
 * Spans into their table. What varies in length goes into its column while the span is read; what has one value is kept in locals until
 * the whole span is known to be legal; what most spans do not have is written only for those that do. A span that is not is taken out of the columns again, and its neighbours never notice.
 */
export function createSpanDecoder(table: Table<'spans'>): ItemDecoder {
  const { columns } = table;
  const attributes = new AttributeWriter(columns.attributes, columns.attribute_types);
  const promoted = new PromotedColumns(table);
  const events = createEventDecoder(columns);
  const links = createLinkDecoder(columns);
  const durations = columns.duration_ns;
  const negativeDurations = columns.negative_duration_ns;
  let statusCode = 0;
  let messageStart = 0;
  let messageEnd = 0;

  function readStatus(reader: Reader, end: number): void {
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === statusField.message) {
        messageEnd = reader.delimited();
        messageStart = reader.pos;
        reader.pos = messageEnd;
      } else if (tag === statusField.code) statusCode = reader.varint32();
      else reader.skip(tag);
    }
    reader.finish(end);
  }

  function pushDuration(row: number, startLow: number, startHigh: number, endLow: number, endHigh: number): void {
    const negative = endHigh < startHigh || (endHigh === startHigh && endLow < startLow);
    const low = negative ? startLow - endLow : endLow - startLow;
    const high = (negative ? startHigh - endHigh : endHigh - startHigh) - (low < 0 ? 1 : 0);
    if (negative) {
      durations.push(0, 0);
      negativeDurations.padTo(row);
      negativeDurations.push(low, high);
    } else durations.push(low, high);
  }

  function abandon(): void {
    attributes.abandonRow();
    promoted.abandonRow();
    events.abandonRow();
    links.abandonRow();
  }

  function decode(reader: Reader, end: number, context: Context): void {
    const { tally } = context;
    let reason = context.refusal;
    let elements = context.elementsPerRow;
    let traceId = 0;
    let traceIdEnd = 0;
    let spanId = 0;
    let spanIdEnd = 0;
    let parentId = 0;
    let parentIdEnd = 0;
    let stateStart = 0;
    let stateEnd = 0;
    let nameStart = 0;
    let nameEnd = 0;
    let kind = 0;
    let startLow = 0;
    let startHigh = 0;
    let endLow = 0;
    let endHigh = 0;
    let droppedAttributes = 0;
    let droppedEvents = 0;
    let droppedLinks = 0;
    let flags = 0;
    statusCode = 0;
    messageStart = 0;
    messageEnd = 0;

    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case field.traceId:
          traceIdEnd = reader.delimited();
          traceId = reader.pos;
          reader.pos = traceIdEnd;
          break;
        case field.spanId:
          spanIdEnd = reader.delimited();
          spanId = reader.pos;
          reader.pos = spanIdEnd;
          break;
        case field.traceState:
          stateEnd = reader.delimited();
          stateStart = reader.pos;
          reader.pos = stateEnd;
          break;
        case field.parentSpanId:
          parentIdEnd = reader.delimited();
          parentId = reader.pos;
          reader.pos = parentIdEnd;
          break;
        case field.name:
          nameEnd = reader.delimited();
          nameStart = reader.pos;
          reader.pos = nameEnd;
          break;
        case field.kind:
          kind = reader.varint32();
          break;
        case field.startTime:
          reader.fixed64();
          startLow = reader.low;
          startHigh = reader.high;
          break;
        case field.endTime:
          reader.fixed64();
          endLow = reader.low;
          endHigh = reader.high;
          break;
        case field.attributes:
          if (!attributes.append(reader, reader.delimited())) reason ||= reasons.tooDeep;
          promoted.note(attributes.lastKey);
          break;
        case field.droppedAttributesCount:
          droppedAttributes = reader.varint32();
          break;
        case field.events: {
          const stop = reader.delimited();
          if (++elements <= tally.elementsLeft) reason = events.decode(reader, stop) || reason;
          else reader.pos = stop;
          break;
        }
        case field.droppedEventsCount:
          droppedEvents = reader.varint32();
          break;
        case field.links: {
          const stop = reader.delimited();
          if (++elements <= tally.elementsLeft) reason = links.decode(reader, stop) || reason;
          else reader.pos = stop;
          break;
        }
        case field.droppedLinksCount:
          droppedLinks = reader.varint32();
          break;
        case field.status:
          readStatus(reader, reader.delimited());
          break;
        case field.flags:
          flags = reader.fixed32();
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.finish(end);

    const { view } = reader;
    if (traceIdEnd - traceId !== 16 || isZero(view, traceId, traceIdEnd)) reason ||= reasons.traceId;
    if (spanIdEnd - spanId !== 8 || isZero(view, spanId, spanIdEnd)) reason ||= reasons.spanId;
    if (parentIdEnd !== parentId && parentIdEnd - parentId !== 8) reason ||= reasons.parentSpanId;
    if (startHigh > 0x7fffffff || endHigh > 0x7fffffff) reason ||= reasons.timeRange;
    if (elements > tally.elementsLeft) reason ||= reasons.tooManyElements;
    if (reason !== '') {
      abandon();
      return tally.reject(reason);
    }

    tally.accepted++;
    tally.elementsLeft -= elements;
    const row = columns.timestamp.rows;
    columns.timestamp.push(startLow, startHigh);
    pushDuration(row, startLow, startHigh, endLow, endHigh);
    columns.trace_id.push(view, traceId);
    columns.span_id.push(view, spanId);
    if (parentIdEnd === parentId) columns.parent_span_id.pushZero();
    else columns.parent_span_id.push(view, parentId);
    columns.name.push(view, nameStart, nameEnd);
    columns.kind.push(enumByte(kind));
    columns.flags.push(flags);
    columns.status_code.push(enumByte(statusCode));
    if (stateEnd !== stateStart) {
      columns.trace_state.padTo(row);
      columns.trace_state.push(view, stateStart, stateEnd);
    }
    if (messageEnd !== messageStart) {
      columns.status_message.padTo(row);
      columns.status_message.push(view, messageStart, messageEnd);
    }
    promoted.endRow(row);
    attributes.endRow();
    events.endRow(row);
    links.endRow(row);
    if (droppedAttributes !== 0) pushAt(columns.dropped_attributes_count, row, droppedAttributes);
    if (droppedEvents !== 0) pushAt(columns.dropped_events_count, row, droppedEvents);
    if (droppedLinks !== 0) pushAt(columns.dropped_links_count, row, droppedLinks);
  }

  return { needsScopeFingerprint: false, decode, abandon };
}
