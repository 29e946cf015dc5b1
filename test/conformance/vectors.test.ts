/**
 * The examples of opentelemetry-proto go in through the real collector and come out of the real database: every field of the file
 * is compared with what was stored, both brought to one plain shape here.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { attributesFromText, valueFromText } from '@sonde/model';
import type { Signal } from '@sonde/otlp';
import { type Engine, openEngine } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorEnv, collectorFolder, collectorMain } from '../fixtures/collector.ts';
import { startProcess } from '../fixtures/process.ts';
import { haveVectors, vector } from '../otlp/vectors.ts';

const files: readonly (readonly [string, Signal])[] = [
  ['trace.json', 'traces'],
  ['metrics.json', 'metrics'],
  ['logs.json', 'logs'],
  ['events.json', 'logs'],
];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { readonly [key: string]: Json };

describe.skipIf(!haveVectors())('the examples of opentelemetry-proto, read back from the database', () => {
  let dataDir: string;
  let engine: Engine;

  beforeAll(async () => {
    dataDir = await collectorFolder('vectors');
    const env = {
      SONDE_DATA_DIR: dataDir,
      ...collectorEnv,
    };
    const collector = await startProcess([collectorMain], env);
    for (const [file, signal] of files) {
      const headers = { 'content-type': 'application/json' };
      const url = `${collector.ready['otlpHttp']}/v1/${signal}`;
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(vector(`otlp/${file}`)) });
      expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: '{}' });
    }
    expect(await collector.stop()).toBe(0);
    engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  });
  afterAll(async () => {
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const rows = (sql: string): Promise<Stored[]> => engine.query(sql, {}, { timeMs: 10_000, memoryBytes: 1e9, rowsMax: 1e6 });

  test('trace.json', async () => {
    const stored = await rows(`SELECT ${shared('spans')}, name, kind, status_code,
        hex(trace_id) AS traceId, hex(span_id) AS spanId, hex(parent_span_id) AS parentSpanId, toString(duration_ns) AS durationNs,
        toString(toUnixTimestamp64Nano(timestamp)) AS startTimeUnixNano,
        toString(toUnixTimestamp64Nano(timestamp) + duration_ns) AS endTimeUnixNano
      FROM spans JOIN ${resources} USING resource_id`);
    expect(stored.map((row) => ({ ...context(row), ...pick(row, spanFields) }))).toEqual(
      itemsOf('trace.json', 'Spans', 'spans'),
    );
  });

  test.each(['logs.json', 'events.json'])('%s', async (file) => {
    const stored = await rows(`SELECT ${shared('logs')}, body, body_type, event_name AS eventName,
        severity_number AS severityNumber, severity_text AS severityText, hex(trace_id) AS traceId, hex(span_id) AS spanId,
        toString(toUnixTimestamp64Nano(timestamp)) AS timeUnixNano,
        toString(toUnixTimestamp64Nano(observed_timestamp)) AS observedTimeUnixNano
      FROM logs JOIN ${resources} USING resource_id WHERE eventName ${file === 'events.json' ? '!=' : '='} ''`);
    const items = stored.map((row) => ({
      ...context(row),
      ...pick(row, logFields),
      body: valueFromText(row.body, row.body_type),
    }));
    expect(items).toEqual(itemsOf(file, 'Logs', 'logRecords'));
  });

  test('metrics.json', async () => {
    const series = `${shared('series')}, metric AS name, unit, description, type, temporality AS aggregationTemporality,
        toBool(is_monotonic) AS isMonotonic, toString(toUnixTimestamp64Nano(timestamp)) AS timeUnixNano,
        toString(toUnixTimestamp64Nano(start_timestamp)) AS startTimeUnixNano`;
    const histogram = `toString(count) AS count, sum, min, max`;
    const stored = [
      ...(await rows(`SELECT ${series}, value AS asDouble ${pointsOf('metric_samples')} ORDER BY name`)),
      ...(await rows(`SELECT ${series}, ${histogram}, arrayMap(x -> toString(x), bucket_counts) AS bucketCounts,
          explicit_bounds AS explicitBounds ${pointsOf('metric_histograms')}`)),
      ...(await rows(`SELECT ${series}, ${histogram}, scale, toString(zero_count) AS zeroCount, zero_threshold AS zeroThreshold,
          positive_offset AS offset, arrayMap(x -> toString(x), positive_bucket_counts) AS bucketCounts
          ${pointsOf('metric_exponential_histograms')}`)),
    ];
    expect(stored.map((row) => ({ ...context(row), ...pick(row, pointFields) }))).toEqual(points());
  });
});

interface Stored extends Record<string, Json> {
  body: string;
  body_type: string;
}

/** Rows of one id wait for their merge: any one of them will do. */
const resources = '(SELECT * FROM resources LIMIT 1 BY resource_id) AS resources';

function pointsOf(table: string): string {
  return `FROM ${table} AS point JOIN (SELECT * FROM metric_series LIMIT 1 BY metric, series_id) AS series USING (metric, series_id)
    JOIN ${resources} ON resources.resource_id = series.resource_id`;
}

/** The columns of resource and scope, and the attributes, of every table. */
function shared(table: string): string {
  return `resources.attributes AS resource_attributes, resources.attribute_types AS resource_types, scope_name, scope_version,
    scope_attributes, scope_attribute_types, ${table}.attributes AS item_attributes, ${table}.attribute_types AS item_types`;
}

function context(row: Stored): Record<string, unknown> {
  const attributes = (map: string, types: string): Record<string, unknown> => {
    const entries = Object.entries(row[map] ?? {});
    return attributesFromText(
      entries.map(([key]) => key),
      entries.map(([, value]) => String(value)),
      textOf(row[types]),
    );
  };
  return {
    resource: attributes('resource_attributes', 'resource_types'),
    scope: {
      name: row['scope_name'],
      version: row['scope_version'],
      attributes: attributes('scope_attributes', 'scope_attribute_types'),
    },
    attributes: attributes('item_attributes', 'item_types'),
  };
}

/** What a field is where the file does not say: proto3's default. */
type Defaults = Readonly<Record<string, Json>>;
const spanFields: Defaults = {
  traceId: '',
  spanId: '',
  parentSpanId: '',
  name: '',
  kind: 0,
  startTimeUnixNano: '0',
  endTimeUnixNano: '0',
};
const logFields: Defaults = {
  timeUnixNano: '0',
  observedTimeUnixNano: '0',
  severityNumber: 0,
  severityText: '',
  eventName: '',
  traceId: '0'.repeat(32),
  spanId: '0'.repeat(16),
};
const pointFields: Defaults = Object.fromEntries([
  ...['name', 'unit', 'description', 'type'].map((name) => [name, '']),
  ...['timeUnixNano', 'startTimeUnixNano'].map((name) => [name, '0']),
  ...['asDouble', 'count', 'sum', 'min', 'max', 'bucketCounts', 'explicitBounds'].map((name) => [name, null]),
  ...['scale', 'zeroCount', 'zeroThreshold', 'offset'].map((name) => [name, null]),
  ['aggregationTemporality', 0],
  ['isMonotonic', false],
]);

function pick(fields: Fields, defaults: Defaults): Record<string, Json> {
  return Object.fromEntries(Object.entries(defaults).map(([name, fallback]) => [name, fields[name] ?? fallback]));
}

/** The items of a file with their resource and scope, in the shape in which the stored ones are compared. */
function itemsOf(file: string, kind: string, items: string): Record<string, unknown>[] {
  const defaults = items === 'spans' ? spanFields : logFields;
  return parts(file, kind, items).map(({ item, resource, scope }) => ({
    resource,
    scope,
    attributes: plainAttributes(item['attributes']),
    ...pick(item, defaults),
    ...(items === 'logRecords' && { body: plainValue(item['body']) }),
  }));
}

function points(): Record<string, unknown>[] {
  return parts('metrics.json', 'Metrics', 'metrics').flatMap(({ item, resource, scope }) =>
    ['sum', 'gauge', 'histogram', 'exponentialHistogram'].flatMap((type) => {
      const data = fieldsOf(item[type]);
      return list(data['dataPoints']).map((point) => ({
        resource,
        scope,
        attributes: plainAttributes(point['attributes']),
        ...pick(
          {
            ...data,
            ...fieldsOf(point['positive']),
            ...point,
            ...pick(item, { name: '', unit: '', description: '' }),
            type: snake(type),
          },
          pointFields,
        ),
      }));
    }),
  );
}

function parts(file: string, kind: string, items: string) {
  const body = fieldsOf(JSON.parse(vector(`otlp/${file}`).toString()));
  return list(body[`resource${kind}`]).flatMap((group) =>
    list(group[`scope${kind}`]).flatMap((scoped) =>
      list(scoped[items]).map((item) => {
        const scope = fieldsOf(scoped['scope']);
        return {
          item,
          resource: plainAttributes(fieldsOf(group['resource'])['attributes']),
          scope: { name: scope['name'], version: scope['version'], attributes: plainAttributes(scope['attributes']) },
        };
      }),
    ),
  );
}

function plainAttributes(attributes: Json | undefined): Record<string, Json> {
  return Object.fromEntries(list(attributes).map(({ key, value }) => [textOf(key), plainValue(value)]));
}

function plainValue(value: Json | undefined): Json {
  const { arrayValue, intValue, kvlistValue, ...scalar } = fieldsOf(value);
  if (arrayValue !== undefined) return list(fieldsOf(arrayValue)['values']).map(plainValue);
  if (kvlistValue !== undefined) return plainAttributes(fieldsOf(kvlistValue)['values']);
  if (intValue !== undefined) return Number(intValue);
  return Object.values(scalar)[0] ?? null;
}

function fieldsOf(value: Json | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function list(value: Json | undefined): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
