import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../packages/shop/src/broker/broker.ts';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type SeenSpan } from '../fixtures/otlp/decode.ts';
import { agentByImport, runApp } from '../fixtures/run-app.ts';

let capture: Capture;
let broker: Broker;
beforeAll(async () => {
  [capture, broker] = await Promise.all([startCapture(), startBroker()]);
  const ran = await runApp('messages.mjs', {
    agent: agentByImport,
    args: [String(broker.port)],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url },
  });
  expect(ran).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
});
afterAll(async () => {
  await broker.close();
  await capture.stop();
});

const of = (kind: SeenSpan['kind'], scope: string) =>
  capture.spans.filter((span) => span.kind === kind && span.scope.includes(scope));
const durationNs = ({ startNs, endNs }: SeenSpan) => endNs - startNs;
const request = (path: string) =>
  capture.spans.find(({ kind, attributes }) => kind === 'server' && attributes['url.path'] === path);

test('amqplib: one trace from the request over the queue to what the consumer calls', () => {
  const [published] = of('producer', 'amqplib');
  const [processed] = of('consumer', 'amqplib');
  const called = capture.spans.find(({ kind, attributes }) => kind === 'client' && attributes['url.path'] === '/receipt');
  expect(published?.parentSpanId).toBe(request('/order')?.spanId);
  expect(processed?.parentSpanId).toBe(published?.spanId);
  expect(called?.parentSpanId).toBe(processed?.spanId);
  expect(
    new Set([request('/order'), published, processed, called, request('/receipt')].map((span) => span?.traceId)).size,
  ).toBe(1);
  // Until the message is acknowledged. Durations, for the clock that starts are taken from is not the one that measures.
  expect(durationNs(processed!)).toBeGreaterThan(durationNs(called!));
});

test('amqplib: the attributes of the current conventions, and none of the old', () => {
  const [published] = of('producer', 'amqplib');
  const [processed] = of('consumer', 'amqplib');
  const common = {
    'messaging.system': expect.any(String),
    'messaging.destination.name': 'orders.placed',
    'messaging.rabbitmq.destination.routing_key': 'orders.placed',
    'messaging.message.id': 'm-1',
    'messaging.message.conversation_id': 'c-1',
    'server.address': '127.0.0.1',
    'server.port': broker.port,
  };
  expect(published).toMatchObject({
    name: 'publish orders.placed',
    attributes: { ...common, 'messaging.operation.name': 'publish', 'messaging.operation.type': 'send' },
  });
  expect(processed).toMatchObject({
    name: 'process orders.placed',
    attributes: { ...common, 'messaging.operation.name': 'process', 'messaging.operation.type': 'process' },
  });
  for (const { attributes } of [...of('producer', 'amqplib'), ...of('consumer', 'amqplib')]) {
    expect(Object.keys(attributes).toSorted()).toEqual(
      [...Object.keys(common), 'messaging.operation.name', 'messaging.operation.type'].toSorted(),
    );
  }
  expect(JSON.stringify(capture.spans.map(({ attributes }) => attributes))).not.toContain('secret-password');
});

test('kafkajs: a message that cannot be sent', () => {
  const [sent] = of('producer', 'kafkajs');
  expect(sent).toMatchObject({
    name: 'send events',
    status: 'error',
    parentSpanId: request('/event')?.spanId,
    attributes: {
      'messaging.system': 'kafka',
      'messaging.destination.name': 'events',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'error.type': expect.any(String),
    },
  });
});
