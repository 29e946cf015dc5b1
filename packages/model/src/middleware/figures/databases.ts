import { type Chart, type KindPage, level, line, linesBy, rate, type Table } from './figure.ts';

const ops = '{operation}/s';

/** What the server itself says of its statements: also of those that nobody traces. */
const serverStatements: Table = {
  id: 'serverStatements',
  by: ['db.namespace', 'db.query.text'],
  columns: [
    { id: 'busy', unit: 's/s', of: [rate('sonde.db.statement.time')] },
    { id: 'calls', unit: '{call}/s', of: [rate('sonde.db.statement.calls')] },
    { id: 'timePerCall', unit: 's', of: [rate('sonde.db.statement.time')], over: [rate('sonde.db.statement.calls')] },
    { id: 'rowsPerCall', unit: '{row}', of: [rate('sonde.db.statement.rows')], over: [rate('sonde.db.statement.calls')] },
  ],
};

const redisHits = [rate('redis.keyspace.hits')];
const redisReads = [...redisHits, rate('redis.keyspace.misses')];
const redisHitRate = { of: redisHits, over: redisReads, unit: '1' } as const;
const redisTimePerCommand = { of: [rate('redis.cmd.usec')], over: [rate('redis.cmd.calls')], scale: 1e-6 } as const;

export const redis: KindPage = {
  kind: 'redis',
  figures: [
    { id: 'commands', unit: '{command}/s', of: [rate('redis.commands.processed')] },
    { id: 'hitRate', ...redisHitRate },
    { id: 'connections', unit: '{connection}', of: [level('redis.clients.connected')] },
    { id: 'memory', unit: 'By', of: [level('redis.memory.used')] },
    { id: 'evicted', unit: '{key}/s', of: [rate('redis.keys.evicted')] },
    { id: 'slowCommands', unit: '{command}/s', of: [rate('sonde.redis.slowlog.entries')] },
    { id: 'replicationLag', unit: 's', of: [level('sonde.redis.replication.lag')], combine: 'max' },
  ],
  charts: [
    { id: 'commands', unit: '{command}/s', lines: [line('commands', rate('redis.commands.processed'))] },
    { id: 'hitRate', unit: '1', max: 1, lines: [{ name: 'hit rate', ...redisHitRate }] },
    { id: 'timePerCommand', unit: 's', lines: [{ name: 'mean', ...redisTimePerCommand }] },
    {
      id: 'connections',
      unit: '{connection}',
      lines: [line('connected', level('redis.clients.connected')), line('blocked', level('redis.clients.blocked'))],
    },
    {
      id: 'memory',
      unit: 'By',
      lines: [
        line('used', level('redis.memory.used')),
        line('resident', level('redis.memory.rss')),
        { ...line('limit', level('redis.maxmemory')), zeroIsNone: true },
      ],
    },
    {
      id: 'keysGone',
      unit: '{key}/s',
      lines: [line('evicted', rate('redis.keys.evicted')), line('expired', rate('redis.keys.expired'))],
    },
    { id: 'slowCommands', unit: '{command}/s', lines: [line('slow', rate('sonde.redis.slowlog.entries'))] },
    {
      id: 'network',
      unit: 'By/s',
      lines: [line('receive', rate('redis.net.input')), line('transmit', rate('redis.net.output'))],
    },
    {
      id: 'cpu',
      unit: '1',
      stacked: true,
      lines: [
        line('user', rate('redis.cpu.time', { state: 'user' })),
        line('system', rate('redis.cpu.time', { state: 'sys' })),
      ],
    },
    {
      id: 'replicationLag',
      unit: 's',
      lines: [{ ...linesBy('replica', level('sonde.redis.replication.lag')), combine: 'max' }],
    },
  ],
  tables: [
    {
      id: 'commands',
      by: ['cmd'],
      columns: [
        { id: 'busy', unit: 's/s', of: [rate('redis.cmd.usec')], scale: 1e-6 },
        { id: 'calls', unit: '{call}/s', of: [rate('redis.cmd.calls')] },
        { id: 'timePerCall', unit: 's', ...redisTimePerCommand },
      ],
    },
    {
      id: 'keyspaces',
      by: ['db'],
      columns: [
        { id: 'keys', unit: '{key}', of: [level('redis.db.keys')] },
        { id: 'expiring', unit: '{key}', of: [level('redis.db.expires')] },
      ],
    },
  ],
};

const pgTransactions = [rate('postgresql.commits'), rate('postgresql.rollbacks')];
const pgHitRate = {
  unit: '1',
  of: [rate('postgresql.blks_hit')],
  over: [rate('postgresql.blks_hit'), rate('postgresql.blks_read')],
} as const;
const pgLag = [level('sonde.postgresql.replication.lag'), level('postgresql.wal.delay', { operation: 'replay' })];

const pgLocks: Chart = {
  id: 'locks',
  unit: '{lock}',
  lines: [line('waited for', level('sonde.postgresql.locks.waiting')), line('held', level('postgresql.database.locks'))],
};

export const postgresql: KindPage = {
  kind: 'postgresql',
  figures: [
    { id: 'transactions', unit: '{transaction}/s', of: pgTransactions },
    { id: 'hitRate', ...pgHitRate },
    { id: 'connections', unit: '{connection}', of: [level('postgresql.backends')] },
    { id: 'connectionsUsed', unit: '1', of: [level('postgresql.backends')], over: [level('postgresql.connection.max')] },
    { id: 'locksWaiting', unit: '{lock}', of: [level('sonde.postgresql.locks.waiting')] },
    { id: 'longestTransaction', unit: 's', of: [level('sonde.postgresql.transaction.longest')], combine: 'max' },
    { id: 'replicationLag', unit: 's', of: pgLag, combine: 'max' },
  ],
  charts: [
    {
      id: 'transactions',
      unit: '{transaction}/s',
      lines: [line('commits', rate('postgresql.commits')), line('rollbacks', rate('postgresql.rollbacks'))],
    },
    { id: 'sessions', unit: '{session}', stacked: true, lines: [linesBy('state', level('sonde.postgresql.sessions'))] },
    { id: 'hitRate', unit: '1', max: 1, lines: [{ name: 'hit rate', ...pgHitRate }] },
    pgLocks,
    { id: 'waiting', unit: '{session}', lines: [linesBy('wait_event_type', level('sonde.postgresql.sessions.waiting'))] },
    {
      id: 'longest',
      unit: 's',
      lines: [
        { ...line('transaction', level('sonde.postgresql.transaction.longest')), combine: 'max' },
        { ...line('query', level('sonde.postgresql.query.longest')), combine: 'max' },
      ],
    },
    {
      id: 'rows',
      unit: '{row}/s',
      lines: [
        line('fetched', rate('postgresql.tup_fetched')),
        line('inserted', rate('postgresql.tup_inserted')),
        line('updated', rate('postgresql.tup_updated')),
        line('deleted', rate('postgresql.tup_deleted')),
      ],
    },
    { id: 'temporary', unit: 'By/s', lines: [line('written', rate('postgresql.temp.io'))] },
    { id: 'deadlocks', unit: '{deadlock}/s', lines: [line('deadlocks', rate('postgresql.deadlocks'))] },
    { id: 'checkpoints', unit: '{checkpoint}/s', lines: [linesBy('type', rate('postgresql.bgwriter.checkpoint.count'))] },
    {
      id: 'replicationLag',
      unit: 's',
      lines: [
        { ...line('behind its primary', level('sonde.postgresql.replication.lag')), combine: 'max' },
        {
          ...linesBy('replication_client', level('postgresql.wal.delay', { operation: 'replay' })),
          combine: 'max',
        },
      ],
    },
    { id: 'size', unit: 'By', stacked: true, lines: [linesBy('db.namespace', level('postgresql.db_size'))] },
  ],
  tables: [
    serverStatements,
    {
      id: 'databases',
      by: ['db.namespace'],
      columns: [
        { id: 'transactions', unit: '{transaction}/s', of: pgTransactions },
        { id: 'rolledBack', unit: '1', of: [rate('postgresql.rollbacks')], over: pgTransactions },
        { id: 'connections', unit: '{connection}', of: [level('postgresql.backends')] },
        { id: 'hitRate', ...pgHitRate },
        { id: 'size', unit: 'By', of: [level('postgresql.db_size')] },
      ],
    },
  ],
};

/** Reads that had to go to disk, of all that were asked of the buffer pool. */
const innodbHitRate = {
  unit: '1',
  of: [rate('mysql.buffer_pool.operations', { operation: 'reads' })],
  over: [rate('mysql.buffer_pool.operations', { operation: 'read_requests' })],
  complement: true,
} as const;
const mysqlConnected = level('mysql.threads', { kind: 'connected' });

export const mysql: KindPage = {
  kind: 'mysql',
  figures: [
    { id: 'queries', unit: '{query}/s', of: [rate('mysql.query.client.count')] },
    { id: 'hitRate', ...innodbHitRate },
    { id: 'connections', unit: '{connection}', of: [mysqlConnected] },
    { id: 'connectionsUsed', unit: '1', of: [mysqlConnected], over: [level('sonde.mysql.connection.max')] },
    { id: 'locksWaiting', unit: '{lock}', of: [level('sonde.mysql.row_locks.waiting')] },
    { id: 'slowQueries', unit: '{query}/s', of: [rate('mysql.query.slow.count')] },
    { id: 'replicationLag', unit: 's', of: [level('mysql.replica.time_behind_source')], combine: 'max' },
  ],
  charts: [
    { id: 'queries', unit: '{query}/s', lines: [linesBy('command', rate('mysql.commands'))] },
    {
      id: 'connections',
      unit: '{connection}',
      lines: [line('connected', mysqlConnected), line('running', level('mysql.threads', { kind: 'running' }))],
    },
    { id: 'hitRate', unit: '1', max: 1, lines: [{ name: 'hit rate', ...innodbHitRate }] },
    { id: 'slowQueries', unit: '{query}/s', lines: [line('slow', rate('mysql.query.slow.count'))] },
    {
      id: 'locks',
      unit: '{lock}/s',
      lines: [
        line('row lock waits', rate('mysql.row_locks', { kind: 'waits' })),
        line('table lock waits', rate('mysql.locks', { kind: 'waited' })),
        line('deadlocks', rate('sonde.mysql.deadlocks')),
      ],
    },
    {
      id: 'lockWait',
      unit: 's',
      lines: [
        {
          ...line('mean', rate('mysql.row_locks', { kind: 'time' })),
          over: [rate('mysql.row_locks', { kind: 'waits' })],
          scale: 1e-3,
        },
      ],
    },
    { id: 'rows', unit: '{row}/s', lines: [linesBy('operation', rate('mysql.row_operations'))] },
    { id: 'bufferPool', unit: 'By', stacked: true, lines: [linesBy('status', level('mysql.buffer_pool.usage'))] },
    { id: 'temporary', unit: '{table}/s', lines: [linesBy('resource', rate('mysql.tmp_resources'))] },
    { id: 'network', unit: 'By/s', lines: [linesBy('kind', rate('mysql.client.network.io'))] },
    { id: 'connectionErrors', unit: '{error}/s', lines: [linesBy('error', rate('mysql.connection.errors'))] },
    {
      id: 'replicationLag',
      unit: 's',
      lines: [{ ...line('behind its source', level('mysql.replica.time_behind_source')), combine: 'max' }],
    },
  ],
  tables: [serverStatements],
};

const mongoHits = rate('mongodb.cache.operations', { type: 'hit' });

export const mongodb: KindPage = {
  kind: 'mongodb',
  figures: [
    { id: 'operations', unit: ops, of: [rate('mongodb.operation.count')] },
    { id: 'hitRate', unit: '1', of: [mongoHits], over: [rate('mongodb.cache.operations')] },
    { id: 'connections', unit: '{connection}', of: [level('mongodb.connection.count', { type: 'current' })] },
    { id: 'memory', unit: 'By', of: [level('mongodb.memory.usage', { type: 'resident' })] },
    { id: 'queued', unit: '{operation}', of: [level('sonde.mongodb.queue')] },
    { id: 'replicationLag', unit: 's', of: [level('sonde.mongodb.replication.lag')], combine: 'max' },
  ],
  charts: [
    { id: 'operations', unit: ops, lines: [linesBy('operation', rate('mongodb.operation.count'))] },
    {
      id: 'connections',
      unit: '{connection}',
      lines: ['current', 'active'].map((type) => line(type, level('mongodb.connection.count', { type }))),
    },
    {
      id: 'timePerOperation',
      unit: 's',
      lines: [{ ...linesBy('operation', rate('sonde.mongodb.operation.time')), over: [rate('sonde.mongodb.operation.timed')] }],
    },
    {
      id: 'hitRate',
      unit: '1',
      max: 1,
      lines: [{ name: 'hit rate', of: [mongoHits], over: [rate('mongodb.cache.operations')] }],
    },
    { id: 'queued', unit: '{operation}', lines: [linesBy('operation', level('sonde.mongodb.queue'))] },
    {
      id: 'cache',
      unit: 'By',
      lines: ['used', 'dirty', 'limit'].map((part) => line(part, level(`sonde.mongodb.cache.${part}`))),
    },
    {
      id: 'replicationLag',
      unit: 's',
      lines: [{ ...line('worst replica', level('sonde.mongodb.replication.lag')), combine: 'max' }],
    },
    { id: 'documents', unit: '{document}/s', lines: [linesBy('operation', rate('mongodb.document.operation.count'))] },
    { id: 'memory', unit: 'By', lines: [linesBy('type', level('mongodb.memory.usage'))] },
    {
      id: 'network',
      unit: 'By/s',
      lines: [line('receive', rate('mongodb.network.io.receive')), line('transmit', rate('mongodb.network.io.transmit'))],
    },
    { id: 'size', unit: 'By', stacked: true, lines: [linesBy('db.namespace', level('mongodb.storage.size'))] },
  ],
  tables: [],
};
