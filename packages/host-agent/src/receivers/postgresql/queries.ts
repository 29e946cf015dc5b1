/** What PostgreSQL is asked, and how the views of a version are called. `version` is `server_version_num`: 150013. */
export const mark = '/* sonde-host-agent */';
export const statementsMax = 50;

export const server = `SELECT ${mark}
  current_setting('server_version_num')::int AS version_num, current_setting('server_version') AS version,
  extract(epoch FROM pg_postmaster_start_time()) AS started, current_setting('max_connections') AS max_connections,
  pg_is_in_recovery() AS in_recovery, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS reads_stats,
  (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_stat_statements') AS statements_schema,
  current_database() AS database, (SELECT count(*) FROM pg_database WHERE NOT datistemplate) AS databases`;

export const databases = `SELECT ${mark} s.* FROM pg_stat_database s JOIN pg_database d ON d.oid = s.datid
  WHERE NOT d.datistemplate ORDER BY d.oid LIMIT 200`;

/** Asked seldom: it looks at each file of a database. */
export const sizes = `SELECT ${mark} datname, pg_database_size(oid) AS size FROM pg_database
  WHERE NOT datistemplate AND (has_database_privilege(oid, 'CONNECT') OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'))
  ORDER BY oid LIMIT 200`;

export const sessions = `SELECT ${mark} datname, state, wait_event_type, count(*) AS sessions,
  max(extract(epoch FROM clock_timestamp() - xact_start)) AS longest_transaction,
  max(extract(epoch FROM clock_timestamp() - query_start)) FILTER (WHERE state = 'active') AS longest_query
  FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname IS NOT NULL AND pid <> pg_backend_pid()
  GROUP BY 1, 2, 3 LIMIT 1000`;

export const locks = `SELECT ${mark} d.datname, l.mode, l.locktype, count(*) AS locks, count(*) FILTER (WHERE NOT l.granted) AS waiting
  FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.pid <> pg_backend_pid() GROUP BY 1, 2, 3 LIMIT 1000`;

export const replicas = `SELECT ${mark} coalesce(host(client_addr), 'unix') AS client,
  max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, replay_lsn)) AS bytes,
  max(extract(epoch FROM write_lag)) AS write, max(extract(epoch FROM flush_lag)) AS flush,
  max(extract(epoch FROM replay_lag)) AS replay
  FROM pg_stat_replication GROUP BY 1 LIMIT 100`;

/** A standby that has replayed all it received is not behind, however long nothing was written. */
export const behind = `SELECT ${mark} CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
  ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END AS behind`;

/** PostgreSQL 17 took the checkpointer out of pg_stat_bgwriter. */
export function writer(version: number): string {
  return version < 170_000
    ? `SELECT ${mark} * FROM pg_stat_bgwriter`
    : `SELECT ${mark} b.buffers_clean, b.maxwritten_clean, b.buffers_alloc, c.num_timed AS checkpoints_timed,
        c.num_requested AS checkpoints_req, c.write_time AS checkpoint_write_time, c.sync_time AS checkpoint_sync_time,
        c.buffers_written AS buffers_checkpoint FROM pg_stat_bgwriter b, pg_stat_checkpointer c`;
}

/** Since PostgreSQL 13 planning and execution have times of their own. Each statement once, whoever ran it. */
export function statements(version: number, schema: string): string {
  const time = version < 130_000 ? 'total_time' : 'total_exec_time';
  return `SELECT ${mark} d.datname, s.queryid::text AS queryid, min(left(s.query, 8192)) AS query, sum(s.calls) AS calls,
    sum(s.${time}) AS milliseconds, sum(s.rows) AS rows, sum(s.shared_blks_read) AS blocks_read
    FROM ${schema}.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE s.queryid IS NOT NULL AND s.query NOT LIKE '%${mark.replaceAll('*', '_')}%'
    GROUP BY 1, 2 ORDER BY 5 DESC LIMIT ${statementsMax}`;
}
