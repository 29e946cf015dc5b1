import { defineQuery } from './define.ts';
import { inBuckets, rangeTypes } from './range.ts';
import { hashHex } from './spans.ts';

const hex = (column: string) => `lower(hex(${column}))`;
const bytesOf = (number: string) => `reinterpretAsFixedString(${number})`;
const numbered = (text: string) => `toLowCardinality(${text})`;
const ns = (column: string) => `toString(toUnixTimestamp64Nano(${column}))`;
const keysOf = (maps: string) => `arrayMap(map_value -> arrayMap(map_key -> toString(map_key), mapKeys(map_value)), ${maps})`;
const valuesOf = (maps: string) => `arrayMap(map_value -> mapValues(map_value), ${maps})`;
const strings = (column: string) => `arrayMap(text_value -> toString(text_value), ${column})`;

/** Several columns as one JSON array. Most spans have no event and no link, and all of a service one scope: as columns of their own these cost more than all others. */
const together = (columns: readonly string[]) =>
  `concat('[', ${columns.map((column) => `toJSONString(${column})`).join(", ',', ")}, ']')`;

const columns = {
  spanId: 'FixedString(8)',
  parentSpanId: 'FixedString(8)',
  /** Int64, the low byte first. */
  startUnixNano: 'FixedString(8)',
  durationNs: 'Float64',
  negativeDuration: 'UInt8',
  serviceName: 'LowCardinality(String)',
  spanName: 'LowCardinality(String)',
  spanKind: 'UInt8',
  statusCode: 'UInt8',
  statusMessage: 'LowCardinality(String)',
  /** As JSON an array of keys; and of the texts of the values. */
  attributeKeys: 'LowCardinality(String)',
  attributeValues: 'String',
  attributeTypes: 'LowCardinality(String)',
  droppedAttributesCount: 'UInt32',
  /** Empty, or as JSON `EventColumns` (stored/trace-columns.ts of the model). */
  events: 'String',
  droppedEventsCount: 'UInt32',
  /** Empty, or as JSON `LinkColumns`. */
  links: 'String',
  droppedLinksCount: 'UInt32',
  traceState: 'LowCardinality(String)',
  spanFlags: 'UInt32',
  resourceId: 'LowCardinality(String)',
  hostName: 'LowCardinality(String)',
  instanceId: 'LowCardinality(String)',
  /** As JSON `ScopeColumns`. */
  scope: 'LowCardinality(String)',
  statementText: 'LowCardinality(String)',
  statementHash: 'LowCardinality(String)',
} as const;

/**
 * Every column of the spans of one trace, to be read as FORMAT Native (trace-rows.ts): the engine numbers the texts that many spans have
 * in common. `inOrder`: only to say which are the first of too many; to put rows of such a width in order costs four times their reading.
 */
export const traceSpansQuery = (inOrder: boolean) =>
  defineQuery({
    name: inOrder ? 'traceSpansInOrder' : 'traceSpans',
    isQuick: true,
    params: { ...rangeTypes, bucketed: 'UInt8', traceId: 'String', limit: 'UInt32' },
    row: columns,
    sql: `
SELECT span_id AS spanId, parent_span_id AS parentSpanId, ${bytesOf('toUnixTimestamp64Nano(timestamp)')} AS startUnixNano,
  toFloat64(duration_ns) AS durationNs, toUInt8(negative_duration_ns > 0) AS negativeDuration,
  service AS serviceName, name AS spanName, kind AS spanKind, status_code AS statusCode, ${numbered('status_message')} AS statusMessage,
  ${numbered(`toJSONString(${strings('mapKeys(attributes)')})`)} AS attributeKeys, toJSONString(mapValues(attributes)) AS attributeValues,
  ${numbered('attribute_types')} AS attributeTypes, dropped_attributes_count AS droppedAttributesCount,
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
  dropped_links_count AS droppedLinksCount, ${numbered('trace_state')} AS traceState, flags AS spanFlags,
  ${numbered('toString(resource_id)')} AS resourceId, ${numbered('host')} AS hostName, ${numbered('instance')} AS instanceId,
  ${numbered(
    together([
      'toString(scope_name)',
      'toString(scope_version)',
      strings('mapKeys(scope_attributes)'),
      'mapValues(scope_attributes)',
      'toString(scope_attribute_types)',
      'toString(scope_schema_url)',
    ]),
  )} AS scope,
  ${numbered('statement')} AS statementText, ${numbered(hashHex('statement_hash'))} AS statementHash
FROM spans
WHERE ({bucketed:UInt8} = 0 OR (${inBuckets('{fromNs:Int64}', '{toNs:Int64}')}))
  AND trace_id = toFixedString(unhex({traceId:String}), 16)
${inOrder ? 'ORDER BY timestamp, span_id' : ''}
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
