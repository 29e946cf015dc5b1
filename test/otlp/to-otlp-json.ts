/**
 * OTLP/JSON of a message as protobufjs's `toObject` gives it with `longs: String`: ids in hex, other bytes in base64, 64-bit integers
 * as strings or as bare numbers.
 *
 * @param bareIntegers write 64-bit integers as numbers, with all of their digits
 */
export function toOtlpJson(message: unknown, bareIntegers: boolean): string {
  return text(message, '', bareIntegers);
}

const longFields = /^(intValue|asInt|count|zeroCount|bucketCounts|.*UnixNano)$/;
const idFields = /^(traceId|spanId|parentSpanId)$/;

function text(value: unknown, field: string, bareIntegers: boolean): string {
  if (Array.isArray(value)) return `[${value.map((element) => text(element, field, bareIntegers)).join(', ')}]`;
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString(idFields.test(field) ? 'hex' : 'base64'));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${text(member, key, bareIntegers)}`);
    return `{${members.join(',\n')}}`;
  }
  if (typeof value === 'string' && bareIntegers && longFields.test(field)) return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return `"${value}"`;
    return Object.is(value, -0) ? '-0' : String(value);
  }
  return JSON.stringify(value);
}
