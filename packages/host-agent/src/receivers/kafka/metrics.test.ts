import { expect, test } from 'vitest';
import { clusterMetrics, type ClusterState } from './metrics.ts';

const partition = { leader: 1, replicas: 2, inSync: 2, oldest: 10, end: 100 };

test('a partition without leader, one that a group has read to its end, and one that it has never read', () => {
  const state: ClusterState = {
    brokers: 2,
    topics: [
      {
        name: 'orders',
        partitions: [
          { ...partition, id: 0 },
          { ...partition, id: 1, inSync: 1, end: 50 },
          { ...partition, id: 2, leader: -1, inSync: 0, oldest: undefined, end: undefined },
        ],
      },
    ],
    groups: [
      {
        id: 'mail',
        members: 3,
        offsets: [
          { topic: 'orders', partition: 0, offset: 70 },
          { topic: 'orders', partition: 1, offset: 51 },
          { topic: 'orders', partition: 2, offset: 5 },
          { topic: 'deleted', partition: 0, offset: 9 },
        ],
      },
      { id: 'idle', members: 0, offsets: [] },
    ],
  };
  const lines = clusterMetrics(state, (_topic, id) => (id === 0 ? 4500 : 0)).flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );
  expect(lines).toEqual([
    'kafka.brokers: 2',
    'kafka.topic.partitions orders: 3',
    'kafka.partition.replicas orders 0: 2',
    'kafka.partition.replicas orders 1: 2',
    'kafka.partition.replicas orders 2: 2',
    'kafka.partition.replicas_in_sync orders 0: 2',
    'kafka.partition.replicas_in_sync orders 1: 1',
    'kafka.partition.replicas_in_sync orders 2: 0',
    'kafka.partition.current_offset orders 0: 100',
    'kafka.partition.current_offset orders 1: 50',
    'kafka.partition.oldest_offset orders 0: 10',
    'kafka.partition.oldest_offset orders 1: 10',
    'sonde.kafka.topic.partitions.leaderless orders: 1',
    'kafka.consumer_group.members mail: 3',
    'kafka.consumer_group.members idle: 0',
    'kafka.consumer_group.offset mail orders 0: 70',
    'kafka.consumer_group.offset mail orders 1: 51',
    'kafka.consumer_group.offset mail orders 2: 5',
    'kafka.consumer_group.offset mail deleted 0: 9',
    'kafka.consumer_group.offset_sum mail orders: 126',
    'kafka.consumer_group.offset_sum mail deleted: 9',
    'kafka.consumer_group.lag mail orders 0: 30',
    'kafka.consumer_group.lag mail orders 1: 0',
    'kafka.consumer_group.lag_sum mail orders: 30',
    'sonde.kafka.consumer_group.lag_time mail orders 0: 4.5',
    'sonde.kafka.consumer_group.lag_time mail orders 1: 0',
  ]);
});
