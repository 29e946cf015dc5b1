import { expect, test } from 'vitest';
import { mntrMetrics, parseMntr } from './mntr.ts';

// Captured from ZooKeeper 3.8.0, shortened; what only a leader says is from its documentation.
const leader = `zk_version\t3.8.0-\${mvngit.commit.id}, built on 2024-12-29 17:54 UTC
zk_server_state\tleader
zk_num_alive_connections\t1
zk_avg_latency\t0.5
zk_packets_sent\t1
zk_packets_received\t2
zk_max_response\t-1
zk_followers\t3
zk_synced_followers\t2
zk_pending_syncs\t0
`;

test('a leader', () => {
  const lines = mntrMetrics(parseMntr(leader) ?? new Map()).flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );
  expect(lines).toEqual([
    'zookeeper.connection.active: 1',
    'zookeeper.follower.count synced: 2',
    'zookeeper.follower.count unsynced: 1',
    'zookeeper.latency.avg: 0.5',
    'zookeeper.packet.count received: 2',
    'zookeeper.packet.count sent: 1',
    'zookeeper.sync.pending: 0',
  ]);
});

test.each([['mntr is not executed because it is not in the whitelist.\n'], [''], ['HTTP/1.1 400 Bad Request\r\n\r\n']])(
  '%o is not an answer',
  (text) => expect(parseMntr(text)).toBeUndefined(),
);
