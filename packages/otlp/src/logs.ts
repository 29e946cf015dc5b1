import { AttributeWriter } from './attributes/attribute-writer.ts';
import { enumByte } from './enums.ts';
import type { Context, ItemDecoder } from './envelope.ts';
import { pushOptionalId } from './ids.ts';
import { ByteBuffer } from './native/byte-buffer.ts';
import type { Table } from './native/table.ts';
import type { Reader } from './protobuf/reader.ts';
import { reasons } from './tally.ts';
import { pushValue } from './attributes/value-column.ts';
import { kinds, tooDeep } from './attributes/value-text.ts';

/** LogRecord (opentelemetry/proto/logs/v1/logs.proto): number << 3 | wire type. */
const field = {
  time: 0x09,
  severityNumber: 0x10,
  severityText: 0x1a,
  body: 0x2a,
  attributes: 0x32,
  droppedAttributesCount: 0x38,
  flags: 0x45,
  traceId: 0x4a,
  spanId: 0x52,
  observedTime: 0x59,
  eventName: 0x62,
} as const;

/** Log records into their table; as with spans, only a record that is legal as a whole leaves anything there. */
export function createLogDecoder(table: Table<'logs'>): ItemDecoder {
  const { columns } = table;
  const attributes = new AttributeWriter(columns.attributes, columns.attribute_types);
  const letter = new ByteBuffer();

  function abandon(): void {
    attributes.abandonRow();
    columns.body.truncate(columns.timestamp.rows);
  }

  function decode(reader: Reader, end: number, context: Context): void {
    const { tally } = context;
    let reason = context.refusal;
    let timeLow = 0;
    let timeHigh = 0;
    let observedLow = 0;
    let observedHigh = 0;
    let severityNumber = 0;
    let severityStart = 0;
    let severityEnd = 0;
    let eventStart = 0;
    let eventEnd = 0;
    let bodyStart = end;
    let bodyEnd = end;
    let droppedAttributes = 0;
    let flags = 0;
    let traceId = 0;
    let traceIdEnd = 0;
    let spanId = 0;
    let spanIdEnd = 0;

    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case field.time:
          reader.fixed64();
          timeLow = reader.low;
          timeHigh = reader.high;
          break;
        case field.observedTime:
          reader.fixed64();
          observedLow = reader.low;
          observedHigh = reader.high;
          break;
        case field.severityNumber:
          severityNumber = reader.varint32();
          break;
        case field.severityText:
          severityEnd = reader.delimited();
          severityStart = reader.pos;
          reader.pos = severityEnd;
          break;
        case field.body:
          bodyEnd = reader.delimited();
          bodyStart = reader.pos;
          reader.pos = bodyEnd;
          break;
        case field.attributes:
          if (!attributes.append(reader, reader.delimited())) reason ||= reasons.tooDeep;
          break;
        case field.droppedAttributesCount:
          droppedAttributes = reader.varint32();
          break;
        case field.flags:
          flags = reader.fixed32();
          break;
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
        case field.eventName:
          eventEnd = reader.delimited();
          eventStart = reader.pos;
          reader.pos = eventEnd;
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.finish(end);

    if (timeHigh > 0x7fffffff || observedHigh > 0x7fffffff) reason ||= reasons.timeRange;
    if (context.elementsPerRow > tally.elementsLeft) reason ||= reasons.tooManyElements;
    let bodyKind: number = kinds.empty;
    if (reason === '') {
      reader.pos = bodyStart;
      bodyKind = pushValue(columns.body, reader, bodyEnd);
      reader.pos = end;
      if (bodyKind === tooDeep) reason = reasons.tooDeep;
    }
    if (reason !== '') {
      abandon();
      return tally.reject(reason);
    }

    tally.accepted++;
    tally.elementsLeft -= context.elementsPerRow;
    const { view } = reader;
    columns.timestamp.push(timeLow, timeHigh);
    columns.observed_timestamp.push(observedLow, observedHigh);
    pushOptionalId(columns.trace_id, view, traceId, traceIdEnd);
    pushOptionalId(columns.span_id, view, spanId, spanIdEnd);
    columns.flags.push(flags);
    columns.severity_number.push(enumByte(severityNumber));
    columns.severity_text.push(view, severityStart, severityEnd);
    columns.event_name.push(view, eventStart, eventEnd);
    letter.length = 0;
    letter.byte(bodyKind);
    columns.body_type.push(letter.view, 0, 1);
    attributes.endRow();
    columns.dropped_attributes_count.push(droppedAttributes);
  }

  return { needsScopeFingerprint: false, decode, abandon };
}
