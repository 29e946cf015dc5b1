import { type Attributes, type SpanKind, SpanKind as Kind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { conventionsProcessor } from './conventions.ts';

/** A span as an instrumentation makes it, and what becomes of it. */
function mended(scope: string, name: string, kind: SpanKind, attributes: Attributes, failed?: Error | string): ReadableSpan {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [conventionsProcessor(), new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer(`@opentelemetry/instrumentation-${scope}`).startSpan(name, { kind, attributes });
  if (failed !== undefined) {
    span.recordException(failed);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
  return exporter.getFinishedSpans()[0] as ReadableSpan;
}

test.each([
  ['publish', Kind.PRODUCER, { exchange: '', key: 'orders' }, 'publish orders'],
  ['publish', Kind.PRODUCER, { exchange: 'shop', key: 'order.placed' }, 'publish shop:order.placed'],
  ['publish', Kind.PRODUCER, { exchange: 'fan', key: '' }, 'publish fan'],
  ['orders process', Kind.CONSUMER, { exchange: '', key: 'orders' }, 'process orders'],
  ['billing process', Kind.CONSUMER, { exchange: 'shop', key: 'order.placed' }, 'process shop:order.placed:billing'],
])('RabbitMQ: %s', (name, kind, { exchange, key }, expected) => {
  const span = mended('amqplib', name, kind, { 'messaging.destination': exchange, 'messaging.rabbitmq.routing_key': key });
  expect(span.name).toBe(expected);
  expect(span.attributes['messaging.destination.name']).toBe(expected.slice(expected.indexOf(' ') + 1));
  expect(span.attributes['messaging.system']).toBe('rabbitmq');
  expect(span.attributes).not.toHaveProperty('messaging.destination');
});

test.each([
  ['pg', "PostgreSQL error of type 'error' occurred (code: 23505)", '23505'],
  ['mysql2', undefined, '_OTHER'],
  ['ioredis', Object.assign(new Error('x'), { name: 'ReplyError' }), 'ReplyError'],
])('a failed statement says with what: %s', (scope, failure, type) => {
  const span = mended(scope, 'x', Kind.CLIENT, { 'db.query.text': 'SELECT 1', 'db.operation.name': 'x' }, failure ?? '');
  expect(span.attributes['error.type']).toBe(type);
});

test.each([
  [Kind.SERVER, 500, '500'],
  [Kind.SERVER, 404, undefined],
  [Kind.CLIENT, 404, '404'],
  [Kind.CLIENT, 200, undefined],
])('HTTP kind %i, status %i: error.type %s', (kind, status, type) => {
  expect(mended('http', 'GET', kind, { 'http.response.status_code': status }).attributes['error.type']).toBe(type);
});

test("an application's own spans are left as they are", () => {
  expect(mended('other', 'redis-get', Kind.CLIENT, { 'db.operation.name': 'get' })).toMatchObject({
    name: 'redis-get',
    attributes: { 'db.operation.name': 'get' },
  });
});
