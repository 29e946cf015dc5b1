import { type Metric } from '../../metric.ts';
import { metricsOf, type MetricLine, numberOf } from '../metric-table.ts';

type Kinds = readonly (readonly [kind: string, variable: string])[];

/** Lines of one metric: each value of `attribute` has a status variable of its own. */
function each(name: string, attribute: string, kinds: Kinds, type: Metric['type'] = 'counter', unit = '1'): MetricLine[] {
  return kinds.map(([kind, variable]) => [name, unit, type, variable, { attributes: { [attribute]: kind } }]);
}

function sameWord(prefix: string, words: string): Kinds {
  return words.split(' ').map((word) => [word, `${prefix}${word}`]);
}

/** Names, units and types of OpenTelemetry's mysqlreceiver, and the variable of SHOW GLOBAL STATUS, in lower case. */
const lines: readonly MetricLine[] = [
  ['mysql.uptime', 's', 'counter', 'uptime', { number: 'int' }],
  ['mysql.connection.count', '1', 'counter', 'connections'],
  ...each('mysql.connection.errors', 'error', [
    ...sameWord('connection_errors_', 'accept internal max_connections peer_address select tcpwrap'),
    ['aborted', 'aborted_connects'],
    ['aborted_clients', 'aborted_clients'],
    ['locked', 'locked_connects'],
  ]),
  ...each('mysql.threads', 'kind', sameWord('threads_', 'cached connected created running'), 'level'),
  ...each('mysql.commands', 'command', sameWord('com_', 'select insert update delete')),
  ...each('mysql.prepared_statements', 'command', sameWord('com_stmt_', 'execute close fetch prepare reset send_long_data')),
  ...each(
    'mysql.handlers',
    'kind',
    sameWord(
      'handler_',
      'commit delete discover external_lock mrr_init prepare read_first read_key read_last read_next read_prev read_rnd read_rnd_next rollback savepoint savepoint_rollback update write',
    ),
  ),
  ['mysql.query.count', '1', 'counter', 'queries'],
  ['mysql.query.client.count', '1', 'counter', 'questions'],
  ['mysql.query.slow.count', '1', 'counter', 'slow_queries'],
  ...each('mysql.row_operations', 'operation', sameWord('innodb_rows_', 'deleted inserted read updated')),
  ...each('mysql.row_locks', 'kind', [
    ['waits', 'innodb_row_lock_waits'],
    ['time', 'innodb_row_lock_time'],
  ]),
  ['sonde.mysql.row_locks.waiting', '{lock}', 'gauge', 'innodb_row_lock_current_waits', { number: 'int' }],
  ['sonde.mysql.deadlocks', '{deadlock}', 'counter', 'innodb_deadlocks'],
  ...each('mysql.locks', 'kind', sameWord('table_locks_', 'immediate waited')),
  ...each('mysql.joins', 'kind', [
    ['full', 'select_full_join'],
    ['full_range', 'select_full_range_join'],
    ['range', 'select_range'],
    ['range_check', 'select_range_check'],
    ['scan', 'select_scan'],
  ]),
  ...each('mysql.sorts', 'kind', sameWord('sort_', 'merge_passes range rows scan')),
  ...each('mysql.tmp_resources', 'resource', sameWord('created_tmp_', 'disk_tables files tables')),
  ...each('mysql.opened_resources', 'kind', [
    ['file', 'opened_files'],
    ['table_definition', 'opened_table_definitions'],
    ['table', 'opened_tables'],
  ]),
  ...each('mysql.table_open_cache', 'status', [
    ['hit', 'table_open_cache_hits'],
    ['miss', 'table_open_cache_misses'],
    ['overflow', 'table_open_cache_overflows'],
  ]),
  ...each('mysql.client.network.io', 'kind', sameWord('bytes_', 'received sent'), 'counter', 'By'),
  ...each('mysql.buffer_pool.pages', 'kind', sameWord('innodb_buffer_pool_pages_', 'data free misc'), 'level'),
  ...each('mysql.buffer_pool.data_pages', 'status', sameWord('data_pages_', 'dirty clean'), 'level'),
  ...each('mysql.buffer_pool.usage', 'status', sameWord('data_bytes_', 'dirty clean'), 'level', 'By'),
  ['mysql.buffer_pool.limit', 'By', 'level', 'innodb_buffer_pool_size'],
  ['mysql.buffer_pool.page_flushes', '1', 'counter', 'innodb_buffer_pool_pages_flushed'],
  ...each(
    'mysql.buffer_pool.operations',
    'operation',
    sameWord(
      'innodb_buffer_pool_',
      'read_ahead_rnd read_ahead read_ahead_evicted read_requests reads wait_free write_requests',
    ),
  ),
  ...each('mysql.operations', 'operation', sameWord('innodb_data_', 'fsyncs reads writes')),
  ...each('mysql.page_operations', 'operation', sameWord('innodb_pages_', 'created read written')),
  ...each('mysql.log_operations', 'operation', sameWord('innodb_log_', 'waits write_requests writes')),
  ...each('mysql.double_writes', 'kind', sameWord('innodb_dblwr_', 'pages_written writes')),
  ['sonde.mysql.connection.max', '{connections}', 'gauge', 'max_connections', { number: 'int' }],
];

export type Status = Readonly<Record<string, unknown>>;

/** Rows of SHOW GLOBAL STATUS and SHOW GLOBAL VARIABLES. Of two variables of one name the status counts. */
export function statusOf(rows: readonly Status[]): Status {
  return Object.fromEntries(rows.map((row): [string, unknown] => [String(row['Variable_name']).toLowerCase(), row['Value']]));
}

export function statusMetrics(status: Status): Metric[] {
  return metricsOf(lines, [{ values: { ...status, ...dataOf(status) } }]);
}

/** What is clean is what is not dirty. */
function dataOf(status: Status): Status {
  return Object.fromEntries(
    ['pages', 'bytes'].flatMap((what): [string, number][] => {
      const data = numberOf(status[`innodb_buffer_pool_${what}_data`]);
      const dirty = numberOf(status[`innodb_buffer_pool_${what}_dirty`]);
      if (data === undefined || dirty === undefined) return [];
      return [
        [`data_${what}_dirty`, dirty],
        [`data_${what}_clean`, Math.max(0, data - dirty)],
      ];
    }),
  );
}

const kinds = 'errors warnings rows_affected rows_sent rows_examined created_tmp_disk_tables created_tmp_tables no_index_used';

const statementLines: readonly MetricLine[] = [
  ['sonde.db.statement.calls', '{call}', 'counter', 'count_star'],
  // Picoseconds.
  ['sonde.db.statement.time', 's', 'counter', 'sum_timer_wait', { scale: 1e-12 }],
  ['sonde.db.statement.rows', '{row}', 'counter', 'sum_rows_sent'],
];
const upstreamLines: readonly MetricLine[] = [
  ...each('mysql.statement_event.count', 'kind', sameWord('sum_', kinds), 'level'),
  ['mysql.statement_event.wait.time', 'ns', 'level', 'sum_timer_wait', { scale: 1e-3 }],
];

const textMax = 4096;

/** Rows of performance_schema.events_statements_summary_by_digest, whose text has `?` for each constant. */
export function statementMetrics(rows: readonly Status[]): Metric[] {
  const text = (row: Status, column: string): string => (typeof row[column] === 'string' ? row[column].slice(0, textMax) : '');
  const ours = rows.map((row) => ({
    values: row,
    attributes: {
      'db.namespace': text(row, 'schema_name'),
      'db.query.text': text(row, 'digest_text'),
      'sonde.db.statement.id': text(row, 'digest'),
    },
  }));
  const upstream = rows.map((row) => ({
    values: row,
    attributes: {
      schema: text(row, 'schema_name'),
      digest: text(row, 'digest'),
      digest_text: text(row, 'digest_text'),
    },
  }));
  return [...metricsOf(statementLines, ours), ...metricsOf(upstreamLines, upstream)];
}

/** A row of SHOW REPLICA STATUS, or of SHOW SLAVE STATUS in older words. Nothing of the lag where replication has stopped. */
export function replicaMetrics(rows: readonly Status[]): Metric[] {
  const subjects = rows.map((row) => {
    const running = ['IO', 'SQL'].map((part) => row[`Replica_${part}_Running`] ?? row[`Slave_${part}_Running`]);
    const behind = row['Seconds_Behind_Source'] ?? row['Seconds_Behind_Master'];
    const channel = row['Channel_Name'] ?? row['Connection_name'] ?? '';
    return {
      values: { behind, delay: row['SQL_Delay'], running: running.every((one) => one === 'Yes') },
      attributes: typeof channel === 'string' && channel !== '' ? { channel } : {},
    };
  });
  return metricsOf(
    [
      ['mysql.replica.time_behind_source', 's', 'level', 'behind', { number: 'int' }],
      ['mysql.replica.sql_delay', 's', 'level', 'delay', { number: 'int' }],
      ['sonde.mysql.replica.running', '1', 'gauge', 'running', { number: 'int' }],
    ],
    subjects,
  );
}
