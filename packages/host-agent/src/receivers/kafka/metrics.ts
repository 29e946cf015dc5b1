import { type Attributes } from '../../attributes.ts';
import { type Metric, point, type Point } from '../../metric.ts';

/** What the cluster says. Offsets are numbers: 2^53 messages are enough for a partition. */
export interface ClusterState {
  readonly brokers: number;
  readonly topics: readonly Topic[];
  readonly groups: readonly Group[];
}

export interface Topic {
  readonly name: string;
  readonly partitions: readonly Partition[];
}

interface Partition {
  readonly id: number;
  /** -1 where there is none: nobody can write or read. */
  readonly leader: number;
  readonly replicas: number;
  readonly inSync: number;
  /** Nothing where they could not be had. */
  readonly oldest: number | undefined;
  readonly end: number | undefined;
}

export interface Group {
  readonly id: string;
  readonly members: number;
  /** What it has committed: the next that it reads. */
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[];
}

/** How long ago the message at an offset of a partition was written, in ms. */
export type LagOf = (topic: string, partition: number, offset: number) => number | undefined;

/** Names, units and types as OpenTelemetry's kafkametricsreceiver has them. */
export function clusterMetrics({ brokers, topics, groups }: ClusterState, lagOf: LagOf): Metric[] {
  const partitions = topics.flatMap(({ name, partitions: all }) =>
    all.map((partition) => ({ ...partition, attributes: { topic: name, partition: partition.id } })),
  );
  const each = (value: (partition: (typeof partitions)[number]) => number | undefined): Point[] =>
    partitions.flatMap((partition) => pointOf(value(partition), partition.attributes));
  const ends = new Map(partitions.map(({ end, attributes }) => [`${attributes.topic}/${attributes.partition}`, end]));
  const read = groups.flatMap((group) =>
    group.offsets.map(({ topic, partition, offset }) => {
      const end = ends.get(`${topic}/${partition}`);
      return {
        attributes: { group: group.id, topic, partition },
        offset,
        lag: end === undefined ? undefined : Math.max(0, end - offset),
        lagMs: end === undefined ? undefined : lagOf(topic, partition, offset),
      };
    }),
  );
  const sums = (value: (one: (typeof read)[number]) => number | undefined): Point[] => {
    const found = new Map<string, Point>();
    for (const one of read) {
      const { group, topic } = one.attributes;
      const key = JSON.stringify([group, topic]);
      const added = value(one);
      if (added !== undefined) found.set(key, point((found.get(key)?.value ?? 0) + added, { group, topic }));
    }
    return [...found.values()];
  };
  const metrics: readonly Metric[] = [
    level('kafka.brokers', '{brokers}', [point(brokers)]),
    level(
      'kafka.topic.partitions',
      '{partitions}',
      topics.map(({ name, partitions: all }) => point(all.length, { topic: name })),
    ),
    level(
      'kafka.partition.replicas',
      '{replicas}',
      each(({ replicas }) => replicas),
    ),
    level(
      'kafka.partition.replicas_in_sync',
      '{replicas}',
      each(({ inSync }) => inSync),
    ),
    gauge(
      'kafka.partition.current_offset',
      each(({ end }) => end),
    ),
    gauge(
      'kafka.partition.oldest_offset',
      each(({ oldest }) => oldest),
    ),
    level(
      'sonde.kafka.topic.partitions.leaderless',
      '{partitions}',
      topics.map(({ name, partitions: all }) => point(all.filter(({ leader }) => leader === -1).length, { topic: name })),
    ),
    level(
      'kafka.consumer_group.members',
      '{members}',
      groups.map(({ id, members }) => point(members, { group: id })),
    ),
    gauge(
      'kafka.consumer_group.offset',
      read.map(({ offset, attributes }) => point(offset, attributes)),
    ),
    gauge(
      'kafka.consumer_group.offset_sum',
      sums(({ offset }) => offset),
    ),
    gauge(
      'kafka.consumer_group.lag',
      read.flatMap(({ lag, attributes }) => pointOf(lag, attributes)),
    ),
    gauge(
      'kafka.consumer_group.lag_sum',
      sums(({ lag }) => lag),
    ),
    {
      name: 'sonde.kafka.consumer_group.lag_time',
      unit: 's',
      type: 'gauge',
      points: read.flatMap(({ lagMs, attributes }) => pointOf(lagMs === undefined ? undefined : lagMs / 1000, attributes)),
    },
  ];
  return metrics.filter(({ points }) => points.length > 0);
}

function level(name: string, unit: string, points: readonly Point[]): Metric {
  return { name, unit, type: 'level', points };
}

function gauge(name: string, points: readonly Point[]): Metric {
  return { name, unit: '1', type: 'gauge', number: 'int', points };
}

function pointOf(value: number | undefined, attributes: Attributes): Point[] {
  return value === undefined ? [] : [point(value, attributes)];
}
