import type { Signal, TableName } from '@sonde/otlp';
import type { Row } from './read-back.ts';

/**
 * What the decoder has to store, said the slow and obvious way: over the objects that protobufjs reads, with BigInt, one object a row.
 * One file although long, because it is one definition to read beside tables.ts. It shares no code with the decoder. Fingerprints are left out of the rows; `identity` says which rows must share one.
 */

/** A message as protobufjs's `toObject` gives it with `longs: String`: absent fields are absent. */
interface Message {
  readonly [field: string]: unknown;
}

const timeMax = 2n ** 63n - 1n;

const list = (value: unknown): Message[] => (Array.isArray(value) ? value : []);
const message = (value: unknown): Message => Object(value ?? {});
const string = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => Number(value ?? 0);
const long = (value: unknown): string => (typeof value === 'string' ? value : '0');
const hex = (value: unknown, bytes: number): string =>
  (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '').padEnd(bytes * 2, '0');
const length = (value: unknown): number => (value instanceof Uint8Array ? value.length : 0);
const isTimeTooLate = (value: unknown): boolean => BigInt(long(value)) > timeMax;
const byte = (value: unknown): number => (number(value) < 0 || number(value) > 255 ? 0 : number(value));
const optional = (value: unknown): unknown => (value === undefined ? null : float(value));

/** A double as ClickHouse prints it into JSON. */
function float(value: unknown): number | string {
  const double = number(value);
  if (Number.isNaN(double)) return 'nan';
  if (Number.isFinite(double)) return double;
  return double > 0 ? 'inf' : '-inf';
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The kind letter and the text of an AnyValue. */
export function textOf(value: Message): [type: string, text: string] {
  if ('stringValue' in value) return ['s', string(value['stringValue'])];
  if ('boolValue' in value) return ['b', String(value['boolValue'])];
  if ('intValue' in value) return ['i', long(value['intValue'])];
  if ('doubleValue' in value) return ['d', doubleText(number(value['doubleValue']))];
  if ('bytesValue' in value) return ['x', base64(value['bytesValue'])];
  if ('arrayValue' in value || 'kvlistValue' in value) return ['j', jsonOf(value)];
  return ['e', ''];
}

function base64(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : '';
}

/** As JSON.stringify, but with only the short escapes `\"` and `\\`. */
function quoted(text: string): string {
  const escaped = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return character < ' ' ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character;
  });
  return `"${escaped.join('')}"`;
}

function jsonOf(value: Message): string {
  if ('arrayValue' in value) {
    return `[${list(message(value['arrayValue'])['values'])
      .map((element) => jsonOf(element))
      .join(',')}]`;
  }
  if ('kvlistValue' in value) {
    const pairs = list(message(value['kvlistValue'])['values']);
    return `{${pairs.map((pair) => `${quoted(string(pair['key']))}:${jsonOf(message(pair['value']))}`).join(',')}}`;
  }
  const [type, text] = textOf(value);
  if (type === 's' || type === 'x') return quoted(text);
  if (type === 'e') return 'null';
  if (type !== 'd') return text;
  if (!Number.isFinite(number(value['doubleValue']))) return quoted(text);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function attributes(of: unknown): { pairs: [string, string][]; types: string } {
  const read = list(of).map((pair) => ({ key: string(pair['key']), value: textOf(message(pair['value'])) }));
  return { pairs: read.map(({ key, value }) => [key, value[1]]), types: read.map(({ value }) => value[0]).join('') };
}

/** Two lists of attributes that differ in order only are one identity. */
function identity(...parts: unknown[]): string {
  return JSON.stringify(parts);
}

function attributeIdentity(of: unknown): string[] {
  return list(of)
    .map((pair) => JSON.stringify([string(pair['key']), ...textOf(message(pair['value']))]))
    .toSorted();
}

function resourceColumns(resource: Message, schemaUrl: string): Row {
  const found = new Map(attributes(resource['attributes']).pairs);
  return {
    service: found.get('service.name') || 'unknown_service',
    namespace: found.get('service.namespace') ?? '',
    environment: found.get('deployment.environment.name') || (found.get('deployment.environment') ?? ''),
    version: found.get('service.version') ?? '',
    instance: found.get('service.instance.id') ?? '',
    host: found.get('host.name') || (found.get('host.id') ?? ''),
    resource_id: identity(attributeIdentity(resource['attributes']), schemaUrl),
  };
}

function scopeColumns(scope: Message, schemaUrl: string): Row {
  const { pairs, types } = attributes(scope['attributes']);
  return {
    scope_name: string(scope['name']),
    scope_version: string(scope['version']),
    scope_attributes: pairs,
    scope_attribute_types: types,
    scope_dropped_attributes_count: number(scope['droppedAttributesCount']),
    scope_schema_url: schemaUrl,
  };
}

interface Surroundings {
  readonly receivedAt: string;
  readonly resource: Row;
  readonly scope: Row;
  readonly scopeIdentity: string;
}

type Add = (table: TableName, row: Row) => void;

/** The reason to reject a span, or its row. */
function span(item: Message, { receivedAt, resource, scope }: Surroundings, add: Add): boolean {
  const events = list(item['events']);
  const links = list(item['links']);
  const legal =
    length(item['traceId']) === 16 &&
    /[^0]/.test(hex(item['traceId'], 16)) &&
    length(item['spanId']) === 8 &&
    /[^0]/.test(hex(item['spanId'], 8)) &&
    [0, 8].includes(length(item['parentSpanId'])) &&
    links.every((link) => [0, 16].includes(length(link['traceId'])) && [0, 8].includes(length(link['spanId']))) &&
    ![item['startTimeUnixNano'], item['endTimeUnixNano'], ...events.map((event) => event['timeUnixNano'])].some(isTimeTooLate);
  if (!legal) return false;
  const duration = BigInt(long(item['endTimeUnixNano'])) - BigInt(long(item['startTimeUnixNano']));
  const own = attributes(item['attributes']);
  const ofEvents = events.map((event) => attributes(event['attributes']));
  const ofLinks = links.map((link) => attributes(link['attributes']));
  add('spans', {
    timestamp: long(item['startTimeUnixNano']),
    received_at: receivedAt,
    duration_ns: String(duration > 0n ? duration : 0n),
    negative_duration_ns: String(duration < 0n ? -duration : 0n),
    trace_id: hex(item['traceId'], 16),
    span_id: hex(item['spanId'], 8),
    parent_span_id: hex(item['parentSpanId'], 8),
    trace_state: string(item['traceState']),
    flags: number(item['flags']),
    name: string(item['name']),
    kind: byte(item['kind']),
    status_code: byte(message(item['status'])['code']),
    status_message: string(message(item['status'])['message']),
    ...resource,
    ...scope,
    attributes: own.pairs,
    attribute_types: own.types,
    dropped_attributes_count: number(item['droppedAttributesCount']),
    events_timestamp: events.map((event) => long(event['timeUnixNano'])),
    events_name: events.map((event) => string(event['name'])),
    events_attributes: ofEvents.map(({ pairs }) => pairs),
    events_attribute_types: ofEvents.map(({ types }) => types),
    events_dropped_attributes_count: events.map((event) => number(event['droppedAttributesCount'])),
    dropped_events_count: number(item['droppedEventsCount']),
    links_trace_id: links.map((link) => hex(link['traceId'], 16)),
    links_span_id: links.map((link) => hex(link['spanId'], 8)),
    links_trace_state: links.map((link) => string(link['traceState'])),
    links_attributes: ofLinks.map(({ pairs }) => pairs),
    links_attribute_types: ofLinks.map(({ types }) => types),
    links_dropped_attributes_count: links.map((link) => number(link['droppedAttributesCount'])),
    links_flags: links.map((link) => number(link['flags'])),
    dropped_links_count: number(item['droppedLinksCount']),
    ...promoted(own.pairs),
  });
  return true;
}

/** What a question would look up in the attributes, newer names first. */
function promoted(pairs: readonly (readonly [string, string])[]): Row {
  const first = (...keys: string[]): string =>
    keys.map((key) => pairs.find(([own, text]) => own === key && text !== '')?.[1]).find((found) => found !== undefined) ?? '';
  const small = (text: string): number => (/^[0-9]+$/.test(text) && BigInt(text) < 65_536n ? Number(text) : 0);
  return {
    http_request_method: first('http.request.method', 'http.method'),
    http_route: first('http.route'),
    http_status_code: small(first('http.response.status_code', 'http.status_code')),
    server_address: first('server.address', 'net.peer.name'),
    server_port: small(first('server.port', 'net.peer.port')),
    db_system: first('db.system.name', 'db.system'),
    db_namespace: first('db.namespace', 'db.name'),
    db_operation: first('db.operation.name', 'db.operation'),
    db_collection: first('db.collection.name', 'db.sql.table', 'db.mongodb.collection'),
    messaging_system: first('messaging.system'),
    messaging_destination: first('messaging.destination.name', 'messaging.destination'),
  };
}

const optionalId = (value: unknown, bytes: number): string => hex(length(value) === bytes ? value : undefined, bytes);

function logRecord(item: Message, { receivedAt, resource, scope }: Surroundings, add: Add): boolean {
  if ([item['timeUnixNano'], item['observedTimeUnixNano']].some(isTimeTooLate)) return false;
  const { pairs, types } = attributes(item['attributes']);
  const [bodyType, body] = textOf(message(item['body']));
  add('logs', {
    timestamp: long(item['timeUnixNano']),
    observed_timestamp: long(item['observedTimeUnixNano']),
    received_at: receivedAt,
    trace_id: optionalId(item['traceId'], 16),
    span_id: optionalId(item['spanId'], 8),
    flags: number(item['flags']),
    severity_number: byte(item['severityNumber']),
    severity_text: string(item['severityText']),
    event_name: string(item['eventName']),
    body,
    body_type: bodyType,
    ...resource,
    ...scope,
    attributes: pairs,
    attribute_types: types,
    dropped_attributes_count: number(item['droppedAttributesCount']),
  });
  return true;
}

function numberColumns(of: Message): Row {
  const asInt = of['asInt'];
  if (asInt !== undefined) return { value: Number(BigInt(long(asInt))), value_int: long(asInt), value_kind: 2 };
  const asDouble = of['asDouble'];
  return { value: float(asDouble), value_int: '0', value_kind: asDouble === undefined ? 0 : 1 };
}

const longs = (value: unknown): string[] => (Array.isArray(value) ? value.map(long) : []);
const floats = (value: unknown): unknown[] => (Array.isArray(value) ? value.map(float) : []);

const pointKinds: readonly {
  readonly field: string;
  readonly type: string;
  readonly table: TableName;
  readonly columns: (point: Message) => Row;
}[] = [
  { field: 'gauge', type: 'gauge', table: 'metric_samples', columns: numberColumns },
  { field: 'sum', type: 'sum', table: 'metric_samples', columns: numberColumns },
  {
    field: 'histogram',
    type: 'histogram',
    table: 'metric_histograms',
    columns: (point) => ({
      count: long(point['count']),
      sum: optional(point['sum']),
      min: optional(point['min']),
      max: optional(point['max']),
      explicit_bounds: floats(point['explicitBounds']),
      bucket_counts: longs(point['bucketCounts']),
    }),
  },
  {
    field: 'exponentialHistogram',
    type: 'exponential_histogram',
    table: 'metric_exponential_histograms',
    columns: (point) => ({
      count: long(point['count']),
      sum: optional(point['sum']),
      min: optional(point['min']),
      max: optional(point['max']),
      scale: number(point['scale']),
      zero_count: long(point['zeroCount']),
      zero_threshold: float(point['zeroThreshold']),
      positive_offset: number(message(point['positive'])['offset']),
      positive_bucket_counts: longs(message(point['positive'])['bucketCounts']),
      negative_offset: number(message(point['negative'])['offset']),
      negative_bucket_counts: longs(message(point['negative'])['bucketCounts']),
    }),
  },
  {
    field: 'summary',
    type: 'summary',
    table: 'metric_summaries',
    columns: (point) => ({
      count: long(point['count']),
      sum: float(point['sum']),
      quantiles: list(point['quantileValues']).map((quantile) => float(quantile['quantile'])),
      quantile_values: list(point['quantileValues']).map((quantile) => float(quantile['value'])),
    }),
  },
];

/** One metric; answers how many points were accepted and rejected. */
function metric(item: Message, around: Surroundings, knownSeries: Set<string>, add: Add): [accepted: number, rejected: number] {
  const kind = pointKinds.find(({ field }) => field in item);
  if (kind === undefined) return [0, 0];
  const data = message(item[kind.field]);
  const temporality = ['sum', 'histogram', 'exponentialHistogram'].includes(kind.field)
    ? byte(data['aggregationTemporality'])
    : 0;
  const isMonotonic = kind.field === 'sum' && data['isMonotonic'] === true ? 1 : 0;
  const points = list(data['dataPoints']);
  const legal = points.filter((point) => {
    const exemplars = list(point['exemplars']).map((exemplar) => exemplar['timeUnixNano']);
    return ![point['timeUnixNano'], point['startTimeUnixNano'], ...exemplars].some(isTimeTooLate);
  });
  for (const point of legal) {
    const series = identity(
      string(item['name']),
      string(item['unit']),
      kind.type,
      temporality,
      isMonotonic,
      around.resource['resource_id'],
      around.scopeIdentity,
      attributeIdentity(point['attributes']),
    );
    if (!knownSeries.has(series)) {
      knownSeries.add(series);
      const metadata = attributes(item['metadata']);
      const own = attributes(point['attributes']);
      add('metric_series', {
        metric: string(item['name']),
        series_id: series,
        type: kind.type,
        unit: string(item['unit']),
        description: string(item['description']),
        temporality,
        is_monotonic: isMonotonic,
        metadata: metadata.pairs,
        metadata_types: metadata.types,
        ...around.resource,
        ...around.scope,
        attributes: own.pairs,
        attribute_types: own.types,
        received_at: around.receivedAt,
      });
    }
    add(kind.table, {
      metric: string(item['name']),
      series_id: series,
      timestamp: long(point['timeUnixNano']),
      start_timestamp: long(point['startTimeUnixNano']),
      received_at: around.receivedAt,
      flags: number(point['flags']),
      ...kind.columns(point),
    });
    for (const exemplar of list(point['exemplars'])) {
      const filtered = attributes(exemplar['filteredAttributes']);
      add('metric_exemplars', {
        metric: string(item['name']),
        series_id: series,
        timestamp: long(exemplar['timeUnixNano']),
        point_timestamp: long(point['timeUnixNano']),
        received_at: around.receivedAt,
        ...numberColumns(exemplar),
        trace_id: optionalId(exemplar['traceId'], 16),
        span_id: optionalId(exemplar['spanId'], 8),
        filtered_attributes: filtered.pairs,
        filtered_attribute_types: filtered.types,
      });
    }
  }
  return [legal.length, points.length - legal.length];
}

const shapes = {
  traces: { groups: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
  logs: { groups: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
  metrics: { groups: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics' },
} as const;

/** The rows of a whole batch: several requests, one after another. */
export class Model {
  readonly tables: Partial<Record<TableName, Row[]>> = {};
  readonly #resources = new Set<unknown>();
  readonly #series = new Set<string>();

  append(signal: Signal, request: Message, receivedAtMs: number): { accepted: number; rejected: number } {
    const shape = shapes[signal];
    const receivedAt = String(receivedAtMs);
    let accepted = 0;
    let rejected = 0;
    const add: Add = (table, row) => {
      (this.tables[table] ??= []).push(row);
    };
    for (const group of list(request[shape.groups])) {
      const of = message(group['resource']);
      const resource = resourceColumns(of, string(group['schemaUrl']));
      const acceptedBefore = accepted;
      for (const scoped of list(group[shape.scopes])) {
        const scopeMessage = message(scoped['scope']);
        const scope = scopeColumns(scopeMessage, string(scoped['schemaUrl']));
        const scopeIdentity = identity(
          scope['scope_name'],
          scope['scope_version'],
          scope['scope_schema_url'],
          attributeIdentity(scopeMessage['attributes']),
        );
        const around = { receivedAt, resource, scope, scopeIdentity };
        for (const item of list(scoped[shape.items])) {
          const counts =
            signal === 'metrics'
              ? metric(item, around, this.#series, add)
              : (signal === 'traces' ? span : logRecord)(item, around, add)
                ? [1, 0]
                : [0, 1];
          accepted += counts[0] ?? 0;
          rejected += counts[1] ?? 0;
        }
      }
      if (accepted === acceptedBefore || this.#resources.has(resource['resource_id'])) continue;
      this.#resources.add(resource['resource_id']);
      const { pairs, types } = attributes(of['attributes']);
      add('resources', {
        ...resource,
        attributes: pairs,
        attribute_types: types,
        dropped_attributes_count: number(of['droppedAttributesCount']),
        schema_url: string(group['schemaUrl']),
        received_at: receivedAt,
      });
    }
    return { accepted, rejected };
  }
}
