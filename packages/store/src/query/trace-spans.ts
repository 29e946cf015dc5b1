import { defineQuery } from './define.ts';
import { inBuckets, rangeTypes } from './range.ts';
import { hashHex } from './spans.ts';

const hex = (column: string) => `lower(hex(${column}))`;
const ns = (column: string) => `toString(toUnixTimestamp64Nano(${column}))`;
const keysOf = (maps: string) => `arrayMap(map_value -> arrayMap(map_key -> toString(map_key), mapKeys(map_value)), ${maps})`;
const valuesOf = (maps: string) => `arrayMap(map_value -> mapValues(map_value), ${maps})`;
const strings = (column: string) => `arrayMap(text_value -> toString(text_value), ${column})`;

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
    eventTimes: 'Array(String)',
    eventNames: 'Array(String)',
    eventKeys: 'Array(Array(String))',
    eventValues: 'Array(Array(String))',
    eventTypes: 'Array(String)',
    eventDroppedCounts: 'Array(UInt32)',
    droppedEventsCount: 'UInt32',
    linkTraceIds: 'Array(String)',
    linkSpanIds: 'Array(String)',
    linkTraceStates: 'Array(String)',
    linkKeys: 'Array(Array(String))',
    linkValues: 'Array(Array(String))',
    linkTypes: 'Array(String)',
    linkDroppedCounts: 'Array(UInt32)',
    linkFlags: 'Array(UInt32)',
    droppedLinksCount: 'UInt32',
    traceState: 'String',
    spanFlags: 'UInt32',
    resourceId: 'String',
    hostName: 'LowCardinality(String)',
    instanceId: 'LowCardinality(String)',
    scopeName: 'LowCardinality(String)',
    scopeVersion: 'LowCardinality(String)',
    scopeKeys: 'Array(String)',
    scopeValues: 'Array(String)',
    scopeTypes: 'LowCardinality(String)',
    scopeSchemaUrl: 'LowCardinality(String)',
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
  arrayMap(event_time -> ${ns('event_time')}, events_timestamp) AS eventTimes, ${strings('events_name')} AS eventNames,
  ${keysOf('events_attributes')} AS eventKeys, ${valuesOf('events_attributes')} AS eventValues,
  ${strings('events_attribute_types')} AS eventTypes,
  events_dropped_attributes_count AS eventDroppedCounts, dropped_events_count AS droppedEventsCount,
  arrayMap(link_id -> ${hex('link_id')}, links_trace_id) AS linkTraceIds, arrayMap(link_id -> ${hex('link_id')}, links_span_id) AS linkSpanIds,
  links_trace_state AS linkTraceStates, ${keysOf('links_attributes')} AS linkKeys, ${valuesOf('links_attributes')} AS linkValues,
  ${strings('links_attribute_types')} AS linkTypes, links_dropped_attributes_count AS linkDroppedCounts, links_flags AS linkFlags,
  dropped_links_count AS droppedLinksCount, trace_state AS traceState, flags AS spanFlags, toString(resource_id) AS resourceId,
  host AS hostName, instance AS instanceId, scope_name AS scopeName, scope_version AS scopeVersion,
  ${strings('mapKeys(scope_attributes)')} AS scopeKeys, mapValues(scope_attributes) AS scopeValues, scope_attribute_types AS scopeTypes,
  scope_schema_url AS scopeSchemaUrl, statement AS statementText, ${hashHex('statement_hash')} AS statementHash
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
