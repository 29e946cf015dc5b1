/**
 * The statements of maintenance for a cluster, as on-cluster.ts has those of the schema. What deletes does so in the `_local` tables, on
 * every shard; what it reads to know what goes are the tables of all shards. A statement of another shape is an error.
 */
import { isClusterName } from '../engine/settings.ts';
import { local, unknown } from './on-cluster.ts';

/** What stands for the same statement on every server. `database`: the one that the statement names none of. */
export function maintenanceOnCluster(statement: string, cluster: string, database: string): string {
  if (!isClusterName(cluster)) throw new Error(`Not the name of a cluster: ${JSON.stringify(cluster)}`);
  const on = `ON CLUSTER '${cluster}'`;
  const sql = statement.trim();
  // Rows are written through the Distributed table, which knows the cluster.
  if (/^INSERT INTO \w+\b/.test(sql)) return sql;
  const [, kind = '', table = '', rest = ''] =
    /^(ALTER TABLE|DELETE FROM|TRUNCATE TABLE|SYSTEM SYNC REPLICA|KILL MUTATION WHERE) (\w+)\b([^]*)$/.exec(sql) ?? [];
  switch (kind) {
    case 'ALTER TABLE':
      if (!/^\s+(?:DROP PARTITION ID|DELETE IN PARTITION ID) /.test(rest)) throw unknown(sql);
      return `ALTER TABLE ${local(table)} ${on}${rest}`;
    case 'DELETE FROM':
      // As a mutation: one replica of each shard takes it, where each of them would begin a light deletion of its own.
      if (!/^\s+WHERE\s/.test(rest)) throw unknown(sql);
      return `ALTER TABLE ${local(table)} ${on} DELETE${rest}`;
    case 'TRUNCATE TABLE':
      if (rest !== '') throw unknown(sql);
      return `TRUNCATE TABLE ${local(table)} ${on}`;
    case 'SYSTEM SYNC REPLICA':
      // Of this statement and the next a server knows no database but its own default.
      if (rest !== '') throw unknown(sql);
      return `SYSTEM SYNC REPLICA ${on} ${database}.${local(table)}`;
    case 'KILL MUTATION WHERE':
      return `KILL MUTATION ${on} WHERE ${localNames(`${table}${rest}`).replaceAll('currentDatabase()', `'${database}'`)}`;
    default:
      throw unknown(sql);
  }
}

function localNames(condition: string): string {
  return condition.replaceAll(/\btable IN \(([^)]*)\)/g, (_, names: string) => {
    return `table IN (${names.replaceAll(/'(\w+)'/g, (__, name: string) => `'${local(name)}'`)})`;
  });
}
