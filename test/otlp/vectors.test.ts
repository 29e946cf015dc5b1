import { createColumnBatch } from '@sonde/otlp';
import { afterAll, describe, expect, it } from 'vitest';
import { NativeReader } from './read-back.ts';
import { haveVectors, vector } from './vectors.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

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

describe.skipIf(!haveVectors())('the examples of opentelemetry-proto, field by field', () => {
  it('trace.json', () => {
    const batch = createColumnBatch();
    expect(batch.append('traces', 'json', vector('otlp/trace.json'), 1_763_700_000_123)).toEqual({
      kind: 'appended',
      accepted: 1,
      rejected: 0,
      reason: '',
    });
    expect(reader.rows(batch)).toEqual({
      resources: [
        {
          ...resource,
          attributes: [['service.name', 'my.service']],
          attribute_types: 's',
          dropped_attributes_count: 0,
          schema_url: '',
          received_at: '1763700000123',
        },
      ],
      spans: [
        {
          timestamp: '1544712660000000000',
          received_at: '1763700000123',
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
        },
      ],
    });
  });
});
