import { defineQuery } from './define.ts';
import { inBuckets, rangeTypes } from './range.ts';
import { hashHex } from './spans.ts';

const hex = (column: string) => `lower(hex(${column}))`;
const ns = (column: string) => `toString(toUnixTimestamp64Nano(${column}))`;
const keysOf = (maps: string) => `arrayMap(map_value -> arrayMap(map_key -> toString(map_key), mapKeys(map_value)), ${maps})`;
const valuesOf = (maps: string) => `arrayMap(map_value -> mapValues(map_value), ${maps})`;
const strings = (column: string) => `arrayMap(text_value -> toString(text_value), ${column})`;

/** Several columns as one JSON array. Most spans have no event and no link, and all of a service one scope: as columns of their own these cost more than all others. */
const together = (columns: readonly string[]) =>
  `concat('[', ${columns.map((column) => `toJSONString(${column})`).join(", ',', ")}, ']')`;

type Texts = readonly string[];
/** Of each event: time, name, keys, values and types of its attributes, how many were dropped. */
export type EventColumns = readonly [Texts, Texts, readonly Texts[], readonly Texts[], Texts, readonly number[]];
/** Of each link: trace id, span id, trace state, keys, values and types of its attributes, how many were dropped, flags. */
export type LinkColumns = readonly [
  Texts,
  Texts,
  Texts,
  readonly Texts[],
  readonly Texts[],
  Texts,
  readonly number[],
  readonly number[],
];
/** Name, version, keys, values and types of its attributes, schema URL. */
export type ScopeColumns = readonly [string, string, Texts, Texts, string, string];

/** Every column of the spans of one trace, in order of start. */
export const traceSpansQuery = defineQuery({
  name: 'traceSpans',
  isQuick: true,
  params: { ...rangeTypes, bucketed: 'UInt8', traceId: 'String', limit: 'UInt32' },
  row: {
    spanId: 'String',
    parentSpanId: 'String',
    serviceName: 'LowCardinality(String)',
    spanName: 'LowCardinality(String)',
    spanKind: 'UInt8',
    startTimeUnixNano: 'String',
    durationNs: 'Float64',
    negativeDuration: 'UInt8',
    statusCode: 'UInt8',
    statusMessage: 'String',
    attributeKeys: 'Array(String)',
    attributeValues: 'Array(String)',
    attributeTypes: 'LowCardinality(String)',
    droppedAttributesCount: 'UInt32',
    /** Empty, or as JSON `EventColumns`. */
    events: 'String',
    droppedEventsCount: 'UInt32',
    /** Empty, or as JSON `LinkColumns`. */
    links: 'String',
    droppedLinksCount: 'UInt32',
    traceState: 'String',
    spanFlags: 'UInt32',
    resourceId: 'String',
    hostName: 'LowCardinality(String)',
    instanceId: 'LowCardinality(String)',
    /** As JSON `ScopeColumns`. */
    scope: 'String',
    statementText: 'String',
    statementHash: 'String',
  },
  sql: `
SELECT ${hex('span_id')} AS spanId, if(parent_span_id = toFixedString('', 8), '', ${hex('parent_span_id')}) AS parentSpanId,
  service AS serviceName, name AS spanName, kind AS spanKind, ${ns('timestamp')} AS startTimeUnixNano,
  toFloat64(duration_ns) AS durationNs, toUInt8(negative_duration_ns > 0) AS negativeDuration,
  status_code AS statusCode, status_message AS statusMessage,
  ${strings('mapKeys(attributes)')} AS attributeKeys, mapValues(attributes) AS attributeValues, attribute_types AS attributeTypes,
  dropped_attributes_count AS droppedAttributesCount,
  if(empty(events_timestamp), '', ${together([
    `arrayMap(event_time -> ${ns('event_time')}, events_timestamp)`,
    strings('events_name'),
    keysOf('events_attributes'),
    valuesOf('events_attributes'),
    strings('events_attribute_types'),
    'events_dropped_attributes_count',
  ])}) AS events,
  dropped_events_count AS droppedEventsCount,
  if(empty(links_trace_id), '', ${together([
    `arrayMap(link_id -> ${hex('link_id')}, links_trace_id)`,
    `arrayMap(link_id -> ${hex('link_id')}, links_span_id)`,
    'links_trace_state',
    keysOf('links_attributes'),
    valuesOf('links_attributes'),
    strings('links_attribute_types'),
    'links_dropped_attributes_count',
    'links_flags',
  ])}) AS links,
  dropped_links_count AS droppedLinksCount, trace_state AS traceState, flags AS spanFlags, toString(resource_id) AS resourceId,
  host AS hostName, instance AS instanceId,
  ${together([
    'toString(scope_name)',
    'toString(scope_version)',
    strings('mapKeys(scope_attributes)'),
    'mapValues(scope_attributes)',
    'toString(scope_attribute_types)',
    'toString(scope_schema_url)',
  ])} AS scope,
  statement AS statementText, ${hashHex('statement_hash')} AS statementHash
FROM spans
WHERE ({bucketed:UInt8} = 0 OR (${inBuckets('{fromNs:Int64}', '{toNs:Int64}')}))
  AND trace_id = toFixedString(unhex({traceId:String}), 16)
ORDER BY timestamp, span_id
LIMIT {limit:UInt32}`,
});

export const traceResourcesQuery = defineQuery({
  name: 'traceResources',
  isQuick: true,
  params: { resourceIds: 'Array(UInt64)' },
  row: {
    resourceId: 'String',
    attributeKeys: 'Array(String)',
    attributeValues: 'Array(String)',
    attributeTypes: 'String',
    droppedCount: 'UInt32',
    schemaUrl: 'String',
  },
  sql: `
SELECT toString(resource_id) AS resourceId, mapKeys(any(attributes)) AS attributeKeys, mapValues(any(attributes)) AS attributeValues,
  toString(any(attribute_types)) AS attributeTypes, any(dropped_attributes_count) AS droppedCount, toString(any(schema_url)) AS schemaUrl
FROM resources
WHERE resource_id IN {resourceIds:Array(UInt64)}
GROUP BY resource_id`,
});
