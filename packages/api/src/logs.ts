import { severities } from '@sonde/model';
import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, noParams, operation, strictObject, timeRange, UnixNano } from './common.ts';
import { Attributes, AttributeValue } from './traces.ts';

const logFilters = {
  q: Type.Optional(
    Type.String({
      description:
        'A search (docs/formats/search.md) that the record matches: timeout severity >= warn and service.name = cart.',
    }),
  ),
  service: Type.Optional(Type.String({ maxLength: 1024, description: 'A record of this service.' })),
  host: Type.Optional(Type.String({ maxLength: 1024, description: 'A record from this host.' })),
  environment: Type.Optional(Type.String({ maxLength: 1024, description: 'Of this deployment environment.' })),
  namespace: Type.Optional(Type.String({ maxLength: 1024, description: 'Of a service of this namespace.' })),
  severity: Type.Optional(Type.Enum(severities.slice(1), { description: 'At least this severe.' })),
};

export const LogRecord = strictObject({
  /** When it happened, or where the sender does not say, when it was observed. */
  timeUnixNano: UnixNano,
  /** 0 where the sender does not say. */
  observedTimeUnixNano: UnixNano,
  /** Empty where there is none; so is the span's. */
  traceId: Type.String(),
  spanId: Type.String(),
  severity: strictObject({ number: Count, text: Type.String(), level: Type.Enum([...severities]) }),
  eventName: Type.String(),
  /** As it was sent: mostly a string. */
  body: AttributeValue,
  attributes: Attributes,
  droppedAttributesCount: Count,
  service: Type.String(),
  instance: Type.String(),
  host: Type.String(),
  version: Type.String(),
  scope: Type.String(),
});
export type LogRecord = Static<typeof LogRecord>;

export const listLogs = operation({
  id: 'listLogs',
  path: '/logs',
  summary: 'Log records that match every filter, newest first.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...logFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100.' })),
    cursor: Type.Optional(Type.String({ maxLength: 200, description: 'nextCursor of the page before.' })),
  }),
  reply: strictObject({ range: AnsweredRange, items: Type.Array(LogRecord), nextCursor: Type.Optional(Type.String()) }),
});

export const getLogHistogram = operation({
  id: 'getLogHistogram',
  path: '/logs/histogram',
  summary: 'How many log records that match every filter there were over time, by severity.',
  params: noParams,
  query: strictObject({ ...timeRange, ...logFilters }),
  reply: strictObject({
    range: AnsweredRange,
    stepMs: Count,
    timesMs: Type.Array(Type.Integer()),
    total: Count,
    /** Those that occur, the least severe first; a count for each step. */
    severities: Type.Array(strictObject({ severity: Type.Enum([...severities]), counts: Type.Array(Count) })),
  }),
});
