import { expect, test } from 'vitest';
import { type Metric } from '../../metric.ts';
import { brokerMetrics, destinationMetrics } from './answers.ts';

const lines = (metrics: readonly Metric[]): string[] =>
  metrics.flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );

const bean = (type: string, name: string) =>
  `org.apache.activemq:brokerName=shop,destinationName=${name},destinationType=${type},type=Broker`;

test('destinations under their own names, the most crowded first; those by which ActiveMQ tells of itself are left out', () => {
  const found = destinationMetrics({
    [bean('Topic', 'prices_eu')]: { Name: 'prices:eu', QueueSize: 0, AverageEnqueueTime: 0 },
    [bean('Queue', 'orders')]: { Name: 'orders', QueueSize: 5, AverageEnqueueTime: 250.5, ConsumerCount: 2 },
    [bean('Topic', 'ActiveMQ.Advisory.Connection')]: { Name: 'ActiveMQ.Advisory.Connection', QueueSize: 9 },
  });
  expect(lines(found)).toEqual([
    'activemq.consumer.count orders queue shop: 2',
    'activemq.message.queue.size orders queue shop: 5',
    'activemq.message.queue.size prices:eu topic shop: 0',
    'activemq.message.enqueue.average_duration orders queue shop: 0.2505',
    'activemq.message.enqueue.average_duration prices:eu topic shop: 0',
  ]);
});

test('of a percentage, the part of one', () => {
  const shop = { MemoryPercentUsage: 25, MemoryLimit: 33_554_432, StorePercentUsage: 100 };
  expect(lines(brokerMetrics({ 'org.apache.activemq:brokerName=shop,type=Broker': shop }))).toEqual([
    'activemq.memory.utilization shop: 0.25',
    'activemq.memory.limit shop: 33554432',
    'activemq.store.utilization shop: 1',
  ]);
});
