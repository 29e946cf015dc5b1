import { type AttributeValue, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type Span, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { describeSql } from './sql-text.ts';
import { type SqlDialect } from './sql-tokens.ts';

/**
 * Brings the spans of a few instrumentations to the current semantic conventions, when they end and all their attributes are known.
 * Each entry says what its instrumentation does otherwise (versions as in package.json).
 */
const mends: Readonly<Record<string, (span: Span) => void>> = {
  // Literals are sent unmasked; no operation, no summary, no error.type; named `pg.query:SELECT shop`.
  '@opentelemetry/instrumentation-pg': (span) => describeStatement(span, 'postgresql'),
  // No operation, no summary, no error.type; named by the first word only. (Values are kept out of the text in instrumentations.ts.)
  '@opentelemetry/instrumentation-mysql2': (span) => describeStatement(span, 'mysql'),
  // Commands as the caller wrote them (`get`), so that one command has two names; redis prefixes its span names with `redis-`.
  '@opentelemetry/instrumentation-ioredis': nameByCommand,
  '@opentelemetry/instrumentation-redis': nameByCommand,
  // 5xx without error.type, which the convention asks of every failed operation.
  '@opentelemetry/instrumentation-http': (span) => {
    const status = span.attributes['http.response.status_code'];
    const failedFrom = span.kind === SpanKind.SERVER ? 500 : 400;
    if (typeof status === 'number' && status >= failedFrom && span.attributes['error.type'] === undefined) {
      span.setAttribute('error.type', String(status));
    }
  },
  // Conventions of 2022.
  '@opentelemetry/instrumentation-amqplib': renewMessaging,
};

export function conventionsProcessor(): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnding: (span) => mends[span.instrumentationScope.name]?.(span),
    onEnd: () => undefined,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** Semantic conventions "Database": the span is named by the summary, which names no values. */
function describeStatement(span: Span, dialect: SqlDialect): void {
  nameError(span);
  const sent = span.attributes['db.query.text'];
  if (typeof sent !== 'string') return;
  const { text, operation, summary } = describeSql(sent, dialect);
  if (text !== sent) span.setAttribute('db.query.text', text);
  if (operation !== undefined) span.setAttribute('db.operation.name', operation);
  if (summary === undefined) return;
  span.setAttribute('db.query.summary', summary);
  span.updateName(summary);
}

function nameByCommand(span: Span): void {
  nameError(span);
  const operation = span.attributes['db.operation.name'];
  if (typeof operation !== 'string') return;
  const command = operation.toUpperCase();
  if (command !== operation) span.setAttribute('db.operation.name', command);
  span.updateName(command);
}

/** error.type, and db.response.status_code where pg tells PostgreSQL's code: in the text of the exception event. */
function nameError(span: Span): void {
  if (span.status.code !== SpanStatusCode.ERROR || span.attributes['error.type'] !== undefined) return;
  const exception = span.events.find(({ name }) => name === 'exception')?.attributes;
  const code = /\(code: (\w+)\)$/.exec(String(exception?.['exception.message'] ?? ''))?.[1];
  if (code !== undefined && code !== 'UNKNOWN') span.setAttribute('db.response.status_code', code);
  span.setAttribute('error.type', code ?? exception?.['exception.type'] ?? '_OTHER');
}

/**
 * Semantic conventions "RabbitMQ": the destination is exchange and routing key, for a consumer the queue as well, joined by `:`, each
 * only where it is there and new.
 */
function renewMessaging(span: Span): void {
  const producing = span.kind === SpanKind.PRODUCER;
  const queue = producing ? undefined : span.name.replace(/ process$/, '');
  const routingKey = take(span, 'messaging.rabbitmq.routing_key');
  const names = [take(span, 'messaging.destination'), routingKey, queue].filter(
    (name) => typeof name === 'string' && name !== '',
  );
  const destination = [...new Set(names)].join(':');
  const operation = producing ? 'publish' : 'process';

  if (span.attributes['messaging.system'] === undefined) span.setAttribute('messaging.system', 'rabbitmq');
  setKnown(span, 'messaging.destination.name', destination === '' ? undefined : destination);
  setKnown(span, 'messaging.rabbitmq.destination.routing_key', routingKey);
  setKnown(span, 'messaging.message.id', take(span, 'messaging.message_id'));
  setKnown(span, 'messaging.message.conversation_id', take(span, 'messaging.conversation_id'));
  span.setAttribute('messaging.operation.name', operation);
  span.setAttribute('messaging.operation.type', producing ? 'send' : 'process');
  for (const old of ['operation', 'destination_kind', 'protocol', 'protocol_version', 'url']) take(span, `messaging.${old}`);
  span.updateName(destination === '' ? operation : `${operation} ${destination}`);
}

function setKnown(span: Span, key: string, value: AttributeValue | undefined): void {
  if (value !== undefined) span.setAttribute(key, value);
}

/** The API can add attributes, not remove them; the SDK's span keeps them in a plain object. */
function take(span: Span, key: string): AttributeValue | undefined {
  const value = span.attributes[key];
  Reflect.deleteProperty(span.attributes, key);
  return value;
}
