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

const columns = {
  spanId: 'Array(String)',
  parentSpanId: 'Array(String)',
  serviceName: 'Array(String)',
  spanName: 'Array(String)',
  spanKind: 'Array(UInt8)',
  startTimeUnixNano: 'Array(String)',
  durationNs: 'Array(Float64)',
  negativeDuration: 'Array(UInt8)',
  statusCode: 'Array(UInt8)',
  statusMessage: 'Array(String)',
  /** As JSON an array of keys; and of the texts of the values. */
  attributeKeys: 'Array(String)',
  attributeValues: 'Array(String)',
  attributeTypes: 'Array(String)',
  droppedAttributesCount: 'Array(UInt32)',
  /** Empty, or as JSON `EventColumns` (stored/trace-columns.ts of the model). */
  events: 'Array(String)',
  droppedEventsCount: 'Array(UInt32)',
  /** Empty, or as JSON `LinkColumns`. */
  links: 'Array(String)',
  droppedLinksCount: 'Array(UInt32)',
  traceState: 'Array(String)',
  spanFlags: 'Array(UInt32)',
  resourceId: 'Array(String)',
  hostName: 'Array(String)',
  instanceId: 'Array(String)',
  /** As JSON `ScopeColumns`. */
  scope: 'Array(String)',
  statementText: 'Array(String)',
  statementHash: 'Array(String)',
} as const;

/** Every column of the spans of one trace, in order of start, as one row: an array is read several times faster than as many rows. */
export const traceSpansQuery = defineQuery({
  name: 'traceSpans',
  isQuick: true,
  params: { ...rangeTypes, bucketed: 'UInt8', traceId: 'String', limit: 'UInt32' },
  row: columns,
  sql: `
SELECT ${Object.keys(columns)
    .map((column) => `groupArray(span.${column}) AS ${column}`)
    .join(', ')}
FROM (
SELECT ${hex('span_id')} AS spanId, if(parent_span_id = toFixedString('', 8), '', ${hex('parent_span_id')}) AS parentSpanId,
  service AS serviceName, name AS spanName, kind AS spanKind, ${ns('timestamp')} AS startTimeUnixNano,
  toFloat64(duration_ns) AS durationNs, toUInt8(negative_duration_ns > 0) AS negativeDuration,
  status_code AS statusCode, status_message AS statusMessage,
  toJSONString(${strings('mapKeys(attributes)')}) AS attributeKeys, toJSONString(mapValues(attributes)) AS attributeValues, attribute_types AS attributeTypes,
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
LIMIT {limit:UInt32}
) AS span`,
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
