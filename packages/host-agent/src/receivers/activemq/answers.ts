import { type Metric } from '../../metric.ts';
import { metricsOf, type MetricLine, numberOf } from '../metric-table.ts';

/** The attributes of an MBean. */
export type Values = Readonly<Record<string, unknown>>;
/** MBeans by their names. */
export type Beans = Readonly<Record<string, Values>>;

/** The most crowded ones; a broker may have as many destinations as it had clients. */
const destinationsMax = 500;

/** Names, units and types of OpenTelemetry's JMX metrics for ActiveMQ, and the attributes of the MBeans. */
const destinationLines: readonly MetricLine[] = [
  ['activemq.producer.count', '{producer}', 'level', 'ProducerCount'],
  ['activemq.consumer.count', '{consumer}', 'level', 'ConsumerCount'],
  ['activemq.destination.memory.usage', 'By', 'level', 'MemoryUsageByteCount'],
  ['activemq.destination.memory.limit', 'By', 'level', 'MemoryLimit'],
  ['activemq.destination.temp.utilization', '1', 'gauge', 'TempUsagePercentUsage', { scale: 0.01 }],
  ['activemq.destination.temp.limit', 'By', 'level', 'TempUsageLimit'],
  ['activemq.message.queue.size', '{message}', 'level', 'QueueSize'],
  ['activemq.message.expired', '{message}', 'counter', 'ExpiredCount'],
  ['activemq.message.enqueued', '{message}', 'counter', 'EnqueueCount'],
  ['activemq.message.dequeued', '{message}', 'counter', 'DequeueCount'],
  ['activemq.message.enqueue.average_duration', 's', 'gauge', 'AverageEnqueueTime', { scale: 1e-3 }],
  ['sonde.activemq.message.in_flight', '{message}', 'level', 'InFlightCount'],
];

const brokerLines: readonly MetricLine[] = [
  ['activemq.connection.count', '{connection}', 'level', 'CurrentConnectionsCount'],
  ['activemq.memory.utilization', '1', 'gauge', 'MemoryPercentUsage', { scale: 0.01 }],
  ['activemq.memory.limit', 'By', 'level', 'MemoryLimit'],
  ['activemq.store.utilization', '1', 'gauge', 'StorePercentUsage', { scale: 0.01 }],
  ['activemq.store.limit', 'By', 'level', 'StoreLimit'],
  ['activemq.temp.utilization', '1', 'gauge', 'TempPercentUsage', { scale: 0.01 }],
  ['activemq.temp.limit', 'By', 'level', 'TempLimit'],
];

const keysOf = (lines: readonly MetricLine[]): string[] => lines.map(([, , , key]) => key);
const broker = 'org.apache.activemq:type=Broker,brokerName=*';

/** What is read, in one request: nothing of the messages, no operation. */
export const questions = [
  { type: 'read', mbean: broker, attribute: ['BrokerName', 'BrokerVersion', 'UptimeMillis', ...keysOf(brokerLines)] },
  ...['Queue', 'Topic'].map((type) => ({
    type: 'read',
    mbean: `${broker},destinationType=${type},destinationName=*`,
    attribute: ['Name', ...keysOf(destinationLines)],
  })),
];

export function brokerMetrics(brokers: Beans): Metric[] {
  const subjects = Object.entries(brokers).map(([bean, values]) => ({ values, attributes: brokerOf(bean) }));
  return metricsOf(brokerLines, subjects);
}

/** Queues and topics; those by which ActiveMQ tells of itself are left out. */
export function destinationMetrics(destinations: Beans): Metric[] {
  const subjects = Object.entries(destinations)
    .filter(([, { Name: name }]) => typeof name === 'string' && !name.startsWith('ActiveMQ.Advisory.'))
    .toSorted(([, a], [, b]) => (numberOf(b['QueueSize']) ?? 0) - (numberOf(a['QueueSize']) ?? 0))
    .slice(0, destinationsMax)
    .map(([bean, values]) => ({
      values,
      attributes: {
        // The MBean's own name has other characters in place of some.
        'messaging.destination.name': String(values['Name']),
        'activemq.destination.type': partOf(bean, 'destinationType').toLowerCase(),
        ...brokerOf(bean),
      },
    }));
  return metricsOf(destinationLines, subjects);
}

function brokerOf(bean: string) {
  return { 'activemq.broker.name': partOf(bean, 'brokerName') };
}

/** Of `org.apache.activemq:brokerName=shop,type=Broker`. */
function partOf(bean: string, key: string): string {
  return new RegExp(`[:,]${key}=([^,]*)`).exec(bean)?.[1] ?? '';
}
