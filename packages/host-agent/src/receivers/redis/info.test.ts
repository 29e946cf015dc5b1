import { expect, test } from 'vitest';
import { infoMetrics, parseInfo } from './info.ts';

// Captured from Redis 7.0.15, shortened.
const primary = `# Server\r
redis_version:7.0.15\r
run_id:28adcccf8e53dc173574adb06d2d4efb2f7eb6fc\r
uptime_in_seconds:61\r
executable:/usr/bin/redis-server\r
\r
# Clients\r
connected_clients:2\r
blocked_clients:1\r
\r
# Memory\r
used_memory:966560\r
used_memory_human:943.91K\r
mem_fragmentation_ratio:13.74\r
\r
# Stats\r
total_commands_processed:3\r
instantaneous_ops_per_sec:1\r
keyspace_hits:7\r
keyspace_misses:5\r
\r
# Replication\r
role:master\r
connected_slaves:1\r
slave0:ip=127.0.0.1,port=6380,state=online,offset=14,lag=1\r
master_repl_offset:14\r
\r
# CPU\r
used_cpu_sys:0.000000\r
used_cpu_user:0.012495\r
\r
# Commandstats\r
cmdstat_config|set:calls=2,usec=11,usec_per_call=5.50,rejected_calls=0,failed_calls=0\r
\r
# Keyspace\r
db0:keys=10,expires=3,avg_ttl=4000\r
db12:keys=1,expires=0,avg_ttl=0\r
`;

const lines = (text: string): string[] =>
  infoMetrics(parseInfo(text)).flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );

test('a primary', () => {
  expect(lines(primary)).toEqual([
    'redis.uptime: 61',
    'redis.clients.connected: 2',
    'redis.clients.blocked: 1',
    'redis.memory.used: 966560',
    'redis.memory.fragmentation_ratio: 13.74',
    'redis.commands: 1',
    'redis.commands.processed: 3',
    'redis.keyspace.hits: 7',
    'redis.keyspace.misses: 5',
    'redis.slaves.connected: 1',
    'redis.replication.offset: 14',
    'redis.cpu.time sys: 0',
    'redis.cpu.time user: 0.012495',
    'redis.db.keys 0: 10',
    'redis.db.keys 12: 1',
    'redis.db.expires 0: 3',
    'redis.db.expires 12: 0',
    'redis.db.avg_ttl 0: 4000',
    'redis.db.avg_ttl 12: 0',
    'redis.cmd.calls config|set: 2',
    'redis.cmd.usec config|set: 11',
    'redis.role primary: 1',
    'sonde.redis.replication.lag 127.0.0.1:6380: 1',
  ]);
});

test('a replica whose primary is gone', () => {
  const replica = 'role:slave\r\nmaster_link_status:down\r\nslave_repl_offset:14\r\n';
  expect(lines(replica)).toEqual([
    'redis.replication.replica_offset: 14',
    'redis.role replica: 1',
    'sonde.redis.replication.link_up: 0',
  ]);
});
