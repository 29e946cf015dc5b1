import { type Attributes } from '../../attributes.ts';
import { type Metric, point } from '../../metric.ts';
import { metricsOf, type MetricLine } from '../metric-table.ts';

/** An answer of the server's. */
export type Document = Readonly<Record<string, unknown>>;

const of = (key: string, value: string): { attributes: Attributes } => ({ attributes: { [key]: value } });
const operations = ['insert', 'query', 'update', 'delete', 'getmore', 'command'];

/**
 * Names and units of OpenTelemetry's mongodbreceiver, and the place in `serverStatus`. What the server counts since it started is a counter
 * here; that receiver calls some of these non-monotonic.
 */
const statusLines: readonly MetricLine[] = [
  ...['active', 'available', 'current'].map((type): MetricLine => [
    'mongodb.connection.count',
    '{connections}',
    'level',
    `connections.${type}`,
    of('type', type),
  ]),
  ['mongodb.memory.usage', 'By', 'level', 'mem.resident', { scale: 2 ** 20, ...of('type', 'resident') }],
  ['mongodb.memory.usage', 'By', 'level', 'mem.virtual', { scale: 2 ** 20, ...of('type', 'virtual') }],
  ...operations.map((name): MetricLine => [
    'mongodb.operation.count',
    '{operations}',
    'counter',
    `opcounters.${name}`,
    of('operation', name),
  ]),
  ...operations.map((name): MetricLine => [
    'mongodb.operation.repl.count',
    '{operations}',
    'counter',
    `opcountersRepl.${name}`,
    of('operation', name),
  ]),
  ['mongodb.document.operation.count', '{documents}', 'counter', 'metrics.document.inserted', of('operation', 'insert')],
  ['mongodb.document.operation.count', '{documents}', 'counter', 'metrics.document.updated', of('operation', 'update')],
  ['mongodb.document.operation.count', '{documents}', 'counter', 'metrics.document.deleted', of('operation', 'delete')],
  ['mongodb.cursor.count', '{cursors}', 'level', 'metrics.cursor.open.total'],
  ['mongodb.cursor.timeout.count', '{cursors}', 'counter', 'metrics.cursor.timedOut'],
  ['mongodb.network.io.receive', 'By', 'counter', 'network.bytesIn'],
  ['mongodb.network.io.transmit', 'By', 'counter', 'network.bytesOut'],
  ['mongodb.network.request.count', '{requests}', 'counter', 'network.numRequests'],
  ['mongodb.global_lock.time', 'ms', 'counter', 'globalLock.totalTime', { scale: 1e-3 }],
  ['mongodb.active.reads', '{reads}', 'level', 'globalLock.activeClients.readers'],
  ['mongodb.active.writes', '{writes}', 'level', 'globalLock.activeClients.writers'],
  ['mongodb.page_faults', '{faults}', 'counter', 'extra_info.page_faults'],
  ['mongodb.session.count', '{sessions}', 'level', 'wiredTiger.session.open session count'],
  ['mongodb.cache.operations', '{operations}', 'counter', 'cacheHits', of('type', 'hit')],
  ['mongodb.cache.operations', '{operations}', 'counter', 'wiredTiger.cache.pages read into cache', of('type', 'miss')],
  ['mongodb.wtcache.bytes.read', 'By', 'counter', 'wiredTiger.cache.bytes read into cache'],
  ['sonde.mongodb.cache.used', 'By', 'level', 'wiredTiger.cache.bytes currently in the cache'],
  ['sonde.mongodb.cache.dirty', 'By', 'level', 'wiredTiger.cache.tracked dirty bytes in the cache'],
  ['sonde.mongodb.cache.limit', 'By', 'level', 'wiredTiger.cache.maximum bytes configured'],
  ['sonde.mongodb.queue', '{operation}', 'level', 'globalLock.currentQueue.readers', of('operation', 'read')],
  ['sonde.mongodb.queue', '{operation}', 'level', 'globalLock.currentQueue.writers', of('operation', 'write')],
  ...['read', 'write', 'command'].flatMap((name): MetricLine[] => [
    ['sonde.mongodb.operation.timed', '{operation}', 'counter', `opLatencies.${name}s.ops`, of('operation', name)],
    ['sonde.mongodb.operation.time', 's', 'counter', `opLatencies.${name}s.latency`, { scale: 1e-6, ...of('operation', name) }],
  ]),
];

const databaseLines: readonly MetricLine[] = [
  ['mongodb.collection.count', '{collections}', 'level', 'collections'],
  ['mongodb.object.count', '{objects}', 'level', 'objects'],
  ['mongodb.data.size', 'By', 'level', 'dataSize'],
  ['mongodb.storage.size', 'By', 'level', 'storageSize'],
  ['mongodb.index.count', '{indexes}', 'level', 'indexes'],
  ['mongodb.index.size', 'By', 'level', 'indexSize'],
];

export function statusMetrics(status: Document): Metric[] {
  const values = Object.fromEntries(statusLines.map(([, , , key]) => [key, at(status, key)]));
  const requested = at(status, 'wiredTiger.cache.pages requested from the cache');
  const read = at(status, 'wiredTiger.cache.pages read into cache');
  const cacheHits = typeof requested === 'number' && typeof read === 'number' ? Math.max(0, requested - read) : undefined;
  return metricsOf(statusLines, [{ values: { ...values, cacheHits } }]);
}

/** `dbStats` of each database. */
export function databaseMetrics(databases: readonly Document[], count: number): Metric[] {
  const subjects = databases.map((values) => ({ values, attributes: { 'db.namespace': String(values['db']) } }));
  return [
    { name: 'mongodb.database.count', unit: '{databases}', type: 'level', points: [point(count)] },
    ...metricsOf(databaseLines, subjects),
  ];
}

/**
 * Of `replSetGetStatus`: how far the members are behind. The primary tells of all of them; another member of itself only, since it hears of
 * the others late. How far behind is the difference of the times of what was written last, as `rs.printSecondaryReplicationInfo()` has it.
 */
export function replicationMetrics(status: Document): Metric[] {
  const members = Array.isArray(status['members']) ? (status['members'] as readonly Document[]) : [];
  const self = members.find((one) => one['self'] === true);
  const primary = members.find((one) => one['stateStr'] === 'PRIMARY');
  const told =
    self !== undefined && self === primary ? members.filter((one) => one !== self) : self === undefined ? [] : [self];
  const named = (one: Document) => ({ replica: String(one['name']) });
  const written = writtenMs(primary ?? {});
  const lags = told
    .filter((one) => one['stateStr'] === 'SECONDARY' && one['health'] !== 0)
    .flatMap((one) => {
      const own = writtenMs(one);
      return written === undefined || own === undefined ? [] : [point(Math.max(0, written - own) / 1000, named(one))];
    });
  const isUp = (one: Document): number =>
    one['health'] === 1 && ['PRIMARY', 'SECONDARY', 'ARBITER'].includes(String(one['stateStr'])) ? 1 : 0;
  return [
    { name: 'sonde.mongodb.replication.lag', unit: 's', type: 'gauge', points: lags } as const,
    {
      name: 'sonde.mongodb.replication.member_up',
      unit: '1',
      type: 'gauge',
      number: 'int',
      points: told.map((one) => point(isUp(one), named(one))),
    } as const,
  ].filter(({ points }) => points.length > 0);
}

/** `a.b.c` in documents; MongoDB's names have spaces, and no dots. */
export function at(document: Document, path: string): unknown {
  return path.split('.').reduce<unknown>((inside, key) => {
    return typeof inside === 'object' && inside !== null ? (inside as Document)[key] : undefined;
  }, document);
}

function writtenMs(member: Document): number | undefined {
  const date = member['optimeDate'];
  return date instanceof Date ? date.getTime() : undefined;
}
