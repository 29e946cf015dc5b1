import { type Metric, point } from '../../metric.ts';
import { metricsOf, type MetricLine, numberOf } from '../metric-table.ts';
import { statementText } from './statement-text.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Names, units and types of OpenTelemetry's postgresqlreceiver, and the columns of pg_stat_database. */
const databaseLines: readonly MetricLine[] = [
  ['postgresql.backends', '1', 'level', 'numbackends'],
  ['postgresql.commits', '1', 'counter', 'xact_commit'],
  ['postgresql.rollbacks', '1', 'counter', 'xact_rollback'],
  ['postgresql.blks_hit', '{blks_hit}', 'counter', 'blks_hit'],
  ['postgresql.blks_read', '{blks_read}', 'counter', 'blks_read'],
  ['postgresql.tup_returned', '{tup_returned}', 'counter', 'tup_returned'],
  ['postgresql.tup_fetched', '{tup_fetched}', 'counter', 'tup_fetched'],
  ['postgresql.tup_inserted', '{tup_inserted}', 'counter', 'tup_inserted'],
  ['postgresql.tup_updated', '{tup_updated}', 'counter', 'tup_updated'],
  ['postgresql.tup_deleted', '{tup_deleted}', 'counter', 'tup_deleted'],
  ['postgresql.deadlocks', '{deadlock}', 'counter', 'deadlocks'],
  ['postgresql.temp_files', '{temp_file}', 'counter', 'temp_files'],
  ['postgresql.temp.io', 'By', 'counter', 'temp_bytes'],
  ['sonde.postgresql.conflicts', '{query}', 'counter', 'conflicts'],
];

const writerLines: readonly MetricLine[] = [
  ['postgresql.bgwriter.buffers.allocated', '{buffers}', 'counter', 'buffers_alloc'],
  [
    'postgresql.bgwriter.buffers.writes',
    '{buffers}',
    'counter',
    'buffers_checkpoint',
    { attributes: { source: 'checkpoints' } },
  ],
  ['postgresql.bgwriter.buffers.writes', '{buffers}', 'counter', 'buffers_clean', { attributes: { source: 'bgwriter' } }],
  ['postgresql.bgwriter.buffers.writes', '{buffers}', 'counter', 'buffers_backend', { attributes: { source: 'backend' } }],
  [
    'postgresql.bgwriter.buffers.writes',
    '{buffers}',
    'counter',
    'buffers_backend_fsync',
    { attributes: { source: 'backend_fsync' } },
  ],
  [
    'postgresql.bgwriter.checkpoint.count',
    '{checkpoints}',
    'counter',
    'checkpoints_timed',
    { attributes: { type: 'scheduled' } },
  ],
  [
    'postgresql.bgwriter.checkpoint.count',
    '{checkpoints}',
    'counter',
    'checkpoints_req',
    { attributes: { type: 'requested' } },
  ],
  [
    'postgresql.bgwriter.duration',
    'ms',
    'counter',
    'checkpoint_write_time',
    { number: 'double', attributes: { type: 'write' } },
  ],
  ['postgresql.bgwriter.duration', 'ms', 'counter', 'checkpoint_sync_time', { number: 'double', attributes: { type: 'sync' } }],
  ['postgresql.bgwriter.maxwritten', '1', 'counter', 'maxwritten_clean'],
];

const serverLines: readonly MetricLine[] = [
  ['postgresql.connection.max', '{connections}', 'gauge', 'max_connections', { number: 'int' }],
  ['postgresql.database.count', '{databases}', 'level', 'databases'],
];

const replicaLines: readonly MetricLine[] = [
  ['postgresql.replication.data_delay', 'By', 'gauge', 'bytes', { number: 'int' }],
  ...(['write', 'flush', 'replay'] as const).flatMap((operation): MetricLine[] => [
    ['postgresql.wal.lag', 's', 'gauge', operation, { number: 'int', attributes: { operation } }],
    ['postgresql.wal.delay', 's', 'gauge', operation, { attributes: { operation } }],
  ]),
];

const statementLines: readonly MetricLine[] = [
  ['sonde.db.statement.calls', '{call}', 'counter', 'calls'],
  ['sonde.db.statement.time', 's', 'counter', 'milliseconds', { scale: 0.001 }],
  ['sonde.db.statement.rows', '{row}', 'counter', 'rows'],
  ['sonde.postgresql.statement.blocks_read', '{block}', 'counter', 'blocks_read'],
];

export const serverMetrics = (row: Row): Metric[] => metricsOf(serverLines, [{ values: row }]);
export const writerMetrics = (row: Row): Metric[] => metricsOf(writerLines, [{ values: row }]);
export const databaseMetrics = (rows: readonly Row[]): Metric[] => metricsOf(databaseLines, byDatabase(rows));
export const sizeMetrics = (rows: readonly Row[]): Metric[] =>
  metricsOf([['postgresql.db_size', 'By', 'level', 'size']], byDatabase(rows));

export function replicaMetrics(rows: readonly Row[]): Metric[] {
  return metricsOf(
    replicaLines,
    rows.map((row) => ({ values: row, attributes: { replication_client: String(row['client']) } })),
  );
}

export function behindMetrics(row: Row): Metric[] {
  return metricsOf([['sonde.postgresql.replication.lag', 's', 'gauge', 'behind']], [{ values: row }]);
}

export function lockMetrics(rows: readonly Row[]): Metric[] {
  const lines: readonly MetricLine[] = [
    ['postgresql.database.locks', '{lock}', 'gauge', 'locks', { number: 'int' }],
    ['sonde.postgresql.locks.waiting', '{lock}', 'gauge', 'waiting', { number: 'int' }],
  ];
  const attributesOf = (row: Row) => ({
    'db.namespace': String(row['datname']),
    mode: String(row['mode']),
    lock_type: String(row['locktype']),
  });
  return metricsOf(
    lines,
    rows.map((row) => ({ values: row, attributes: attributesOf(row) })),
  );
}

/** Rows of (database, state, what is waited for). A client backend that waits for `Client` is idle or sends: it waits for nothing here. */
export function sessionMetrics(rows: readonly Row[]): Metric[] {
  const states = new Map<string, { attributes: { 'db.namespace': string; state: string }; count: number }>();
  const waits = new Map<string, { attributes: { 'db.namespace': string; wait_event_type: string }; count: number }>();
  let longestTransaction = 0;
  let longestQuery = 0;
  for (const row of rows) {
    const [namespace, state, wait] = [String(row['datname']), row['state'], row['wait_event_type']];
    const count = numberOf(row['sessions']) ?? 0;
    longestTransaction = Math.max(longestTransaction, numberOf(row['longest_transaction']) ?? 0);
    longestQuery = Math.max(longestQuery, numberOf(row['longest_query']) ?? 0);
    if (typeof state !== 'string') continue;
    const attributes = { 'db.namespace': namespace, state };
    const sessions = states.get(`${namespace} ${state}`);
    states.set(`${namespace} ${state}`, { attributes, count: (sessions?.count ?? 0) + count });
    if (state !== 'active' || typeof wait !== 'string' || wait === 'Client') continue;
    waits.set(`${namespace} ${wait}`, { attributes: { 'db.namespace': namespace, wait_event_type: wait }, count });
  }
  const pointsOf = (counts: typeof states | typeof waits) =>
    [...counts.values()].map(({ attributes, count }) => point(count, attributes));
  return [
    { name: 'sonde.postgresql.sessions', unit: '{session}', type: 'level', points: pointsOf(states) },
    { name: 'sonde.postgresql.sessions.waiting', unit: '{session}', type: 'level', points: pointsOf(waits) },
    { name: 'sonde.postgresql.transaction.longest', unit: 's', type: 'gauge', points: [point(longestTransaction)] },
    { name: 'sonde.postgresql.query.longest', unit: 's', type: 'gauge', points: [point(longestQuery)] },
  ];
}

/** Without pg_read_all_stats the text of others' statements is not shown, and the id is null: those are left out in SQL. */
export function statementMetrics(rows: readonly Row[]): Metric[] {
  const subjects = rows.map((row) => ({
    values: row,
    attributes: {
      'db.namespace': String(row['datname']),
      'db.query.text': statementText(String(row['query'])),
      'sonde.db.statement.id': String(row['queryid']),
    },
  }));
  return metricsOf(statementLines, subjects);
}

function byDatabase(rows: readonly Row[]) {
  return rows.map((row) => ({ values: row, attributes: { 'db.namespace': String(row['datname']) } }));
}
