/** For each signal one legal request that has every field of OTLP, twice where it may be repeated. */

const value = (stringValue: string) => ({ stringValue });
const attributes = [
  { key: 's', value: value('text') },
  { key: 'i', value: { intValue: '-5' } },
  { key: 'd', value: { doubleValue: 1.5 } },
  { key: 'b', value: { boolValue: true } },
  { key: 'x', value: { bytesValue: Uint8Array.of(1, 2) } },
  { key: 'e', value: {} },
  { key: 'a', value: { arrayValue: { values: [value('x'), { intValue: '1' }] } } },
  { key: 'k', value: { kvlistValue: { values: [{ key: 'in', value: value('y') }] } } },
];
const few = attributes.slice(0, 2);
const traceId = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const spanId = Uint8Array.from({ length: 8 }, (_, i) => i + 101);
const time = '1763700000123456789';
const dropped = { droppedAttributesCount: 3 };

const resource = {
  attributes: [
    { key: 'service.name', value: value('cart') },
    { key: 'host.id', value: value('h') },
  ],
  ...dropped,
};
const scope = { name: 'scope', version: '1.2', attributes: few, ...dropped };
const schemaUrl = 'https://opentelemetry.io/schemas/1.38.0';

const event = { timeUnixNano: time, name: 'event', attributes: few, ...dropped };
const link = { traceId, spanId, traceState: 'a=b', attributes: few, ...dropped, flags: 0x101 };
const span = {
  traceId,
  spanId,
  traceState: 'c=d',
  parentSpanId: spanId,
  flags: 0x301,
  name: 'GET /cart',
  kind: 2,
  startTimeUnixNano: time,
  endTimeUnixNano: '1763700000223456789',
  attributes,
  ...dropped,
  events: [event, event],
  droppedEventsCount: 1,
  links: [link, link],
  droppedLinksCount: 2,
  status: { code: 2, message: 'failed' },
};

const logRecord = {
  timeUnixNano: time,
  observedTimeUnixNano: time,
  severityNumber: 9,
  severityText: 'INFO',
  body: value('body'),
  attributes,
  ...dropped,
  flags: 1,
  traceId,
  spanId,
  eventName: 'event',
};

const exemplar = { filteredAttributes: few, timeUnixNano: time, asDouble: 0.25, spanId, traceId };
const point = { attributes: few, startTimeUnixNano: time, timeUnixNano: time, flags: 1 };
const exemplars = [exemplar, { ...exemplar, asDouble: undefined, asInt: '7' }];
const distribution = { ...point, exemplars, count: '3', sum: 4.5, min: 1, max: 2 };
const buckets = { offset: -2, bucketCounts: ['1', '300'] };
const metric = { unit: 's', description: 'what it is', metadata: few };
const aggregationTemporality = 2;
const metrics = [
  { ...metric, name: 'gauge', gauge: { dataPoints: [{ ...point, exemplars, asInt: '-7' }] } },
  {
    ...metric,
    name: 'sum',
    sum: { dataPoints: [{ ...point, exemplars, asDouble: 7.5 }], aggregationTemporality, isMonotonic: true },
  },
  {
    ...metric,
    name: 'histogram',
    histogram: { dataPoints: [{ ...distribution, bucketCounts: ['1', '2'], explicitBounds: [1.5] }], aggregationTemporality },
  },
  {
    ...metric,
    name: 'exponential histogram',
    exponentialHistogram: {
      dataPoints: [{ ...distribution, scale: -3, zeroCount: '1', zeroThreshold: 0.5, positive: buckets, negative: buckets }],
      aggregationTemporality,
    },
  },
  {
    ...metric,
    name: 'summary',
    summary: { dataPoints: [{ ...point, count: '3', sum: 4.5, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
  },
];

/** A second resource with little in it: the first is complete when it is read. */
const other = { resource: { attributes: [{ key: 'service.name', value: value('stock') }] } };

export const everyField = {
  traces: {
    resourceSpans: [
      { resource, scopeSpans: [{ scope, spans: [span, span], schemaUrl }], schemaUrl },
      { ...other, scopeSpans: [{ spans: [{ traceId, spanId }] }] },
    ],
  },
  logs: {
    resourceLogs: [
      { resource, scopeLogs: [{ scope, logRecords: [logRecord, logRecord], schemaUrl }], schemaUrl },
      { ...other, scopeLogs: [{ logRecords: [{}] }] },
    ],
  },
  metrics: {
    resourceMetrics: [
      { resource, scopeMetrics: [{ scope, metrics, schemaUrl }], schemaUrl },
      { ...other, scopeMetrics: [{ metrics: [{ gauge: { dataPoints: [{}] } }] }] },
    ],
  },
} as const;
