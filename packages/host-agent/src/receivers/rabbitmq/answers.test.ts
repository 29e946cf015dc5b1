import { expect, test } from 'vitest';
import { type Metric } from '../../metric.ts';
import { nodeMetrics, queueMetrics, serverMetrics } from './answers.ts';

const lines = (metrics: readonly Metric[]): string[] =>
  metrics.flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );

// Captured from RabbitMQ 3.10.8, shortened: five messages published, one acknowledged, two more at the consumer.
test('queues, the most crowded first; what never happened is left out', () => {
  const idle = { consumers: 0, messages_ready: 0, messages_unacknowledged: 0, name: 'idle', vhost: '/', message_stats: [] };
  const orders = {
    consumers: 1,
    message_bytes: 8,
    message_stats: { ack: 1, ack_details: { rate: 0.0 }, deliver: 3, deliver_get: 3, publish: 5, redeliver: 0 },
    messages_ready: 2,
    messages_unacknowledged: 2,
    name: 'orders',
    vhost: '/',
  };
  expect(lines(queueMetrics([idle, orders]))).toEqual([
    'rabbitmq.consumer.count orders /: 1',
    'rabbitmq.consumer.count idle /: 0',
    'rabbitmq.message.current orders / ready: 2',
    'rabbitmq.message.current idle / ready: 0',
    'rabbitmq.message.current orders / unacknowledged: 2',
    'rabbitmq.message.current idle / unacknowledged: 0',
    'rabbitmq.message.published orders /: 5',
    'rabbitmq.message.delivered orders /: 3',
    'rabbitmq.message.acknowledged orders /: 1',
    'sonde.rabbitmq.message.redelivered orders /: 0',
    'sonde.rabbitmq.message.size orders /: 8',
  ]);
});

test('a node that has just started says little; one with an alarm', () => {
  const young = { name: 'rabbit@a', type: 'disc', running: true };
  const full = { name: 'rabbit@b', running: true, mem_used: 110, mem_limit: 100, mem_alarm: true, fd_used: 40 };
  expect(lines(nodeMetrics([young, full]))).toEqual([
    'rabbitmq.node.mem_used rabbit@b: 110',
    'rabbitmq.node.mem_limit rabbit@b: 100',
    'rabbitmq.node.mem_alarm rabbit@b: 1',
    'rabbitmq.node.fd_used rabbit@b: 40',
    'sonde.rabbitmq.node.running rabbit@a: 1',
    'sonde.rabbitmq.node.running rabbit@b: 1',
  ]);
});

test('the whole server', () => {
  const overview = {
    message_stats: { drop_unroutable: 1, publish: 6 },
    object_totals: { channels: 1, connections: 1, queues: 2 },
  };
  expect(lines(serverMetrics(overview))).toEqual([
    'rabbitmq.message.dropped: 1',
    'sonde.rabbitmq.connections: 1',
    'sonde.rabbitmq.channels: 1',
    'sonde.rabbitmq.queues: 2',
  ]);
});
