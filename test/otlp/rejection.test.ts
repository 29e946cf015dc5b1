import { createColumnBatch, type Encoding, limits, type Signal } from '@sonde/otlp';
import { afterAll, describe, expect, it } from 'vitest';
import { requests } from './otlp-proto.ts';
import { NativeReader } from './read-back.ts';
import { toOtlpJson } from './to-otlp-json.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const encodings = ['protobuf', 'json'] as const;
const traceId = new Uint8Array(16).fill(1);
const spanId = new Uint8Array(8).fill(2);
const tooLate = String(2n ** 63n);

function append(signal: Signal, encoding: Encoding, request: object) {
  const batch = createColumnBatch();
  const type = requests[signal];
  const body = encoding === 'json' ? Buffer.from(toOtlpJson(request, false)) : type.encode(type.fromObject(request)).finish();
  const outcome = batch.append(signal, encoding, Uint8Array.from(body), 0);
  return { outcome, rows: reader.rows(batch) };
}

/** A legal span with something in every column that varies in length: what a rejected neighbour might have left its traces in. */
const neighbour = (name: string) => ({
  traceId,
  spanId,
  name,
  attributes: [{ key: 'own', value: { intValue: '1' } }],
  events: [{ name: 'event', attributes: [{ key: 'of event', value: { boolValue: true } }] }],
  links: [{ traceId, spanId, traceState: 'a=b', attributes: [{ key: 'of link', value: { doubleValue: 0.5 } }] }],
});
const storedNeighbour = {
  attributes: [['own', '1']],
  attribute_types: 'i',
  events_name: ['event'],
  events_attributes: [[['of event', 'true']]],
  events_attribute_types: ['b'],
  links_trace_id: ['01'.repeat(16)],
  links_span_id: ['02'.repeat(8)],
  links_trace_state: ['a=b'],
  links_attributes: [[['of link', '0.5']]],
  links_attribute_types: ['d'],
};

const ofSpans = (spans: object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const ofLogs = (logRecords: object[]) => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
const ofPoints = (dataPoints: object[]) => ({
  resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints } }] }] }],
});

/** A value with so many arrays around a string. */
function nested(levels: number): object {
  return levels === 0 ? { stringValue: 'x' } : { arrayValue: { values: [nested(levels - 1)] } };
}

describe.each(encodings)(
  'by %s, an item that cannot be stored is rejected with a reason and its neighbours are stored',
  (encoding) => {
    it.each([
      ['no trace id', { traceId: new Uint8Array(0) }, 'trace_id'],
      ['a trace id of zeros', { traceId: new Uint8Array(16), spanId }, 'trace_id'],
      ['a trace id of 8 bytes', { traceId: spanId, spanId }, 'trace_id'],
      ['a trace id of 17 bytes', { traceId: new Uint8Array(17).fill(1), spanId }, 'trace_id'],
      ['no span id', { spanId: new Uint8Array(0) }, 'span_id'],
      ['a span id of zeros', { traceId, spanId: new Uint8Array(8) }, 'span_id'],
      ['a span id of 16 bytes', { traceId, spanId: traceId }, 'span_id'],
      ['a parent id of 4 bytes', { traceId, spanId, parentSpanId: new Uint8Array(4).fill(1) }, 'parent_span_id'],
      ['a link with a trace id of 4 bytes', { traceId, spanId, links: [{ traceId: new Uint8Array(4) }] }, 'link'],
      ['a start beyond 2262', { traceId, spanId, startTimeUnixNano: tooLate }, '2262'],
      ['an end beyond 2262', { traceId, spanId, endTimeUnixNano: tooLate }, '2262'],
      ['an event beyond 2262', { traceId, spanId, events: [{ timeUnixNano: tooLate }] }, '2262'],
      [
        'an attribute too deep',
        { traceId, spanId, attributes: [{ key: 'k', value: nested(limits.valueDepthMax + 1) }] },
        'nested deeper',
      ],
      [
        'an event attribute too deep',
        { traceId, spanId, events: [{ attributes: [{ key: 'k', value: nested(51) }] }] },
        'nested deeper',
      ],
    ])('a span with %s', (_, wrong, reason) => {
      const filled = { ...neighbour('wrong'), ...wrong };
      const { outcome, rows } = append('traces', encoding, ofSpans([neighbour('before'), filled, neighbour('after')]));
      expect(outcome).toEqual({ kind: 'appended', accepted: 2, rejected: 1, reason: expect.stringContaining(reason) });
      expect(rows.spans).toMatchObject([
        { name: 'before', ...storedNeighbour },
        { name: 'after', ...storedNeighbour },
      ]);
    });

    it.each([
      ['a time beyond 2262', { timeUnixNano: tooLate }, '2262'],
      ['an observed time beyond 2262', { observedTimeUnixNano: tooLate }, '2262'],
      ['a body too deep', { body: nested(limits.valueDepthMax + 1) }, 'nested deeper'],
    ])('a log record with %s', (_, wrong, reason) => {
      const { outcome, rows } = append('logs', encoding, ofLogs([{ eventName: 'before' }, wrong, { eventName: 'after' }]));
      expect(outcome).toEqual({ kind: 'appended', accepted: 2, rejected: 1, reason: expect.stringContaining(reason) });
      expect(rows.logs?.map(({ event_name }) => event_name)).toEqual(['before', 'after']);
    });

    it.each([
      ['a time beyond 2262', { timeUnixNano: tooLate }, '2262'],
      [
        'an exemplar beyond 2262 among others',
        { exemplars: [{ asInt: '1' }, { timeUnixNano: tooLate }, { asInt: '2' }] },
        '2262',
      ],
      ['an attribute too deep', { attributes: [{ key: 'k', value: nested(51) }] }, 'nested deeper'],
    ])('a data point with %s', (_, wrong, reason) => {
      const { outcome, rows } = append(
        'metrics',
        encoding,
        ofPoints([{ asInt: '1', exemplars: [{ asInt: '3' }] }, wrong, { asInt: '2' }]),
      );
      expect(outcome).toEqual({ kind: 'appended', accepted: 2, rejected: 1, reason: expect.stringContaining(reason) });
      expect(rows.metric_samples?.map((row) => row['value_int'])).toEqual(['1', '2']);
      expect(rows.metric_exemplars?.map((row) => row['value_int'])).toEqual(['3']);
      expect(rows.metric_series).toHaveLength(1);
    });

    it('ids of a wrong length on a log record or exemplar count as absent', () => {
      const { rows: logs } = append(
        'logs',
        encoding,
        ofLogs([
          { traceId: spanId, spanId: traceId },
          { traceId, spanId },
        ]),
      );
      expect(logs.logs).toMatchObject([
        { trace_id: '0'.repeat(32), span_id: '0'.repeat(16) },
        { trace_id: '01'.repeat(16), span_id: '02'.repeat(8) },
      ]);
      const { rows: points } = append('metrics', encoding, ofPoints([{ exemplars: [{ traceId: spanId, spanId }] }]));
      expect(points.metric_exemplars).toMatchObject([{ trace_id: '0'.repeat(32), span_id: '02'.repeat(8) }]);
    });

    it('a value as deep as the limit is stored', () => {
      const { outcome, rows } = append('logs', encoding, ofLogs([{ body: nested(limits.valueDepthMax) }]));
      expect(outcome).toMatchObject({ accepted: 1 });
      expect(rows.logs?.[0]?.['body']).toBe(`${'['.repeat(50)}"x"${']'.repeat(50)}`);
    });

    it('a resource or scope that is nested too deep takes its items with it, and no others', () => {
      const attributes = [{ key: 'k', value: nested(51) }];
      const spans = [
        { traceId, spanId },
        { traceId, spanId },
      ];
      const { outcome, rows } = append('traces', encoding, {
        resourceSpans: [
          { resource: { attributes }, scopeSpans: [{ spans }] },
          {
            scopeSpans: [
              { scope: { attributes }, spans },
              { scope: { name: 'kept' }, spans },
            ],
          },
        ],
      });
      expect(outcome).toMatchObject({ accepted: 2, rejected: 4 });
      expect(rows.spans?.map((row) => [row['scope_name'], row['scope_attributes']])).toEqual([
        ['kept', []],
        ['kept', []],
      ]);
      expect(rows.resources).toHaveLength(1);
    });

    it('a span that ends before it starts lasts 0, and the gap is kept', () => {
      const { rows } = append(
        'traces',
        encoding,
        ofSpans([{ traceId, spanId, startTimeUnixNano: '5000000000', endTimeUnixNano: '4999999999' }]),
      );
      expect(rows.spans).toMatchObject([{ duration_ns: '0', negative_duration_ns: '1' }]);
    });
  },
);

it.each([1_000, 100_000])('%i levels of JSON reject one item and not its neighbours', (levels) => {
  const deep = `${'{"arrayValue":{"values":['.repeat(levels)}{"stringValue":"x"}${']}}'.repeat(levels)}`;
  const batch = createColumnBatch();
  const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${deep}},{"eventName":"after"}]}]}]}`;
  expect(batch.append('logs', 'json', Buffer.from(body), 0)).toMatchObject({ accepted: 1, rejected: 1 });
});

it.each([1_000, 100_000])('%i levels in an unknown JSON field are ignored', (levels) => {
  const deep = `${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`;
  const body = `{"new":${deep},"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}`;
  expect(createColumnBatch().append('logs', 'json', Buffer.from(body), 0)).toMatchObject({ accepted: 1, rejected: 0 });
});

it('1,000 levels of protobuf reject one item and not its neighbours', () => {
  const batch = createColumnBatch();
  const { logs } = requests;
  const body = logs.encode(logs.fromObject(ofLogs([{ body: nested(1_000) }, { eventName: 'after' }]))).finish();
  expect(batch.append('logs', 'protobuf', body, 0)).toMatchObject({ accepted: 1, rejected: 1 });
});
