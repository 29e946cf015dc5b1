import { createColumnBatch } from '@sonde/otlp';
import { afterAll, describe, expect, it } from 'vitest';
import { NativeReader } from './read-back.ts';
import { haveVectors, vector } from './vectors.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const receivedAtMs = 1_763_700_000_123;
const received_at = '1763700000123';

const resource = {
  service: 'my.service',
  namespace: '',
  environment: '',
  version: '',
  instance: '',
  host: '',
  resource_id: expect.stringMatching(/^\d+$/),
};
const scope = {
  scope_name: 'my.library',
  scope_version: '1.0.0',
  scope_attributes: [['my.scope.attribute', 'some scope attribute']],
  scope_attribute_types: 's',
  scope_dropped_attributes_count: 0,
  scope_schema_url: '',
};

const stored = { kind: 'appended', rejected: 0, reason: '' };
const resources = [
  {
    ...resource,
    attributes: [['service.name', 'my.service']],
    attribute_types: 's',
    dropped_attributes_count: 0,
    schema_url: '',
    received_at,
  },
];

const series = (metric: string, type: string, description: string, temporality: number, is_monotonic: number, key: string) => ({
  metric,
  series_id: expect.stringMatching(/^\d+$/),
  type,
  unit: '1',
  description,
  temporality,
  is_monotonic,
  metadata: [],
  metadata_types: '',
  ...resource,
  ...scope,
  attributes: [[key, 'some value']],
  attribute_types: 's',
  received_at,
});

describe.skipIf(!haveVectors())('the examples of opentelemetry-proto, field by field', () => {
  it('trace.json', () => {
    const batch = createColumnBatch();
    expect(batch.append('traces', 'json', vector('otlp/trace.json'), receivedAtMs)).toEqual({ ...stored, accepted: 1 });
    expect(reader.rows(batch)).toEqual({
      resources,
      spans: [
        {
          timestamp: '1544712660000000000',
          received_at,
          duration_ns: '1000000000',
          negative_duration_ns: '0',
          trace_id: '5b8efff798038103d269b633813fc60c',
          span_id: 'eee19b7ec3c1b174',
          parent_span_id: 'eee19b7ec3c1b173',
          trace_state: '',
          flags: 0,
          name: "I'm a server span",
          kind: 2,
          status_code: 0,
          status_message: '',
          ...resource,
          ...scope,
          attributes: [['my.span.attr', 'some value']],
          attribute_types: 's',
          dropped_attributes_count: 0,
          events_timestamp: [],
          events_name: [],
          events_attributes: [],
          events_attribute_types: [],
          events_dropped_attributes_count: [],
          dropped_events_count: 0,
          links_trace_id: [],
          links_span_id: [],
          links_trace_state: [],
          links_attributes: [],
          links_attribute_types: [],
          links_dropped_attributes_count: [],
          links_flags: [],
          dropped_links_count: 0,
          http_request_method: '',
          http_route: '',
          http_status_code: 0,
          server_address: '',
          server_port: 0,
          db_system: '',
          db_namespace: '',
          db_operation: '',
          db_collection: '',
          messaging_system: '',
          messaging_destination: '',
        },
      ],
    });
  });

  it('logs.json', () => {
    const batch = createColumnBatch();
    expect(batch.append('logs', 'json', vector('otlp/logs.json'), receivedAtMs)).toEqual({ ...stored, accepted: 1 });
    expect(reader.rows(batch)).toEqual({
      resources,
      logs: [
        {
          timestamp: '1544712660300000000',
          observed_timestamp: '1544712660300000000',
          received_at,
          trace_id: '5b8efff798038103d269b633813fc60c',
          span_id: 'eee19b7ec3c1b174',
          flags: 0,
          severity_number: 10,
          severity_text: 'Information',
          event_name: '',
          body: 'Example log record',
          body_type: 's',
          ...resource,
          ...scope,
          attributes: [
            ['string.attribute', 'some string'],
            ['boolean.attribute', 'true'],
            ['int.attribute', '10'],
            ['double.attribute', '637.704'],
            ['array.attribute', '["many","values"]'],
            ['map.attribute', '{"some.map.key":"some value"}'],
          ],
          attribute_types: 'sbidjj',
          dropped_attributes_count: 0,
        },
      ],
    });
  });

  it('events.json', () => {
    const batch = createColumnBatch();
    expect(batch.append('logs', 'json', vector('otlp/events.json'), receivedAtMs)).toEqual({ ...stored, accepted: 1 });
    expect(reader.rows(batch)).toEqual({
      resources,
      logs: [
        {
          timestamp: '1544712660300000000',
          observed_timestamp: '1544712660300000000',
          received_at,
          trace_id: '00000000000000000000000000000000',
          span_id: '0000000000000000',
          flags: 0,
          severity_number: 9,
          severity_text: 'test severity text',
          event_name: 'browser.page_view',
          body:
            '{"type":0,"url":"https://www.guidgenerator.com/online-guid-generator.aspx",' +
            '"referrer":"https://wwww.google.com","title":"Free Online GUID Generator"}',
          body_type: 'j',
          ...resource,
          ...scope,
          attributes: [['event.attribute', 'some event attribute']],
          attribute_types: 's',
          dropped_attributes_count: 0,
        },
      ],
    });
  });

  it('metrics.json', () => {
    const batch = createColumnBatch();
    expect(batch.append('metrics', 'json', vector('otlp/metrics.json'), receivedAtMs)).toEqual({ ...stored, accepted: 4 });
    const rows = reader.rows(batch);
    expect(rows.metric_series).toEqual([
      series('my.counter', 'sum', 'I am a Counter', 1, 1, 'my.counter.attr'),
      series('my.gauge', 'gauge', 'I am a Gauge', 0, 0, 'my.gauge.attr'),
      series('my.histogram', 'histogram', 'I am a Histogram', 1, 0, 'my.histogram.attr'),
      series(
        'my.exponential.histogram',
        'exponential_histogram',
        'I am an Exponential Histogram',
        1,
        0,
        'my.exponential.histogram.attr',
      ),
    ]);
    const point = (i: number, start_timestamp: string) => ({
      metric: rows.metric_series?.[i]?.['metric'],
      series_id: rows.metric_series?.[i]?.['series_id'],
      timestamp: '1544712660300000000',
      start_timestamp,
      received_at,
      flags: 0,
    });
    const started = '1544712660300000000';
    expect(new Set(rows.metric_series?.map((row) => row['series_id'])).size).toBe(4);
    expect(rows).toEqual({
      resources,
      metric_series: rows.metric_series,
      metric_samples: [
        { ...point(0, started), value: 5, value_int: '0', value_kind: 1 },
        { ...point(1, '0'), value: 10, value_int: '0', value_kind: 1 },
      ],
      metric_histograms: [
        { ...point(2, started), count: '2', sum: 2, min: 0, max: 2, explicit_bounds: [1], bucket_counts: ['1', '1'] },
      ],
      metric_exponential_histograms: [
        {
          ...point(3, started),
          count: '3',
          sum: 10,
          min: 0,
          max: 5,
          scale: 0,
          zero_count: '1',
          zero_threshold: 0,
          positive_offset: 1,
          positive_bucket_counts: ['0', '2'],
          negative_offset: 0,
          negative_bucket_counts: [],
        },
      ],
    });
  });
});
