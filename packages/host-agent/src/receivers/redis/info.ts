import { type Metric, point } from '../../metric.ts';

/** INFO as a map: `key:value` lines; the heads of its sections begin with `#`. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
  return new Map(pairs);
}

type Row = readonly [name: string, unit: string, type: Metric['type'], key: string, number?: Metric['number']];

/** Names, units and types of OpenTelemetry's redisreceiver, and the key of INFO. */
const rows: readonly Row[] = [
  ['redis.uptime', 's', 'counter', 'uptime_in_seconds', 'int'],
  ['redis.clients.connected', '{client}', 'level', 'connected_clients'],
  ['redis.clients.blocked', '{client}', 'level', 'blocked_clients'],
  ['redis.clients.max_input_buffer', 'By', 'gauge', 'client_recent_max_input_buffer', 'int'],
  ['redis.clients.max_output_buffer', 'By', 'gauge', 'client_recent_max_output_buffer', 'int'],
  ['redis.memory.used', 'By', 'gauge', 'used_memory', 'int'],
  ['redis.memory.peak', 'By', 'gauge', 'used_memory_peak', 'int'],
  ['redis.memory.rss', 'By', 'gauge', 'used_memory_rss', 'int'],
  ['redis.memory.lua', 'By', 'gauge', 'used_memory_lua', 'int'],
  ['redis.memory.fragmentation_ratio', '1', 'gauge', 'mem_fragmentation_ratio'],
  ['redis.maxmemory', 'By', 'gauge', 'maxmemory', 'int'],
  ['redis.rdb.changes_since_last_save', '{change}', 'level', 'rdb_changes_since_last_save'],
  ['redis.commands', '{ops}/s', 'gauge', 'instantaneous_ops_per_sec', 'int'],
  ['redis.commands.processed', '{command}', 'counter', 'total_commands_processed'],
  ['redis.connections.received', '{connection}', 'counter', 'total_connections_received'],
  ['redis.connections.rejected', '{connection}', 'counter', 'rejected_connections'],
  ['redis.keys.expired', '{event}', 'counter', 'expired_keys'],
  ['redis.keys.evicted', '{key}', 'counter', 'evicted_keys'],
  ['redis.keyspace.hits', '{hit}', 'counter', 'keyspace_hits'],
  ['redis.keyspace.misses', '{miss}', 'counter', 'keyspace_misses'],
  ['redis.net.input', 'By', 'counter', 'total_net_input_bytes'],
  ['redis.net.output', 'By', 'counter', 'total_net_output_bytes'],
  ['redis.latest_fork', 'us', 'gauge', 'latest_fork_usec', 'int'],
  ['redis.slaves.connected', '{replica}', 'level', 'connected_slaves'],
  ['redis.replication.offset', 'By', 'gauge', 'master_repl_offset', 'int'],
  ['redis.replication.backlog_first_byte_offset', 'By', 'gauge', 'repl_backlog_first_byte_offset', 'int'],
  ['redis.replication.replica_offset', 'By', 'gauge', 'slave_repl_offset', 'int'],
];

const cpuStates = ['sys', 'sys_children', 'sys_main_thread', 'user', 'user_children', 'user_main_thread'];

/** A server has hundreds of commands at most; a client cannot make up more. */
const commandsMax = 500;

export function infoMetrics(info: ReadonlyMap<string, string>): Metric[] {
  const single = rows.flatMap(([name, unit, type, key, number]): Metric[] => {
    const value = numberIn(info.get(key));
    return value === undefined
      ? []
      : [{ name, unit, type, ...(number === undefined ? {} : { number }), points: [point(value)] }];
  });
  return [...single, cpuMetric(info), ...databaseMetrics(info), ...commandMetrics(info), ...replicationMetrics(info)];
}

function cpuMetric(info: ReadonlyMap<string, string>): Metric {
  const points = cpuStates.flatMap((state) => {
    const seconds = numberIn(info.get(`used_cpu_${state}`));
    return seconds === undefined ? [] : [point(seconds, { state })];
  });
  return { name: 'redis.cpu.time', unit: 's', type: 'counter', points };
}

/** `db0:keys=1,expires=0,avg_ttl=0` */
function databaseMetrics(info: ReadonlyMap<string, string>): Metric[] {
  const databases = [...info]
    .filter(([key]) => /^db\d+$/.test(key))
    .map(([db, text]) => ({ db: db.slice(2), values: pairsOf(text) }));
  const gauge = (name: string, unit: string, key: string): Metric => ({
    name,
    unit,
    type: 'gauge',
    number: 'int',
    points: databases.flatMap(({ db, values }) => {
      const value = numberIn(values.get(key));
      return value === undefined ? [] : [point(value, { db })];
    }),
  });
  return [
    gauge('redis.db.keys', '{key}', 'keys'),
    gauge('redis.db.expires', '{key}', 'expires'),
    gauge('redis.db.avg_ttl', 'ms', 'avg_ttl'),
  ];
}

/** `cmdstat_config|set:calls=2,usec=11,…` */
function commandMetrics(info: ReadonlyMap<string, string>): Metric[] {
  const commands = [...info]
    .filter(([key]) => key.startsWith('cmdstat_'))
    .slice(0, commandsMax)
    .map(([key, text]) => ({ cmd: key.slice('cmdstat_'.length), values: pairsOf(text) }));
  const counter = (name: string, unit: string, key: string): Metric => ({
    name,
    unit,
    type: 'counter',
    points: commands.flatMap(({ cmd, values }) => {
      const value = numberIn(values.get(key));
      return value === undefined ? [] : [point(value, { cmd })];
    }),
  });
  return [counter('redis.cmd.calls', '{call}', 'calls'), counter('redis.cmd.usec', 'us', 'usec')];
}

/** `slave0:ip=127.0.0.1,port=6380,state=online,offset=14,lag=1`; a replica says `master_link_status`. */
function replicationMetrics(info: ReadonlyMap<string, string>): Metric[] {
  const role = info.get('role') === 'slave' ? 'replica' : 'primary';
  const replicas = [...info].filter(([key]) => /^slave\d+$/.test(key)).map(([, text]) => pairsOf(text));
  const link = info.get('master_link_status');
  return [
    { name: 'redis.role', unit: '{role}', type: 'level', points: [point(1, { role })] },
    {
      name: 'sonde.redis.replication.lag',
      unit: 's',
      type: 'gauge',
      points: replicas.flatMap((replica) => {
        const lag = numberIn(replica.get('lag'));
        return lag === undefined ? [] : [point(lag, { replica: `${replica.get('ip') ?? ''}:${replica.get('port') ?? ''}` })];
      }),
    },
    {
      name: 'sonde.redis.replication.link_up',
      unit: '1',
      type: 'gauge',
      number: 'int',
      points: link === undefined ? [] : [point(link === 'up' ? 1 : 0)],
    },
  ];
}

function pairsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((pair): [string, string] => {
      const [key = '', value = ''] = pair.split('=', 2);
      return [key, value];
    }),
  );
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined || !/^-?\d+(?:\.\d+)?$/.test(text) ? undefined : Number(text);
}
