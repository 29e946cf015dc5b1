/**
 * What the decoder writes: the columns of every table, in the order in which they stand in a Native block.
 *
 * These are the wire columns only. The store adds codecs, keys, indexes and the columns that the engine derives from these
 * (`packages/store/src/schema`); a contract test compares the two.
 *
 * Conventions, the same in every table:
 *  - An id that is absent is all zero bytes. A time that is absent is 0 (the epoch).
 *  - `attributes` keeps order, duplicates and every value as text; `attribute_types` keeps the kind of each value, one letter an
 *    entry, so that nothing of a payload is lost: `s` string, `i` int, `d` double, `b` bool, `x` bytes (as base64), `j` array or
 *    kvlist (as JSON: see attributes/value-text.ts), `e` empty.
 *  - Resource columns (`service`, `environment`, `namespace`, `version`, `instance`, `host`) are repeated in each row because
 *    nearly every question filters or groups by one; the whole resource is stored once, in `resources`, under its `resource_id`.
 */
export type ColumnType =
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'Int32'
  | 'Int64'
  | 'Float64'
  | 'Nullable(Float64)'
  | 'DateTime64(3)'
  | 'DateTime64(9)'
  | 'FixedString(8)'
  | 'FixedString(16)'
  | 'String'
  | 'LowCardinality(String)'
  | 'Map(LowCardinality(String), String)'
  | 'Array(UInt32)'
  | 'Array(UInt64)'
  | 'Array(Float64)'
  | 'Array(DateTime64(9))'
  | 'Array(FixedString(8))'
  | 'Array(FixedString(16))'
  | 'Array(String)'
  | 'Array(LowCardinality(String))'
  | 'Array(Map(LowCardinality(String), String))';

const attributes = {
  attributes: 'Map(LowCardinality(String), String)',
  attribute_types: 'LowCardinality(String)',
  dropped_attributes_count: 'UInt32',
} as const;

const resourceColumns = {
  service: 'LowCardinality(String)',
  namespace: 'LowCardinality(String)',
  environment: 'LowCardinality(String)',
  version: 'LowCardinality(String)',
  instance: 'LowCardinality(String)',
  host: 'LowCardinality(String)',
  resource_id: 'UInt64',
} as const;

const scopeColumns = {
  scope_name: 'LowCardinality(String)',
  scope_version: 'LowCardinality(String)',
  scope_attributes: 'Map(LowCardinality(String), String)',
  scope_attribute_types: 'LowCardinality(String)',
  scope_dropped_attributes_count: 'UInt32',
  scope_schema_url: 'LowCardinality(String)',
} as const;

/** The attributes that questions about spans filter and group by, each in a column of its own (traces/promoted.ts). */
const promotedColumns = {
  http_request_method: 'LowCardinality(String)',
  http_route: 'LowCardinality(String)',
  /** 0 where the attribute is absent or no whole number below 65,536; so is the port. */
  http_status_code: 'UInt16',
  server_address: 'LowCardinality(String)',
  server_port: 'UInt16',
  db_system: 'LowCardinality(String)',
  db_namespace: 'LowCardinality(String)',
  db_operation: 'LowCardinality(String)',
  db_collection: 'LowCardinality(String)',
  messaging_system: 'LowCardinality(String)',
  messaging_destination: 'LowCardinality(String)',
} as const;

/** The key of a data point: which series, when. */
const pointColumns = {
  metric: 'LowCardinality(String)',
  series_id: 'UInt64',
  timestamp: 'DateTime64(9)',
  start_timestamp: 'DateTime64(9)',
  received_at: 'DateTime64(3)',
  flags: 'UInt32',
} as const;

export const tables = {
  /** One row for each resource in a batch that has at least one item; the engine keeps one per id. */
  resources: { ...resourceColumns, ...attributes, schema_url: 'LowCardinality(String)', received_at: 'DateTime64(3)' },

  spans: {
    timestamp: 'DateTime64(9)',
    received_at: 'DateTime64(3)',
    /** End minus start; 0 where the end lies before the start, and then the gap is in `negative_duration_ns`. */
    duration_ns: 'UInt64',
    negative_duration_ns: 'UInt64',
    trace_id: 'FixedString(16)',
    span_id: 'FixedString(8)',
    parent_span_id: 'FixedString(8)',
    trace_state: 'String',
    flags: 'UInt32',
    name: 'LowCardinality(String)',
    kind: 'UInt8',
    status_code: 'UInt8',
    status_message: 'String',
    ...resourceColumns,
    ...scopeColumns,
    ...attributes,
    events_timestamp: 'Array(DateTime64(9))',
    events_name: 'Array(LowCardinality(String))',
    events_attributes: 'Array(Map(LowCardinality(String), String))',
    events_attribute_types: 'Array(LowCardinality(String))',
    events_dropped_attributes_count: 'Array(UInt32)',
    dropped_events_count: 'UInt32',
    links_trace_id: 'Array(FixedString(16))',
    links_span_id: 'Array(FixedString(8))',
    links_trace_state: 'Array(String)',
    links_attributes: 'Array(Map(LowCardinality(String), String))',
    links_attribute_types: 'Array(LowCardinality(String))',
    links_dropped_attributes_count: 'Array(UInt32)',
    links_flags: 'Array(UInt32)',
    dropped_links_count: 'UInt32',
    ...promotedColumns,
  },

  logs: {
    timestamp: 'DateTime64(9)',
    observed_timestamp: 'DateTime64(9)',
    received_at: 'DateTime64(3)',
    trace_id: 'FixedString(16)',
    span_id: 'FixedString(8)',
    flags: 'UInt32',
    severity_number: 'UInt8',
    severity_text: 'LowCardinality(String)',
    event_name: 'LowCardinality(String)',
    body: 'String',
    /** One letter, as in `attribute_types`. */
    body_type: 'LowCardinality(String)',
    ...resourceColumns,
    ...scopeColumns,
    ...attributes,
  },

  /** One row for each series in a batch; the engine keeps one per id. */
  metric_series: {
    metric: 'LowCardinality(String)',
    series_id: 'UInt64',
    /** gauge, sum, histogram, exponential_histogram or summary. */
    type: 'LowCardinality(String)',
    unit: 'LowCardinality(String)',
    description: 'LowCardinality(String)',
    /** 0 unspecified, 1 delta, 2 cumulative. */
    temporality: 'UInt8',
    is_monotonic: 'UInt8',
    metadata: 'Map(LowCardinality(String), String)',
    metadata_types: 'LowCardinality(String)',
    ...resourceColumns,
    ...scopeColumns,
    attributes: 'Map(LowCardinality(String), String)',
    attribute_types: 'LowCardinality(String)',
    received_at: 'DateTime64(3)',
  },

  /** Number data points of gauges and sums. */
  metric_samples: {
    ...pointColumns,
    /** The value as a double, whatever it was sent as. */
    value: 'Float64',
    /** The exact value where an integer was sent, else 0. */
    value_int: 'Int64',
    /** 0 none, 1 double, 2 integer. */
    value_kind: 'UInt8',
  },

  metric_histograms: {
    ...pointColumns,
    count: 'UInt64',
    sum: 'Nullable(Float64)',
    min: 'Nullable(Float64)',
    max: 'Nullable(Float64)',
    explicit_bounds: 'Array(Float64)',
    bucket_counts: 'Array(UInt64)',
  },

  metric_exponential_histograms: {
    ...pointColumns,
    count: 'UInt64',
    sum: 'Nullable(Float64)',
    min: 'Nullable(Float64)',
    max: 'Nullable(Float64)',
    scale: 'Int32',
    zero_count: 'UInt64',
    zero_threshold: 'Float64',
    positive_offset: 'Int32',
    positive_bucket_counts: 'Array(UInt64)',
    negative_offset: 'Int32',
    negative_bucket_counts: 'Array(UInt64)',
  },

  metric_summaries: {
    ...pointColumns,
    count: 'UInt64',
    sum: 'Float64',
    quantiles: 'Array(Float64)',
    quantile_values: 'Array(Float64)',
  },

  metric_exemplars: {
    metric: 'LowCardinality(String)',
    series_id: 'UInt64',
    /** The time of the exemplar, and of the data point that carried it. */
    timestamp: 'DateTime64(9)',
    point_timestamp: 'DateTime64(9)',
    received_at: 'DateTime64(3)',
    value: 'Float64',
    value_int: 'Int64',
    value_kind: 'UInt8',
    trace_id: 'FixedString(16)',
    span_id: 'FixedString(8)',
    filtered_attributes: 'Map(LowCardinality(String), String)',
    filtered_attribute_types: 'LowCardinality(String)',
  },
} as const satisfies Record<string, Record<string, ColumnType>>;

export type TableName = keyof typeof tables;
