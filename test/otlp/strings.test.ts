import { createColumnBatch, type Encoding } from '@sonde/otlp';
import { afterAll, describe, expect, it } from 'vitest';
import { requests } from './otlp-proto.ts';
import { NativeReader, type Row } from './read-back.ts';
import { toOtlpJson } from './to-otlp-json.ts';
import { haveVectors, vector } from './vectors.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const attribute = (text: string) => ({ key: text, value: { stringValue: text } });
const nested = (text: string) => ({ kvlistValue: { values: [attribute(text)] } });
const encodings = ['protobuf', 'json'] as const;

function append(signal: 'traces' | 'logs' | 'metrics', encoding: Encoding, request: object): Partial<Record<string, Row[]>> {
  const batch = createColumnBatch();
  const body =
    encoding === 'json'
      ? Buffer.from(toOtlpJson(request, false))
      : requests[signal].encode(requests[signal].fromObject(request)).finish();
  expect(batch.append(signal, encoding, Uint8Array.from(body), 0)).toMatchObject({ kind: 'appended', rejected: 0 });
  return reader.rows(batch);
}

describe.skipIf(!haveVectors())('naughty strings come back as they were sent', () => {
  const strings: string[] = haveVectors() ? JSON.parse(vector('strings/blns.json').toString('utf8')) : [];
  const pairs = strings.map((text) => [[text, text]]);

  it.each(encodings)('in every place of a span, by %s', (encoding) => {
    const rows = append('traces', encoding, {
      resourceSpans: strings.map((text) => ({
        resource: { attributes: [attribute(text), { key: 'service.name', value: { stringValue: text } }] },
        schemaUrl: text,
        scopeSpans: [
          {
            scope: { name: text, version: text, attributes: [attribute(text)] },
            schemaUrl: text,
            spans: [
              {
                traceId: new Uint8Array(16).fill(1),
                spanId: new Uint8Array(8).fill(1),
                traceState: text,
                name: text,
                attributes: [attribute(text)],
                events: [{ name: text, attributes: [attribute(text)] }],
                links: [{ traceState: text, attributes: [attribute(text)] }],
                status: { message: text },
              },
            ],
          },
        ],
      })),
    });
    const spans = rows['spans'] ?? [];
    for (const column of ['name', 'trace_state', 'status_message', 'scope_name', 'scope_version', 'scope_schema_url']) {
      expect(
        spans.map((row) => row[column]),
        column,
      ).toEqual(strings);
    }
    for (const column of ['attributes', 'scope_attributes'])
      expect(
        spans.map((row) => row[column]),
        column,
      ).toEqual(pairs);
    expect(spans.map((row) => row['events_name'])).toEqual(strings.map((text) => [text]));
    expect(spans.map((row) => row['events_attributes'])).toEqual(pairs.map((pair) => [pair]));
    expect(spans.map((row) => row['links_attributes'])).toEqual(pairs.map((pair) => [pair]));
    expect(spans.map((row) => row['service'])).toEqual(strings.map((text) => text || 'unknown_service'));
    expect(rows['resources']?.map((row) => row['schema_url'])).toEqual([...new Set(strings)]);
  });

  it.each(encodings)('in every place of a log record, by %s', (encoding) => {
    const rows = append('logs', encoding, {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: strings.flatMap((text) => [
                { body: { stringValue: text }, severityText: text, eventName: text, attributes: [attribute(text)] },
                { body: nested(text) },
              ]),
            },
          ],
        },
      ],
    });
    const plain = rows['logs']?.filter((row) => row['body_type'] === 's') ?? [];
    const structured = rows['logs']?.filter((row) => row['body_type'] === 'j') ?? [];
    for (const column of ['body', 'severity_text', 'event_name'])
      expect(
        plain.map((row) => row[column]),
        column,
      ).toEqual(strings);
    expect(plain.map((row) => row['attributes'])).toEqual(pairs);
    expect(structured.map((row) => Object.entries(JSON.parse(String(row['body']))))).toEqual(pairs);
  });

  it.each(encodings)('in every place of a metric, by %s', (encoding) => {
    const rows = append('metrics', encoding, {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: strings.map((text) => ({
                name: text,
                unit: text,
                description: text,
                metadata: [attribute(text)],
                gauge: {
                  dataPoints: [
                    { asInt: '1', attributes: [attribute(text)], exemplars: [{ filteredAttributes: [attribute(text)] }] },
                  ],
                },
              })),
            },
          ],
        },
      ],
    });
    const series = rows['metric_series'] ?? [];
    const distinct = [...new Set(strings)];
    for (const column of ['metric', 'unit', 'description'])
      expect(
        series.map((row) => row[column]),
        column,
      ).toEqual(distinct);
    for (const column of ['attributes', 'metadata']) {
      expect(
        series.map((row) => row[column]),
        column,
      ).toEqual(distinct.map((text) => [[text, text]]));
    }
    expect(rows['metric_samples']?.map((row) => row['metric'])).toEqual(strings);
    expect(rows['metric_exemplars']?.map((row) => row['filtered_attributes'])).toEqual(pairs);
  });
});

it('bytes that are not UTF-8 become U+FFFD, each bad sequence one, and the row stays', () => {
  const batch = createColumnBatch();
  // Log record: body { stringValue: 'a' 0xff 'b' 0xc3 }, event name the same.
  const bad = [0x61, 0xff, 0x62, 0xc3];
  const record = [0x2a, 0x06, 0x0a, 0x04, ...bad, 0x62, 0x04, ...bad];
  const scope = [0x12, record.length, ...record];
  const group = [0x12, scope.length, ...scope];
  expect(batch.append('logs', 'protobuf', Uint8Array.from([0x0a, group.length, ...group]), 0)).toMatchObject({ accepted: 1 });
  const row = reader.rows(batch).logs?.[0];
  expect([row?.['body'], row?.['event_name']]).toEqual(['a\ufffdb\ufffd', 'a\ufffdb\ufffd']);
});

it('keys of a megabyte, empty keys and duplicate keys are stored', () => {
  const long = 'k'.repeat(1_000_000);
  const keys = [long, '', 'same', 'same', '__proto__'];
  const attributes = keys.map((key, i) => ({ key, value: { intValue: String(i) } }));
  const span = { traceId: new Uint8Array(16).fill(1), spanId: new Uint8Array(8).fill(1), attributes };
  for (const encoding of encodings) {
    const rows = append('traces', encoding, { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    expect(rows['spans']?.[0]?.['attributes']).toEqual(keys.map((key, i) => [key, String(i)]));
    expect(rows['spans']?.[0]?.['attribute_types']).toBe('iiiii');
  }
});
