import { type KindPage, level, line, linesBy, rate } from './figure.ts';

const messages = '{message}';
const perSecond = '{message}/s';
const ready = level('rabbitmq.message.current', { state: 'ready' });
const unacknowledged = level('rabbitmq.message.current', { state: 'unacknowledged' });
const acknowledged = rate('rabbitmq.message.acknowledged');
/** At the pace at which messages are done now, so long it takes until the last of them is. */
const rabbitBehind = { of: [ready, unacknowledged], over: [acknowledged] } as const;

export const rabbitmq: KindPage = {
  kind: 'rabbitmq',
  figures: [
    { id: 'messages', unit: messages, of: [ready, unacknowledged] },
    { id: 'published', unit: perSecond, of: [rate('rabbitmq.message.published')] },
    { id: 'acknowledged', unit: perSecond, of: [acknowledged] },
    { id: 'lagSeconds', unit: 's', ...rabbitBehind },
    { id: 'consumers', unit: '{consumer}', of: [level('rabbitmq.consumer.count')] },
    {
      id: 'memoryUsed',
      unit: '1',
      of: [level('rabbitmq.node.mem_used')],
      over: [level('rabbitmq.node.mem_limit')],
    },
  ],
  charts: [
    { id: 'messages', unit: messages, stacked: true, lines: [linesBy('state', level('rabbitmq.message.current'))] },
    {
      id: 'flow',
      unit: perSecond,
      lines: [
        line('published', rate('rabbitmq.message.published')),
        line('delivered', rate('rabbitmq.message.delivered')),
        line('acknowledged', acknowledged),
        line('redelivered', rate('sonde.rabbitmq.message.redelivered')),
        line('dropped', rate('rabbitmq.message.dropped')),
      ],
    },
    {
      id: 'longestQueues',
      unit: messages,
      lines: [linesBy('rabbitmq.queue.name', level('rabbitmq.message.current'))],
    },
    {
      id: 'clients',
      unit: '{client}',
      lines: [
        line('consumers', level('rabbitmq.consumer.count')),
        line('connections', level('sonde.rabbitmq.connections')),
        line('channels', level('sonde.rabbitmq.channels')),
      ],
    },
    {
      id: 'memoryUsed',
      unit: '1',
      max: 1,
      lines: [{ ...linesBy('rabbitmq.node.name', level('rabbitmq.node.mem_used')), over: [level('rabbitmq.node.mem_limit')] }],
    },
    { id: 'diskFree', unit: 'By', lines: [linesBy('rabbitmq.node.name', level('rabbitmq.node.disk_free'))] },
    {
      id: 'descriptors',
      unit: '1',
      max: 1,
      lines: [{ ...linesBy('rabbitmq.node.name', level('rabbitmq.node.fd_used')), over: [level('rabbitmq.node.fd_total')] }],
    },
    { id: 'runQueue', unit: '{process}', lines: [linesBy('rabbitmq.node.name', level('sonde.rabbitmq.node.run_queue'))] },
  ],
  tables: [
    {
      id: 'queues',
      by: ['rabbitmq.vhost.name', 'rabbitmq.queue.name'],
      columns: [
        { id: 'messages', unit: messages, of: [ready, unacknowledged] },
        { id: 'unacknowledged', unit: messages, of: [unacknowledged] },
        { id: 'lagSeconds', unit: 's', ...rabbitBehind },
        { id: 'consumers', unit: '{consumer}', of: [level('rabbitmq.consumer.count')] },
        { id: 'published', unit: perSecond, of: [rate('rabbitmq.message.published')] },
        { id: 'acknowledged', unit: perSecond, of: [acknowledged] },
      ],
    },
  ],
};

const kafkaLag = level('kafka.consumer_group.lag_sum');
/** An offset is a gauge, and grows by a message each. */
const kafkaWritten = rate('kafka.partition.current_offset');
const kafkaLagSeconds = level('sonde.kafka.consumer_group.lag_time');

export const kafka: KindPage = {
  kind: 'kafka',
  figures: [
    { id: 'lag', unit: messages, of: [kafkaLag] },
    { id: 'lagSeconds', unit: 's', of: [kafkaLagSeconds], combine: 'max' },
    { id: 'published', unit: perSecond, of: [kafkaWritten] },
    { id: 'brokers', unit: '{broker}', of: [level('kafka.brokers')], combine: 'max' },
    {
      id: 'inSync',
      unit: '1',
      of: [level('kafka.partition.replicas_in_sync')],
      over: [level('kafka.partition.replicas')],
    },
    { id: 'consumers', unit: '{consumer}', of: [level('kafka.consumer_group.members')] },
  ],
  charts: [
    { id: 'lag', unit: messages, lines: [{ ...linesBy('group', kafkaLag), by: ['group', 'topic'] }] },
    { id: 'lagSeconds', unit: 's', lines: [{ name: '', of: [kafkaLagSeconds], by: ['group', 'topic'], combine: 'max' }] },
    { id: 'offsets', unit: perSecond, lines: [linesBy('topic', kafkaWritten)] },
    { id: 'leaderless', unit: '{partition}', lines: [linesBy('topic', level('sonde.kafka.topic.partitions.leaderless'))] },
    {
      id: 'inSync',
      unit: '{replica}',
      lines: [line('replicas', level('kafka.partition.replicas')), line('in sync', level('kafka.partition.replicas_in_sync'))],
    },
    { id: 'clients', unit: '{consumer}', lines: [linesBy('group', level('kafka.consumer_group.members'))] },
    { id: 'brokers', unit: '{broker}', lines: [{ ...line('brokers', level('kafka.brokers')), combine: 'max' }] },
  ],
  tables: [
    {
      id: 'consumerGroups',
      by: ['group', 'topic'],
      columns: [
        { id: 'lag', unit: messages, of: [kafkaLag] },
        { id: 'lagSeconds', unit: 's', of: [kafkaLagSeconds], combine: 'max' },
      ],
    },
    {
      id: 'topics',
      by: ['topic'],
      columns: [
        { id: 'partitions', unit: '{partition}', of: [level('kafka.topic.partitions')] },
        { id: 'replicas', unit: '{replica}', of: [level('kafka.partition.replicas')] },
        { id: 'inSync', unit: '1', of: [level('kafka.partition.replicas_in_sync')], over: [level('kafka.partition.replicas')] },
      ],
    },
  ],
};

const activeMessages = level('activemq.message.queue.size');

export const activemq: KindPage = {
  kind: 'activemq',
  figures: [
    { id: 'messages', unit: messages, of: [activeMessages] },
    { id: 'published', unit: perSecond, of: [rate('activemq.message.enqueued')] },
    { id: 'acknowledged', unit: perSecond, of: [rate('activemq.message.dequeued')] },
    { id: 'lagSeconds', unit: 's', of: [activeMessages], over: [rate('activemq.message.dequeued')] },
    { id: 'consumers', unit: '{consumer}', of: [level('activemq.consumer.count')] },
    { id: 'memoryUsed', unit: '1', of: [level('activemq.memory.utilization')], combine: 'max' },
  ],
  charts: [
    { id: 'messages', unit: messages, stacked: true, lines: [linesBy('messaging.destination.name', activeMessages)] },
    {
      id: 'flow',
      unit: perSecond,
      lines: [
        line('published', rate('activemq.message.enqueued')),
        line('acknowledged', rate('activemq.message.dequeued')),
        line('expired', rate('activemq.message.expired')),
      ],
    },
    {
      id: 'wait',
      unit: 's',
      lines: [
        {
          ...linesBy('messaging.destination.name', level('activemq.message.enqueue.average_duration')),
          combine: 'max',
        },
      ],
    },
    {
      id: 'clients',
      unit: '{client}',
      lines: [
        line('consumers', level('activemq.consumer.count')),
        line('producers', level('activemq.producer.count')),
        line('connections', level('activemq.connection.count')),
      ],
    },
    {
      id: 'memoryUsed',
      unit: '1',
      max: 1,
      lines: ['memory', 'store', 'temp'].map((part) => ({
        ...line(part, level(`activemq.${part}.utilization`)),
        combine: 'max' as const,
      })),
    },
  ],
  tables: [
    {
      id: 'queues',
      by: ['messaging.destination.name'],
      columns: [
        { id: 'messages', unit: messages, of: [activeMessages] },
        { id: 'lagSeconds', unit: 's', of: [activeMessages], over: [rate('activemq.message.dequeued')] },
        { id: 'consumers', unit: '{consumer}', of: [level('activemq.consumer.count')] },
        { id: 'published', unit: perSecond, of: [rate('activemq.message.enqueued')] },
        { id: 'acknowledged', unit: perSecond, of: [rate('activemq.message.dequeued')] },
      ],
    },
  ],
};
