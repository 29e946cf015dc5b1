/**
 * Tables of the system know one server; on a cluster a question asks others too. `one of each shard`: each row of the store once.
 * `all`: those of replicas too, and the question fails while one is away. `all that answer`: what is away is left out.
 */
export type Servers = 'one of each shard' | 'all' | 'all that answer';

/** The question to one server as one to a cluster, whose tables then have the names that they have on one server. */
export function acrossServers(sql: string, servers: Servers, cluster: string): string {
  const from = servers === 'one of each shard' ? 'cluster' : 'clusterAllReplicas';
  const settings = servers === 'all that answer' ? ' SETTINGS skip_unavailable_shards = 1' : '';
  return sql.replaceAll(/\bFROM (system\.(\w+))/g, (_, table: string, name: string) => {
    const columns = ['parts', 'mutations'].includes(name) ? `* REPLACE (replaceRegexpOne(table, '_local$', '') AS table)` : '*';
    return `FROM (SELECT ${columns} FROM ${from}('${cluster}', ${table})${settings})`;
  });
}
