import { describe, expect, it } from 'vitest';
import { createColumnBatch } from '../column-batch.ts';
import type { Signal } from '../types.ts';
import { exportRequests } from './schema.ts';
import { JsonToProtobuf } from './to-protobuf.ts';

const ids = '"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"';

function append(signal: Signal, text: string) {
  return createColumnBatch().append(signal, 'json', new TextEncoder().encode(text), 0);
}

const appendSpan = (members: string) => append('traces', `{"resourceSpans":[{"scopeSpans":[{"spans":[{${members}}]}]}]}`);
const appendPoint = (members: string) =>
  append(
    'metrics',
    `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","histogram":{"dataPoints":[{${members}}]}}]}]}]}`,
  );

/** The protobuf of a log record, without the lengths and tags around it. */
function recordOf(members: string): string {
  const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${members}}]}]}]}`;
  const bytes = new JsonToProtobuf().convert(new TextEncoder().encode(text), exportRequests.logs);
  return Buffer.from(bytes.subarray(15)).toString('hex');
}

describe('OTLP/JSON', () => {
  it.each([
    ['spaces and line breaks', ` \r\n\t{ "resourceSpans" : [ { } ] } \n`],
    ['a byte order mark', '\ufeff{}'],
    ['an empty request', '{}'],
    ['null for a field', '{"resourceSpans":null}'],
    ['null for a field in a message', '{"resourceSpans":[{"resource":null,"scopeSpans":null,"schemaUrl":null}]}'],
    ['unknown fields of every type', '{"a":1,"b":"}","c":[{},[]],"d":{"resourceSpans":3},"e":null,"f":true,"g":-1.5e-7}'],
    [
      'keys that name parts of every object',
      '{"__proto__":{"resourceSpans":[1]},"constructor":[],"toString":"x","hasOwnProperty":0}',
    ],
    ['keys in snake_case, which are unknown', '{"resource_spans":[1,2,3]}'],
  ])('%s: legal', (_, text) => {
    expect(append('traces', text)).toEqual({ kind: 'appended', accepted: 0, rejected: 0, reason: '' });
  });

  it.each([
    ['nothing', ''],
    ['spaces only', '  '],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['a field that should be an array', '{"resourceSpans":{}}'],
    ['a field that should be an object', '{"resourceSpans":[[]]}'],
    ['an end in the middle', '{"resourceSpans":[{'],
    ['an end inside a string', '{"resourceSp'],
    ['an end behind a backslash', '{"resourceSp\\'],
    ['something behind the end', '{}{}'],
    ['a comma too many', '{"resourceSpans":[],}'],
    ['a comma too few', '{"a":1 "b":2}'],
    ['a key without quotes', '{a:1}'],
    ['a control character in a string', '{"a":"\u0001"}'],
    ['a bracket that closes another', '{"a":[1}}'],
    ['a number that starts with 0', '{"a":01}'],
    ['a number without digits', '{"a":-}'],
    ['a number that ends with its point', '{"a":1.}'],
    ['a word that JSON does not know', '{"a":nul}'],
    ['a byte order mark in the middle', '{\ufeff}'],
  ])('%s: malformed', (_, text) => {
    expect(append('traces', text)).toEqual({ kind: 'malformed', message: expect.stringMatching(/byte \d+$/) });
  });

  it('ids are hex in any case', () => {
    expect(appendSpan(ids)).toMatchObject({ accepted: 1 });
    expect(appendSpan(ids.replace('5b8efff7', '5B8EFFf7'))).toMatchObject({ accepted: 1 });
  });

  it.each(['5b8efff798038103d269b633813fc60', '5b8efff798038103d269b633813fc6zz', 'W47/95gDgQPSabYzgT/GDA==', ''])(
    'an id that is not 16 bytes of hex rejects its span: %s',
    (traceId) => {
      expect(appendSpan(`"traceId":"${traceId}","spanId":"eee19b7ec3c1b174"`)).toMatchObject({ kind: 'appended', rejected: 1 });
    },
  );

  it.each([
    ['"timeUnixNano":"1544712660300000001"', '0901eb3af5faeb6f15'],
    ['"timeUnixNano":1544712660300000001', '0901eb3af5faeb6f15'],
    ['"timeUnixNano":1.5e3', '09dc05000000000000'],
    ['"timeUnixNano":18446744073709551615', '09ffffffffffffffff'],
    ['"timeUnixNano":-0', '090000000000000000'],
    ['"severityNumber":9', '1009'],
    ['"flags":4294967295', '45ffffffff'],
    ['"eventName":"\\u0061\\ud83d\\ude00\\ud83d\\n"', '620961f09f9880efbfbd0a'],
    ['"eventN\\u0061me":"a"', '620161'],
  ])('%s', (members, hex) => {
    expect(recordOf(members)).toBe(hex);
  });

  it.each([
    ['"intValue":"-9223372036854775808"', '1880808080808080808001'],
    ['"intValue":-1', '18ffffffffffffffffff01'],
    ['"intValue":9007199254740993', '188180808080808010'],
    ['"doubleValue":"NaN"', '21000000000000f87f'],
    ['"doubleValue":"-Infinity"', '21000000000000f0ff'],
    ['"doubleValue":1', '21000000000000f03f'],
    ['"boolValue":false', '1000'],
    ['"stringValue":""', '0a00'],
    ['"bytesValue":"AQID"', '3a03010203'],
    ['"bytesValue":"-_8="', '3a02fbff'],
    ['"bytesValue":"+\\/8"', '3a02fbff'],
  ])('a body of %s', (member, hex) => {
    expect(recordOf(`"body":{${member}}`).slice(10)).toBe(hex);
  });

  it.each([
    '"kind":"SPAN_KIND_SERVER"',
    '"flags":-1',
    '"flags":4294967296',
    '"startTimeUnixNano":"18446744073709551616"',
    '"startTimeUnixNano":-1',
    '"startTimeUnixNano":1.5',
    '"startTimeUnixNano":"1x"',
    '"startTimeUnixNano":""',
    '"startTimeUnixNano":true',
    '"name":1',
    '"name":"\\x"',
    '"name":"\\u12g4"',
    '"attributes":[{"key":"k","value":{"intValue":"9223372036854775808"}}]',
    '"attributes":[{"key":"k","value":{"boolValue":"true"}}]',
    '"attributes":[{"key":"k","value":{"bytesValue":"a*b"}}]',
    '"attributes":[{"key":"k","value":{"doubleValue":"1,5"}}]',
    '"attributes":[null]',
  ])('a span with %s: malformed', (member) => {
    expect(appendSpan(`${ids},${member}`)).toMatchObject({ kind: 'malformed' });
  });

  it('doubles in bounds and counts as strings or numbers', () => {
    expect(appendPoint('"count":"3","bucketCounts":["1",2],"explicitBounds":[0.5],"sum":"NaN","min":-1e-3')).toMatchObject({
      accepted: 1,
    });
    expect(appendPoint('"bucketCounts":[-1]')).toMatchObject({ kind: 'malformed' });
  });
});
