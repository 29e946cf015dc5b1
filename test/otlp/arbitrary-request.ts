import type { Signal } from '@sonde/otlp';
import fc from 'fast-check';
import { longOf } from './otlp-proto.ts';

/** Requests of any legal content, as protobufjs encodes them; some items in them are to be rejected. */

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('service.name', 'host.name', '__proto__', 'constructor', '"\\\u0000\u001f', '\ufeff', '😀'),
);
/** Few names, so that dictionaries and series see the same twice. */
const name = fc.oneof(fc.constantFrom('', 'a', 'GET /cart', 'http.server.request.duration'), text);
const uint64 = fc
  .oneof(
    fc.constantFrom(0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n),
    fc.bigInt(0n, 2n ** 63n - 1n),
  )
  .map((value) => longOf(value, true));
const wideUint64 = fc.bigInt(0n, 2n ** 64n - 1n).map((value) => longOf(value, true));
const int64 = fc
  .oneof(
    fc.constantFrom(0n, -1n, 2n ** 31n, -(2n ** 31n), 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  )
  .map((value) => longOf(value, false));
/** Mostly legal; some lie beyond what can be stored. */
const time = fc.oneof({ weight: 30, arbitrary: uint64 }, { weight: 1, arbitrary: fc.constant(longOf(2n ** 63n, true)) });
const double = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, 1e21, 1.7976931348623157e308),
);
const uint32 = fc.nat(0xffffffff);
const int32 = fc.integer();
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const id = (length: number) =>
  fc.oneof(
    { weight: 40, arbitrary: bytes(length) },
    { weight: 1, arbitrary: fc.constant(new Uint8Array(length)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  );
const optionalId = (length: number) => fc.oneof(id(length), fc.constant(new Uint8Array(0)));

const { value: anyValue } = fc.letrec<{ value: object; pair: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ stringValue: text }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: double }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 9 }) }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('pair'), { maxLength: 3 }) }) }),
  ),
  pair: fc.record({ key: text, value: tie('value') }, { requiredKeys: [] }),
}));
const attributes = fc.array(fc.record({ key: name, value: anyValue }, { requiredKeys: [] }), { maxLength: 5 });

/** Those that fill a column of their own, of which several fill the same one. */
const promotedKeys =
  'http.request.method http.method http.route http.response.status_code http.status_code server.address net.peer.name server.port net.peer.port db.system.name db.system db.namespace db.name db.operation db.operation.name db.collection.name db.sql.table db.mongodb.collection messaging.system messaging.destination.name messaging.destination'.split(
    ' ',
  );
const promotedAttributes = fc.array(
  fc.record({
    key: fc.constantFrom(...promotedKeys),
    value: fc.oneof(
      anyValue,
      fc.record({ intValue: fc.constantFrom('0', '200', '65535', '65536', '-1', '99999999999') }),
      fc.record({ stringValue: fc.constantFrom('', '200', '0404', '65536', ' 5', 'GET') }),
    ),
  }),
  { maxLength: 6 },
);

const event = fc.record({ timeUnixNano: time, name, attributes, droppedAttributesCount: uint32 }, { requiredKeys: [] });
const link = fc.record(
  {
    traceId: optionalId(16),
    spanId: optionalId(8),
    traceState: text,
    attributes,
    droppedAttributesCount: uint32,
    flags: uint32,
  },
  { requiredKeys: [] },
);
const span = fc.record(
  {
    traceId: id(16),
    spanId: id(8),
    traceState: text,
    parentSpanId: optionalId(8),
    flags: uint32,
    name,
    kind: fc.oneof(fc.nat(5), int32),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: fc.oneof(attributes, promotedAttributes),
    droppedAttributesCount: uint32,
    events: fc.array(event, { maxLength: 3 }),
    droppedEventsCount: uint32,
    links: fc.array(link, { maxLength: 2 }),
    droppedLinksCount: uint32,
    status: fc.record({ message: text, code: fc.oneof(fc.nat(2), int32) }, { requiredKeys: [] }),
  },
  { requiredKeys: ['traceId', 'spanId'] },
);

const logRecord = fc.record(
  {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: fc.oneof(fc.nat(24), int32),
    severityText: name,
    body: anyValue,
    attributes,
    droppedAttributesCount: uint32,
    flags: uint32,
    traceId: optionalId(16),
    spanId: optionalId(8),
    eventName: name,
  },
  { requiredKeys: [] },
);

const numberValue = fc.oneof(fc.record({ asDouble: double }), fc.record({ asInt: int64 }), fc.constant({}));
const exemplar = fc
  .tuple(
    fc.record(
      { filteredAttributes: attributes, timeUnixNano: time, spanId: optionalId(8), traceId: optionalId(16) },
      { requiredKeys: [] },
    ),
    numberValue,
  )
  .map(([common, value]) => ({ ...common, ...value }));
const point = { attributes, startTimeUnixNano: time, timeUnixNano: time, flags: uint32 };
const exemplars = fc.array(exemplar, { maxLength: 2 });
const numberPoint = fc
  .tuple(fc.record({ ...point, exemplars }, { requiredKeys: [] }), numberValue)
  .map(([common, value]) => ({ ...common, ...value }));
const histogramPoint = fc.record(
  {
    ...point,
    exemplars,
    count: wideUint64,
    sum: double,
    min: double,
    max: double,
    bucketCounts: fc.array(wideUint64, { maxLength: 5 }),
    explicitBounds: fc.array(double, { maxLength: 5 }),
  },
  { requiredKeys: [] },
);
const buckets = fc.record({ offset: int32, bucketCounts: fc.array(wideUint64, { maxLength: 5 }) }, { requiredKeys: [] });
const exponentialPoint = fc.record(
  {
    ...point,
    exemplars,
    count: wideUint64,
    sum: double,
    min: double,
    max: double,
    scale: int32,
    zeroCount: wideUint64,
    zeroThreshold: double,
    positive: buckets,
    negative: buckets,
  },
  { requiredKeys: [] },
);
const summaryPoint = fc.record(
  {
    ...point,
    count: wideUint64,
    sum: double,
    quantileValues: fc.array(fc.record({ quantile: double, value: double }, { requiredKeys: [] }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const points = (of: fc.Arbitrary<object>) => fc.array(of, { maxLength: 4 });
const aggregationTemporality = fc.nat(2);
const data = fc.oneof(
  fc.record({ gauge: fc.record({ dataPoints: points(numberPoint) }) }),
  fc.record({ sum: fc.record({ dataPoints: points(numberPoint), aggregationTemporality, isMonotonic: fc.boolean() }) }),
  fc.record({ histogram: fc.record({ dataPoints: points(histogramPoint), aggregationTemporality }) }),
  fc.record({ exponentialHistogram: fc.record({ dataPoints: points(exponentialPoint), aggregationTemporality }) }),
  fc.record({ summary: fc.record({ dataPoints: points(summaryPoint) }) }),
  fc.constant({}),
);
const metric = fc
  .tuple(fc.record({ name, description: text, unit: name, metadata: attributes }, { requiredKeys: [] }), data)
  .map(([common, kind]) => ({ ...common, ...kind }));

const resourceKey = fc.constantFrom(
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
  'deployment.environment',
  'deployment.environment.name',
  'host.name',
  'host.id',
);
const resource = fc.record(
  {
    attributes: fc.array(fc.record({ key: fc.oneof(resourceKey, name), value: anyValue }), { maxLength: 6 }),
    droppedAttributesCount: uint32,
  },
  { requiredKeys: [] },
);
const scope = fc.record({ name, version: text, attributes, droppedAttributesCount: uint32 }, { requiredKeys: [] });

function envelope(groups: string, scopes: string, items: string, item: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const scoped = fc.record({ scope, [items]: fc.array(item, { maxLength: 4 }), schemaUrl: name }, { requiredKeys: [] });
  const group = fc.record({ resource, [scopes]: fc.array(scoped, { maxLength: 2 }), schemaUrl: name }, { requiredKeys: [] });
  return fc.record({ [groups]: fc.array(group, { maxLength: 2 }) });
}

export const arbitraryRequest: Readonly<Record<Signal, fc.Arbitrary<object>>> = {
  traces: envelope('resourceSpans', 'scopeSpans', 'spans', span),
  logs: envelope('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
  metrics: envelope('resourceMetrics', 'scopeMetrics', 'metrics', metric),
};
