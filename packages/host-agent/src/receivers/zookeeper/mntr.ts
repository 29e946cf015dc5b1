import { type Metric } from '../../metric.ts';
import { metricsOf, type MetricLine, numberOf } from '../metric-table.ts';

/** Names, units and types of OpenTelemetry's zookeeperreceiver, and the key of `mntr`. */
const lines: readonly MetricLine[] = [
  ['zookeeper.connection.active', '{connections}', 'level', 'zk_num_alive_connections'],
  ['zookeeper.data_tree.ephemeral_node.count', '{nodes}', 'level', 'zk_ephemerals_count'],
  ['zookeeper.data_tree.size', 'By', 'level', 'zk_approximate_data_size'],
  ['zookeeper.file_descriptor.limit', '{file_descriptors}', 'gauge', 'zk_max_file_descriptor_count', { number: 'int' }],
  ['zookeeper.file_descriptor.open', '{file_descriptors}', 'level', 'zk_open_file_descriptor_count'],
  ['zookeeper.follower.count', '{followers}', 'level', 'zk_synced_followers', { attributes: { state: 'synced' } }],
  ['zookeeper.follower.count', '{followers}', 'level', 'unsynced_followers', { attributes: { state: 'unsynced' } }],
  ['zookeeper.fsync.exceeded_threshold.count', '{events}', 'counter', 'zk_fsync_threshold_exceed_count'],
  ['zookeeper.latency.avg', 'ms', 'gauge', 'zk_avg_latency', { number: 'int' }],
  ['zookeeper.latency.max', 'ms', 'gauge', 'zk_max_latency', { number: 'int' }],
  ['zookeeper.latency.min', 'ms', 'gauge', 'zk_min_latency', { number: 'int' }],
  ['zookeeper.packet.count', '{packets}', 'counter', 'zk_packets_received', { attributes: { direction: 'received' } }],
  ['zookeeper.packet.count', '{packets}', 'counter', 'zk_packets_sent', { attributes: { direction: 'sent' } }],
  ['zookeeper.request.active', '{requests}', 'level', 'zk_outstanding_requests'],
  ['zookeeper.sync.pending', '{syncs}', 'level', 'zk_pending_syncs'],
  ['zookeeper.watch.count', '{watches}', 'level', 'zk_watch_count'],
  ['zookeeper.znode.count', '{znodes}', 'level', 'zk_znode_count'],
];

/** `key<tab>value` lines. Nothing where it is something else, an error in words for one. */
export function parseMntr(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const [key = '', value] = line.split('\t', 2);
    return value === undefined || !key.startsWith('zk_') ? [] : [[key, value.trim()]];
  });
  return pairs.length === 0 ? undefined : new Map(pairs);
}

export function mntrMetrics(mntr: ReadonlyMap<string, string>): Metric[] {
  const followers = numberOf(mntr.get('zk_followers'));
  const synced = numberOf(mntr.get('zk_synced_followers'));
  const unsynced = followers === undefined || synced === undefined ? undefined : Math.max(0, followers - synced);
  return metricsOf(lines, [{ values: { ...Object.fromEntries(mntr), unsynced_followers: unsynced } }]);
}
