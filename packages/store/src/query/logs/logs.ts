/**
 * Log records, newest first, page by page.
 *
 * Nothing tells two records apart for certain, so their order is that of time and of a hash of all that is answered; a cursor says after how
 * many of the same time and hash its page ended. Records that are alike in both are the same to a reader.
 */
import type { listLogs, LogRecord } from '@sonde/api';
import { attributesFromText, type Expression, valueFromText } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../../engine/types.ts';
import { BadCursor, questionOf, readPlace, writePlace } from '../cursor.ts';
import { ask, defineQuery, type RowOf } from '../define.ts';
import { moment, rangeParams, rangeTypes, type TimeRange } from '../range.ts';
import { type SearchCondition } from '../search/condition.ts';
import { growth } from '../search/newest-matching.ts';
import { checkPatterns } from '../search/patterns.ts';
import { levelOf, logCondition, severityLevel, severityOf } from './log-condition.ts';

export interface LogFilters {
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly namespace?: string;
  /** At least this severe. */
  readonly severity?: string;
  readonly search?: Expression;
}

export const logTypes = {
  ...rangeTypes,
  service: 'String',
  host: 'String',
  environment: 'String',
  namespace: 'String',
  level: 'UInt8',
} as const;

export function logParams(range: TimeRange, filters: LogFilters) {
  return {
    ...rangeParams(range),
    service: filters.service ?? '',
    host: filters.host ?? '',
    environment: filters.environment ?? '',
    namespace: filters.namespace ?? '',
    level: filters.severity === undefined ? 0 : levelOf(filters.severity),
  };
}

const bucket = 'toStartOfFiveMinutes(time)';

/** Records of the range that fit every filter. */
export function logMatches(search: SearchCondition): string {
  return `${bucket} >= toStartOfFiveMinutes(${moment('{fromNs:Int64}')}) AND ${bucket} <= toStartOfFiveMinutes(${moment('{toNs:Int64}')})
    AND time >= ${moment('{fromNs:Int64}')} AND time < ${moment('{toNs:Int64}')}
    AND ({service:String} = '' OR service = {service:String})
    AND ({host:String} = '' OR host = {host:String})
    AND ({environment:String} = '' OR environment = {environment:String})
    AND ({namespace:String} = '' OR namespace = {namespace:String})
    AND ({level:UInt8} = 0 OR ${severityLevel} >= {level:UInt8})
    AND ${search.sql}`;
}

/** How many records match, up to a bound, and where the newest of them, as many as the bound, begin. */
export const newestLogsQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'newestLogs',
    params: { ...logTypes, recordsMax: 'UInt32' },
    row: { recordCount: 'Float64', firstNs: 'String' },
    sql: `
SELECT toFloat64(count()) AS recordCount, toString(min(ns)) AS firstNs
FROM (SELECT toUnixTimestamp64Nano(time) AS ns FROM logs WHERE ${logMatches(search)} ORDER BY time DESC LIMIT {recordsMax:UInt32})`,
  });

const rowHash = `cityHash64(timestamp, observed_timestamp, trace_id, span_id, severity_number, severity_text, event_name, body, body_type,
  resource_id, scope_name, mapKeys(attributes), mapValues(attributes), attribute_types, dropped_attributes_count)`;

export const logPageQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'logPage',
    params: { ...logTypes, placeNs: 'Int64', placeHash: 'UInt64', skip: 'UInt32', limit: 'UInt32' },
    row: {
      timeNs: 'String',
      hash: 'String',
      observedNs: 'String',
      traceId: 'String',
      spanId: 'String',
      severityNumber: 'UInt8',
      severityText: 'LowCardinality(String)',
      level: 'UInt8',
      eventName: 'LowCardinality(String)',
      bodyText: 'String',
      bodyType: 'LowCardinality(String)',
      serviceName: 'LowCardinality(String)',
      instanceId: 'LowCardinality(String)',
      hostName: 'LowCardinality(String)',
      serviceVersion: 'LowCardinality(String)',
      scopeName: 'LowCardinality(String)',
      attributeKeys: 'Array(String)',
      attributeValues: 'Array(String)',
      attributeTypes: 'LowCardinality(String)',
      droppedAttributesCount: 'UInt32',
    },
    sql: `
SELECT toString(ns) AS timeNs, toString(row_hash) AS hash, toString(toUnixTimestamp64Nano(observed_timestamp)) AS observedNs,
  if(trace_id = toFixedString('', 16), '', lower(hex(trace_id))) AS traceId,
  if(span_id = toFixedString('', 8), '', lower(hex(span_id))) AS spanId,
  severity_number AS severityNumber, severity_text AS severityText, toUInt8(${severityLevel}) AS level, event_name AS eventName,
  body AS bodyText, body_type AS bodyType, service AS serviceName, instance AS instanceId, host AS hostName, version AS serviceVersion,
  scope_name AS scopeName, arrayMap(text_value -> toString(text_value), mapKeys(attributes)) AS attributeKeys,
  mapValues(attributes) AS attributeValues, attribute_types AS attributeTypes, dropped_attributes_count AS droppedAttributesCount
FROM (
  SELECT *, toUnixTimestamp64Nano(time) AS ns, ${rowHash} AS row_hash
  FROM logs
  WHERE ${logMatches(search)}
)
WHERE ns <= {placeNs:Int64} AND (ns, row_hash) <= ({placeNs:Int64}, {placeHash:UInt64})
ORDER BY ns DESC, row_hash DESC
LIMIT {limit:UInt32} OFFSET {skip:UInt32}`,
  });

interface Place {
  readonly placeNs: bigint;
  readonly placeHash: bigint;
  /** Records of this time and hash that were answered already. */
  readonly skip: number;
}

const beyondAll: Place = { placeNs: 2n ** 63n - 1n, placeHash: 2n ** 64n - 1n, skip: 0 };

type LogsReply = Static<typeof listLogs.reply>;

export interface LogPage {
  readonly limit: number;
  readonly cursor?: string;
}

export async function logs(engine: Engine, range: TimeRange, filters: LogFilters, page: LogPage): Promise<LogsReply> {
  const question = questionOf('logs', filters);
  const place = page.cursor === undefined ? beyondAll : placeOf(page.cursor, question);
  await checkPatterns(engine, filters.search);
  const search = logCondition(filters.search);
  const asked = logParams(range, filters);
  // Of the place's own time some were answered already: enough are looked for among what is older.
  const older = { ...asked, toNs: place.placeNs < asked.toNs ? place.placeNs : asked.toNs, recordsMax: page.limit + 1 };
  const within = { ...asked, fromNs: await firstOfNewest(engine, older, search) };
  const rows = await ask(engine, logPageQuery(search), { ...within, ...place, limit: page.limit + 1 }, search.params);
  const shown = rows.slice(0, page.limit);
  const items = shown.map(recordOf);
  const last = shown.at(-1);
  if (rows.length <= page.limit || last === undefined) return { range, items };
  const alike = shown.filter((row) => row.timeNs === last.timeNs && row.hash === last.hash).length;
  const before = last.timeNs === String(place.placeNs) && last.hash === String(place.placeHash) ? place.skip : 0;
  return { range, items, nextCursor: writePlace(question, [last.timeNs, last.hash, String(alike + before)]) };
}

function placeOf(cursor: string, question: string): Place {
  const [ns, hash, skip] = readPlace(cursor, question, 3);
  const [placeNs, placeHash] = [BigInt(ns ?? ''), BigInt(hash ?? '')];
  if (placeNs > beyondAll.placeNs || placeHash > beyondAll.placeHash || placeHash < 0n || !/^\d{1,6}$/.test(skip ?? '')) {
    throw new BadCursor('Not a cursor of this list.');
  }
  return { placeNs, placeHash, skip: Number(skip) };
}

type NewestParams = ReturnType<typeof logParams> & { readonly recordsMax: number };

/** Where the newest records of the range begin, as many as are wanted: in the newest part of it, or in as much more as that says. */
async function firstOfNewest(engine: Engine, asked: NewestParams, search: SearchCondition): Promise<bigint> {
  for (let lengthNs = (asked.toNs - asked.fromNs) / 256n; ;) {
    const fromNs = asked.toNs - lengthNs;
    // A place before the range leaves none of it.
    const whole = lengthNs <= 0n || fromNs <= asked.fromNs;
    const [row] = await ask(
      engine,
      newestLogsQuery(search),
      { ...asked, fromNs: whole ? asked.fromNs : fromNs },
      search.params,
    );
    const count = row?.recordCount ?? 0;
    if (row !== undefined && count >= asked.recordsMax) return BigInt(row.firstNs);
    if (whole) return asked.fromNs;
    lengthNs *= growth(count, asked.recordsMax);
  }
}

function recordOf(row: RowOf<ReturnType<typeof logPageQuery>['row']>): LogRecord {
  return {
    timeUnixNano: row.timeNs,
    observedTimeUnixNano: row.observedNs,
    traceId: row.traceId,
    spanId: row.spanId,
    severity: { number: row.severityNumber, text: row.severityText, level: severityOf(row.level) },
    eventName: row.eventName,
    body: valueFromText(row.bodyText, row.bodyType === '' ? 's' : row.bodyType),
    attributes: attributesFromText(row.attributeKeys, row.attributeValues, row.attributeTypes),
    droppedAttributesCount: row.droppedAttributesCount,
    service: row.serviceName,
    instance: row.instanceId,
    host: row.hostName,
    version: row.serviceVersion,
    scope: row.scopeName,
  };
}
