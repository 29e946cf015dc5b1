/**
 * What tells a kind of middleware: `sonde.middleware.kind` of those that report themselves, and the systems that clients' spans name
 * (`db.system.name`, `messaging.system`, and the names that older conventions had for them).
 */
export interface KindIdentity {
  readonly kind: string;
  /** What clients see of it: a database, a queue, or an address alone. */
  readonly seenAs: 'database' | 'queue' | 'remote';
  readonly systems: readonly string[];
  /** Where clients ask it unless they say otherwise: the usual one first. */
  readonly ports: readonly [number, ...number[]];
  /** It is asked for its state elsewhere than clients ask it for work: the receiver's port says nothing of theirs. */
  readonly hasManagementPort?: true;
  /** The metric that has a series for each queue or topic, and the attribute that names it. */
  readonly destinations?: { readonly metric: string; readonly key: string };
}

export const kindIdentities: readonly KindIdentity[] = [
  { kind: 'redis', seenAs: 'database', systems: ['redis', 'valkey'], ports: [6379] },
  { kind: 'postgresql', seenAs: 'database', systems: ['postgresql', 'postgres'], ports: [5432] },
  { kind: 'mysql', seenAs: 'database', systems: ['mysql', 'mariadb'], ports: [3306] },
  { kind: 'mongodb', seenAs: 'database', systems: ['mongodb'], ports: [27017] },
  {
    kind: 'rabbitmq',
    seenAs: 'queue',
    systems: ['rabbitmq'],
    ports: [5672, 5671],
    hasManagementPort: true,
    destinations: { metric: 'rabbitmq.message.current', key: 'rabbitmq.queue.name' },
  },
  {
    kind: 'kafka',
    seenAs: 'queue',
    systems: ['kafka'],
    ports: [9092],
    destinations: { metric: 'kafka.topic.partitions', key: 'topic' },
  },
  {
    kind: 'activemq',
    seenAs: 'queue',
    systems: ['activemq', 'jms'],
    ports: [61616, 5672, 61613],
    hasManagementPort: true,
    destinations: { metric: 'activemq.message.queue.size', key: 'messaging.destination.name' },
  },
  { kind: 'nginx', seenAs: 'remote', systems: [], ports: [80, 443], hasManagementPort: true },
  { kind: 'tomcat', seenAs: 'remote', systems: [], ports: [8080, 8443], hasManagementPort: true },
  { kind: 'zookeeper', seenAs: 'remote', systems: [], ports: [2181] },
];

/** A kind that nothing is known of is its own system. */
export function kindIdentity(kind: string): KindIdentity | undefined {
  return kindIdentities.find((one) => one.kind === kind);
}

/** The kind that a client's `db.system.name` or `messaging.system` means: the system itself where no receiver is known for it. */
export function kindOfSystem(system: string): string {
  const name = system.toLowerCase();
  return kindIdentities.find(({ systems }) => systems.includes(name))?.kind ?? name;
}
